"""The list of a project's datasets: parse its parameters beyond v1 and fetch a page."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any, NamedTuple, Self

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.expressions import Combinable
from rest_framework import serializers

from items import query_params
from items.models import DatasetHead, ProjectHead
from items.search.conditions import DELETED, DeletedFilter, parse_deleted_filter
from items.search.query import parse_field_names
from items.search.timeout import search_timeout
from items.serializers import DatasetSerializer
from rest.row_serializer import RowSerializer

NAME = "name"
# Filters on the rows themselves: all matching rows are read.
FILTERS = (NAME, "search", "id__in")
# Parameters that no index serves: all datasets of the project are read.
UNINDEXED = ("search", "order_by")


class DatasetWithHeadSerializer(DatasetSerializer):
    """A dataset with the fields that change with its items, which v1 lacks and only ?fields= returns."""

    item_count = serializers.IntegerField(read_only=True)
    revision = serializers.IntegerField(read_only=True)
    updated_revision_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta(DatasetSerializer.Meta):
        fields = [*DatasetSerializer.Meta.fields, "item_count", "revision", "updated_revision_at"]


HEAD_FIELDS = ("item_count", "revision", "updated_revision_at")
COLUMN_BY_FIELD = {name: str(field.source) for name, field in DatasetWithHeadSerializer().fields.items()}
V1_FIELDS = tuple(DatasetSerializer().fields)


@lru_cache(maxsize=100)
def row_serializer_for(fields: tuple[str, ...]) -> RowSerializer:
    return RowSerializer(DatasetWithHeadSerializer, tuple(COLUMN_BY_FIELD[name] for name in fields), names=fields)


class DatasetListQuery(NamedTuple):
    name: str = ""
    deleted_filter: DeletedFilter = DeletedFilter.LIVE
    fields: tuple[str, ...] = V1_FIELDS
    is_filtered: bool = False
    reads_all: bool = False

    @classmethod
    def parse(cls, parameters: Mapping[str, str]) -> Self:
        """Raises ValidationError."""
        return cls(
            query_params.parse_text(NAME, parameters.get(NAME, "")),
            parse_deleted_filter(parameters.get(DELETED)),
            parse_field_names(parameters.get("fields"), tuple(COLUMN_BY_FIELD), default=V1_FIELDS),
            any(parameters.get(name) for name in FILTERS),
            any(parameters.get(name) for name in UNINDEXED),
        )

    def narrow(self, datasets: Any) -> Any:
        """Apply ?name= and ?deleted= to the datasets of a project."""
        if self.name:
            datasets = datasets.filter(name=self.name)
        match self.deleted_filter:
            case DeletedFilter.LIVE:
                return datasets.live()
            case DeletedFilter.ARCHIVED:
                return datasets.filter(deleted=True)
            case DeletedFilter.ALL:
                return datasets

    @property
    def time_limit(self) -> AbstractContextManager[None]:
        """Limit the time of lists that no index serves, which read all datasets of the project."""
        if self.reads_all:
            return search_timeout("Search by id__in or by name.", "datasets")
        return nullcontext()

    def fetch(self, project_id: int, datasets: QuerySet[Any], *, limit: int, offset: int) -> tuple[int, list[Any]]:
        """Return the number of datasets and the rows of a page. Raises SearchTimeout."""
        columns = [COLUMN_BY_FIELD[name] for name in self.fields]
        heads = {name: head_value(name, project_id) for name in self.fields if name in HEAD_FIELDS}
        counted = datasets.annotate(**heads, total=self.count_expression(project_id)).values_list(*columns, "total")
        with self.time_limit:
            rows = list(counted[offset : offset + limit])
            count = rows[0][-1] if rows else self.count_datasets(project_id, datasets) if offset else 0
        return count, [row[:-1] for row in rows]

    def count_datasets(self, project_id: int, datasets: QuerySet[Any]) -> int:
        """Count for an empty page, which has no row to carry the count."""
        if self.is_filtered:
            return datasets.count()
        return self.stored_count(project_id).first() or 0

    def count_expression(self, project_id: int) -> Any:
        """Count with a window if the list is filtered, as all matches are read anyway."""
        return Window(Count("*")) if self.is_filtered else Subquery(self.stored_count(project_id))

    def stored_count(self, project_id: int) -> QuerySet[Any, Any]:
        archived, live = F("archived_dataset_count"), F("dataset_count")
        counts: dict[DeletedFilter, Combinable] = {
            DeletedFilter.LIVE: live,
            DeletedFilter.ARCHIVED: archived,
            DeletedFilter.ALL: live + archived,
        }
        return ProjectHead.objects.filter(team_id=project_id).values_list(counts[self.deleted_filter], flat=True)


def head_value(field: str, project_id: int) -> Subquery:
    """Select a field of the head. Naming the project's number lets a sharded database find the one shard."""
    head = DatasetHead.objects.filter(team_id=project_id, dataset_id=OuterRef("id"))
    if field == "updated_revision_at":
        return Subquery(head.filter(revision__gt=0).values("changed_at"))  # no write made revision 0
    return Subquery(head.values(field))
