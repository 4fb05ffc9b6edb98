"""What datasets and items were. Rows are written by the statement that makes the change, and never rewritten, but for
the one value that says until when a version was shown."""

from django.db import models

from database.fields import JSONTextField

# valid_to of a presence that has not ended.
OPEN_END = 2**63 - 1


class ChangeLogEntry(models.Model):
    """One effect of one revision. The first of a revision (position 0) also says who made it, when, and how much.

    item_id and version are null for a change of the dataset itself.
    """

    class Operation(models.TextChoices):
        CREATED = "created"
        UPDATED = "updated"
        ARCHIVED = "archived"
        RESTORED = "restored"
        MOVED_IN = "moved_in"
        MOVED_OUT = "moved_out"
        DATASET_CREATED = "dataset_created"
        DATASET_UPDATED = "dataset_updated"

    pk = models.CompositePrimaryKey("team_id", "dataset_id", "revision", "position")
    team_id = models.BigIntegerField()
    dataset_id = models.UUIDField()
    revision = models.BigIntegerField()
    position = models.IntegerField(default=0)
    operation = models.CharField(max_length=20, choices=Operation.choices)
    item_id = models.UUIDField(null=True)
    version = models.BigIntegerField(null=True)
    # From here on: of position 0 alone.
    created_at = models.DateTimeField(null=True)
    created_by_id = models.BigIntegerField(null=True)
    item_count = models.BigIntegerField(null=True)
    created = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    archived = models.IntegerField(default=0)
    restored = models.IntegerField(default=0)

    class Meta:
        db_table = "dataset_change"

    def __str__(self) -> str:
        return f"{self.operation} at {self.revision}"


class ItemVersion(models.Model):
    """A superseded version of an item: the item's row as it was. The present version is the row itself."""

    pk = models.CompositePrimaryKey("team_id", "id", "version")
    team_id = models.BigIntegerField()
    id = models.UUIDField()
    version = models.BigIntegerField()
    dataset_id = models.UUIDField()
    input = JSONTextField(null=True)
    output = JSONTextField(null=True)
    metadata = JSONTextField(null=True)
    ref_trace_id = models.CharField(max_length=255, null=True)  # noqa: DJ001  null in v1
    ref_timestamp = models.DateTimeField(null=True)
    ref_source_id = models.CharField(max_length=255, null=True)  # noqa: DJ001  null in v1
    deleted = models.BooleanField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    revision = models.BigIntegerField()

    class Meta:
        db_table = "item_version"

    def __str__(self) -> str:
        return f"{self.id} version {self.version}"


class ItemValidity(models.Model):
    """From which revision of a dataset until which one (excluded) its list showed a version of an item.

    All versions of an item stand side by side in the list's order, so that a list as it was is one walk of one index,
    whatever has been written since.
    """

    pk = models.CompositePrimaryKey("team_id", "dataset_id", "item_id", "version")
    team_id = models.BigIntegerField()
    dataset_id = models.UUIDField()
    created_at = models.DateTimeField()
    item_id = models.UUIDField()
    version = models.BigIntegerField()
    valid_from = models.BigIntegerField()
    valid_to = models.BigIntegerField(default=OPEN_END)

    class Meta:
        db_table = "item_validity"

    def __str__(self) -> str:
        return f"{self.item_id} version {self.version} in {self.dataset_id}"


class ItemForkOrigin(models.Model):
    """Which version of which item a forked item was copied from."""

    pk = models.CompositePrimaryKey("team_id", "id")
    team_id = models.BigIntegerField()
    id = models.UUIDField()
    origin_dataset_id = models.UUIDField()
    origin_revision = models.BigIntegerField()
    origin_item_id = models.UUIDField()
    origin_version = models.BigIntegerField()

    class Meta:
        db_table = "item_fork_origin"

    def __str__(self) -> str:
        return f"{self.id} from {self.origin_item_id}"


class DatasetTag(models.Model):
    """A name for a revision."""

    pk = models.CompositePrimaryKey("team_id", "dataset_id", "name")
    team_id = models.BigIntegerField()
    dataset_id = models.UUIDField()
    name = models.CharField(max_length=64)
    revision = models.BigIntegerField()

    class Meta:
        db_table = "dataset_tag"

    def __str__(self) -> str:
        return self.name
