"""The tables of datasets and items.

Each has team_id (PostHog's word for a project) first in its primary key and in each foreign key between them, so the
same schema runs sharded by project. Those foreign keys are composite, which Django cannot declare: see the migration.
`created_by_id` has no foreign key, since checking one locks the user's row at every write; users are never deleted.

Texts that are compared for equality have the collation "C", so that their indexes do not depend on the C library of the
PostgreSQL server.
"""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Cast
from uuid_utils.compat import uuid7

from database.fields import JSONTextField
from items.rows import OPEN_END

NO_LABELS = Cast(models.Value("{}"), ArrayField(models.TextField()))


class ProjectQuerySet(models.QuerySet[Any]):
    def in_project(self, project_id: int) -> Self:
        return self.filter(team_id=project_id)

    def live(self) -> Self:
        """Exclude soft-deleted rows; as in v1, a row whose `deleted` is null is live."""
        return self.filter(models.Q(deleted=False) | models.Q(deleted__isnull=True))


# --- Current datasets and items


class Dataset(models.Model):
    """A dataset's own fields. `version` is its ETag; revisions count writes of its items, in its head.

    labels  the `tags` of PostHog's later API; our tags are names of revisions (DatasetTag)
    """

    pk = models.CompositePrimaryKey("team_id", "id")
    team_id = models.BigIntegerField()
    id = models.UUIDField(default=uuid7, editable=False)
    name = models.CharField(max_length=400)
    description = models.TextField(null=True, blank=True)  # noqa: DJ001  null in v1
    metadata = JSONTextField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    deleted = models.BooleanField(null=True, blank=True, default=False)
    created_by_id = models.BigIntegerField(null=True)
    version = models.BigIntegerField(default=1)
    labels = ArrayField(models.TextField(db_collation="C"), default=list, db_default=NO_LABELS)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        db_table = "dataset"

    def __str__(self) -> str:
        return self.name


class DatasetHead(models.Model):
    """A dataset's revision and number of live items, updated by each write of its items; 0 for a new dataset.

    A narrow table of its own: dead versions of the updated row pile up while a snapshot is held.
    changed_at      when the revision was made; rises strictly, so that a time names one revision
    touch_count     writes that changed only an item's updated_at, and so made no revision
    schema_version  of the schemas that items must fit; 0 if there never were any
    """

    pk = models.CompositePrimaryKey("team_id", "dataset_id")
    team_id = models.BigIntegerField()
    dataset_id = models.UUIDField()
    revision = models.BigIntegerField(default=0)
    item_count = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField()
    touch_count = models.BigIntegerField(default=0)
    schema_version = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "dataset_head"

    def __str__(self) -> str:
        return f"{self.dataset_id} at {self.revision}"


class ProjectHead(models.Model):
    """The number of a project's datasets, updated by each write that makes one, archives one or deletes one.

    A project without a row has no dataset yet. The row is locked last and briefly: a fork counts when its items are
    copied.
    """

    team_id = models.BigIntegerField(primary_key=True)
    dataset_count = models.BigIntegerField(default=0)
    archived_dataset_count = models.BigIntegerField(default=0)

    class Meta:
        db_table = "project_head"

    def __str__(self) -> str:
        return f"project {self.team_id}"


class DatasetItem(models.Model):
    """The current state of an item. `revision` is the dataset's revision that wrote this version."""

    pk = models.CompositePrimaryKey("team_id", "id")
    team_id = models.BigIntegerField()
    id = models.UUIDField(default=uuid7, editable=False)
    dataset_id = models.UUIDField()
    input = JSONTextField(null=True, blank=True)
    output = JSONTextField(null=True, blank=True)
    metadata = JSONTextField(null=True, blank=True)
    ref_trace_id = models.CharField(max_length=255, null=True, blank=True, db_collation="C")  # noqa: DJ001  null in v1
    ref_timestamp = models.DateTimeField(null=True, blank=True)
    ref_source_id = models.CharField(max_length=255, null=True, blank=True, db_collation="C")  # noqa: DJ001  null in v1
    deleted = models.BooleanField(null=True, blank=True, default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    version = models.BigIntegerField(default=1)
    revision = models.BigIntegerField(default=1)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        db_table = "dataset_item"

    def __str__(self) -> str:
        return str(self.id)


class ItemSource(models.Model):
    """Fields of PostHog's later API that are set when an item is created, and never change.

    client_item_id  the client's own id for the item, unique in its dataset
    source_output   the value that the traced call returned
    """

    pk = models.CompositePrimaryKey("team_id", "item_id")
    team_id = models.BigIntegerField()
    item_id = models.UUIDField()
    dataset_id = models.UUIDField()
    client_item_id = models.CharField(max_length=255, null=True, db_collation="C")  # noqa: DJ001  null there
    source_output = JSONTextField(null=True)

    class Meta:
        db_table = "item_source"
        constraints = [
            models.UniqueConstraint(fields=["team_id", "dataset_id", "client_item_id"], name="unique_client_item_id")
        ]

    def __str__(self) -> str:
        return f"source of {self.item_id}"


# --- History. The statement that makes a change writes these rows; only valid_to is ever updated, and erasure empties
# the content of versions.


class ChangeLogEntry(models.Model):
    """One effect of one revision on one item.

    The first entry of a revision (position 0) also has the revision's user, time, number of live items, and numbers of
    items created, updated, archived and restored; `message` is the client's comment.
    """

    class Operation(models.TextChoices):
        CREATED = "created"
        UPDATED = "updated"
        ARCHIVED = "archived"
        RESTORED = "restored"
        MOVED_IN = "moved_in"
        MOVED_OUT = "moved_out"
        ERASED = "erased"

    pk = models.CompositePrimaryKey("team_id", "dataset_id", "revision", "position")
    team_id = models.BigIntegerField()
    dataset_id = models.UUIDField()
    revision = models.BigIntegerField()
    position = models.IntegerField(default=0)
    operation = models.CharField(max_length=20, choices=Operation.choices, db_collation="C")
    item_id = models.UUIDField()
    version = models.BigIntegerField()
    # The fields below are set only at position 0.
    created_at = models.DateTimeField(null=True)
    created_by_id = models.BigIntegerField(null=True)
    item_count = models.BigIntegerField(null=True)
    created = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    archived = models.IntegerField(default=0)
    restored = models.IntegerField(default=0)
    message = models.TextField(null=True)  # noqa: DJ001  no message is not an empty one

    class Meta:
        db_table = "dataset_change"

    def __str__(self) -> str:
        return f"{self.operation} at {self.revision}"


class ItemVersion(models.Model):
    """A superseded version of an item: its former row. The current version is in dataset_item."""

    pk = models.CompositePrimaryKey("team_id", "id", "version")
    team_id = models.BigIntegerField()
    id = models.UUIDField()
    version = models.BigIntegerField()
    dataset_id = models.UUIDField()
    input = JSONTextField(null=True)
    output = JSONTextField(null=True)
    metadata = JSONTextField(null=True)
    ref_trace_id = models.CharField(max_length=255, null=True, db_collation="C")  # noqa: DJ001  null in v1
    ref_timestamp = models.DateTimeField(null=True)
    ref_source_id = models.CharField(max_length=255, null=True, db_collation="C")  # noqa: DJ001  null in v1
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
    """The range of a dataset's revisions, excluding valid_to, that list a version of an item.

    The versions of all items are in the list's order, so a past list is one index scan, whatever was written since.
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
    """The item version that a forked item was copied from."""

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
    name = models.CharField(max_length=64, db_collation="C")
    revision = models.BigIntegerField()
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "dataset_tag"

    def __str__(self) -> str:
        return self.name


class Erasure(models.Model):
    """An erasure of an item, at the revision that records it, or of a whole dataset (item_id is null).

    It outlives what was erased, so it refers only to the project. `versions` counts the versions that were erased.
    """

    pk = models.CompositePrimaryKey("team_id", "id")
    team_id = models.BigIntegerField()
    id = models.UUIDField(default=uuid7, editable=False)
    dataset_id = models.UUIDField()
    item_id = models.UUIDField(null=True)
    revision = models.BigIntegerField(null=True)
    versions = models.IntegerField()
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "dataset_erasure"

    def __str__(self) -> str:
        return f"erasure of {self.item_id or self.dataset_id}"


# --- Made of items, and voided by their erasure


class ItemHash(models.Model):
    """The SHA-256 of a version's content in canonical form, made when a digest first needs it."""

    pk = models.CompositePrimaryKey("team_id", "item_id", "version")
    team_id = models.BigIntegerField()
    item_id = models.UUIDField()
    version = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "item_hash"

    def __str__(self) -> str:
        return f"hash of {self.item_id} version {self.version}"


class DatasetDigest(models.Model):
    """The digest of a revision, of whose items `erased_count` had lost their content when it was made."""

    pk = models.CompositePrimaryKey("team_id", "dataset_id", "revision")
    team_id = models.BigIntegerField()
    dataset_id = models.UUIDField()
    revision = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)
    erased_count = models.BigIntegerField(default=0)

    class Meta:
        db_table = "dataset_digest"

    def __str__(self) -> str:
        return f"digest of {self.dataset_id} at {self.revision}"


# --- Other tables


class DatasetSchema(models.Model):
    """A version of a dataset's JSON Schemas, stored while the dataset was at `revision`. It is never updated.

    The dataset's head names the version in force. A version without any schema means that they were removed.
    """

    class Enforce(models.TextChoices):
        ALL = "all"
        NEW = "new"

    pk = models.CompositePrimaryKey("team_id", "dataset_id", "version")
    team_id = models.BigIntegerField()
    dataset_id = models.UUIDField()
    version = models.IntegerField()
    revision = models.BigIntegerField()
    input = JSONTextField(null=True)
    output = JSONTextField(null=True)
    metadata = JSONTextField(null=True)
    enforce = models.CharField(max_length=3, choices=Enforce.choices, db_collation="C")
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "dataset_schema"

    def __str__(self) -> str:
        return f"version {self.version} of {self.dataset_id}"


class IdempotencyRecord(models.Model):
    """The response to a request with an Idempotency-Key, stored in the transaction of its write."""

    pk = models.CompositePrimaryKey("team_id", "user_id", "key")
    team_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    key = models.CharField(max_length=255, db_collation="C")
    # SHA-256 of the method, path, query and body.
    fingerprint = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    status = models.SmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(null=True)

    class Meta:
        db_table = "idempotency_record"

    def __str__(self) -> str:
        return self.key
