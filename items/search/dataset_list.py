"""The list of a project's datasets: parse its parameters beyond v1 and fetch a page."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache, reduce
from operator import add
from typing import Any, NamedTuple, Self

from django.db.models import BigIntegerField, Count, OuterRef, QuerySet, Subquery, Window
from django.db.models.expressions import RawSQL
from rest_framework import serializers

from database.query import Row
from database.sql import fragment
from items import query_params
from items.models import DatasetHead, ProjectHead
from items.page_bytes import BYTES, GUARDED, GUARDED_TEXT, fetch_bounded, measured
from items.search.conditions import DELETED, DeletedFilter, parse_deleted_filter
from items.search.query import parse_field_names
from items.search.timeout import search_timeout
from items.serializers import DatasetSerializer
from rest.row_serializer import RowSerializer

NAME = "name"
# Filters on the rows themselves: all matching rows are read.
FILTERS = (NAME, "search", "id__in")
# The columns of any length, which a page reads only up to its limit.
GUARDS = {"description": GUARDED_TEXT, "metadata": GUARDED}
# Withheld like a value, or null: a description may be empty, unlike a JSON text.
WITHHELD_DESCRIPTION = "CASE WHEN octet_length($column) > %(max_bytes)s THEN '' END"
# The count of an unfiltered list, which project_head has.
STORED_COUNTS = {
    DeletedFilter.LIVE: "dataset_count",
    DeletedFilter.ARCHIVED: "archived_dataset_count",
    DeletedFilter.ALL: "dataset_count + archived_dataset_count",
}
READ_COUNT = "SELECT $count FROM project_head WHERE team_id = %s"
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

    def fetch(self, project_id: int, datasets: QuerySet[Any], *, limit: int, offset: int) -> tuple[int, list[Row]]:
        """Return the number of datasets and the rows of a page. Raises SearchTimeout and PageTooLarge."""
        columns = self.columns
        heads = {name: head_value(name, project_id) for name in self.fields if name in HEAD_FIELDS}
        counted = heads | {"total": self.count_expression(project_id)}

        def fetch_rows(guards: dict[str, int]) -> list[Row]:
            guarded = {f"shown_{name}": column_sql(name, GUARDS[name], **guards) for name in GUARDS if name in columns}
            withheld = column_sql("description", WITHHELD_DESCRIPTION, **guards)
            shown = [f"shown_{name}" if name in GUARDS else name for name in columns]
            rows = datasets.annotate(**guarded, **counted, withheld=withheld).values_list(*shown, "withheld", "total")
            return list(rows[offset : offset + limit])

        def measure() -> list[int]:
            lengths = [column_sql(name, BYTES, output_field=BigIntegerField()) for name in GUARDS if name in columns]
            return measured(list(datasets.values_list(reduce(add, lengths))[offset : offset + limit]))

        with self.time_limit:
            rows = fetch_bounded(fetch_rows, measure, limit=limit, json_indexes=self.guarded_indexes)
            count = rows[0][-1] if rows else self.count_datasets(project_id, datasets) if offset else 0
        return count, [row[: len(columns)] for row in rows]

    @property
    def columns(self) -> list[str]:
        return [COLUMN_BY_FIELD[name] for name in self.fields]

    @property
    def guarded_indexes(self) -> list[int]:
        """The positions in a row that say whether a value was withheld."""
        positions = {name: index for index, name in enumerate(self.columns)} | {"description": len(self.columns)}
        return [positions[name] for name in GUARDS if name in self.columns]

    def count_datasets(self, project_id: int, datasets: QuerySet[Any]) -> int:
        """Count for an empty page, which has no row to carry the count."""
        if self.is_filtered:
            return datasets.count()
        heads = ProjectHead.objects.filter(team_id=project_id)
        return heads.values_list(raw_sql(self.stored_count), flat=True).first() or 0

    def count_expression(self, project_id: int) -> Any:
        """Count with a window if the list is filtered, as all matches are read anyway."""
        if self.is_filtered:
            return Window(Count("*"))
        return raw_sql(fragment(READ_COUNT, count=self.stored_count), project_id)

    @property
    def stored_count(self) -> str:
        return STORED_COUNTS[self.deleted_filter]


def column_sql(name: str, template: str, output_field: Any = None, **numbers: int) -> RawSQL:
    """Apply SQL with $column, and parameters that are numbers, to a column of the dataset."""
    return raw_sql(fragment(template, column=f"dataset.{name}") % numbers, output_field=output_field)


def raw_sql(constant: str, *values: Any, output_field: Any = None) -> RawSQL:
    """Django's expressions take a tenth of a list to build."""
    return RawSQL(constant, values, output_field)  # noqa: S611  all values are bound


def head_value(field: str, project_id: int) -> Subquery:
    """Select a field of the head. Naming the project's number lets a sharded database find the one shard."""
    head = DatasetHead.objects.filter(team_id=project_id, dataset_id=OuterRef("id"))
    if field == "updated_revision_at":
        return Subquery(head.filter(revision__gt=0).values("changed_at"))  # no write made revision 0
    return Subquery(head.values(field))
