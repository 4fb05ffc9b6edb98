"""Datasets and items as they are now.

Each table begins with team_id (PostHog's word for a project), in its primary key and in each foreign key between
them, so that the same schema runs sharded by project. Those foreign keys are composite, which Django cannot declare:
see migration 0001. `created_by_id` bears no foreign key, since checking one locks the user's row at every write; a user
is deactivated, not deleted.
"""

from typing import Any, Self

from django.db import models
from uuid_utils.compat import uuid7

from database.fields import JSONTextField


class ProjectQuerySet(models.QuerySet[Any]):
    def in_project(self, project_id: int) -> Self:
        return self.filter(team_id=project_id)

    def live(self) -> Self:
        """Without what is soft-deleted; as in v1, a row whose `deleted` is null is visible."""
        return self.filter(models.Q(deleted=False) | models.Q(deleted__isnull=True))


class Dataset(models.Model):
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

    objects = ProjectQuerySet.as_manager()

    class Meta:
        db_table = "dataset"

    def __str__(self) -> str:
        return self.name


class DatasetHead(models.Model):
    """A dataset's revision and its number of visible items, bumped by each write of it or its items.

    Narrow and apart from `Dataset`: dead versions of the bumped row pile up while some snapshot is held.
    changed_at      when the revision was made; it rises strictly, so that a time names one revision
    touch_count     writes that changed nothing but an item's updated_at, and so made no revision
    schema_version  of the schemas that items must fit; 0: there never were any
    """

    pk = models.CompositePrimaryKey("team_id", "dataset_id")
    team_id = models.BigIntegerField()
    dataset_id = models.UUIDField()
    revision = models.BigIntegerField(default=1)
    item_count = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField()
    touch_count = models.BigIntegerField(default=0)
    schema_version = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "dataset_head"

    def __str__(self) -> str:
        return f"{self.dataset_id} at {self.revision}"


class DatasetItem(models.Model):
    pk = models.CompositePrimaryKey("team_id", "id")
    team_id = models.BigIntegerField()
    id = models.UUIDField(default=uuid7, editable=False)
    dataset_id = models.UUIDField()
    input = JSONTextField(null=True, blank=True)
    output = JSONTextField(null=True, blank=True)
    metadata = JSONTextField(null=True, blank=True)
    ref_trace_id = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001  null in v1
    ref_timestamp = models.DateTimeField(null=True, blank=True)
    ref_source_id = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001  null in v1
    deleted = models.BooleanField(null=True, blank=True, default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    # The item's version, and the dataset's revision that wrote it.
    version = models.BigIntegerField(default=1)
    revision = models.BigIntegerField(default=1)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        db_table = "dataset_item"

    def __str__(self) -> str:
        return str(self.id)
