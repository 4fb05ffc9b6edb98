"""Tools about whole datasets: find, describe, create, fork."""

from typing import Annotated, Any

from msgspec import Meta

from items.forks.views import ForkView
from items.history.tag_views import TagListView, TagView
from items.history.views import RevisionsView
from items.insights.views import StatsView
from items.validation.views import SchemasView
from mcp_api.failures import ToolFailure
from mcp_api.project_api import ProjectApi, undone_if
from mcp_api.results import NOTICE, fit, fit_values
from mcp_api.tools.lookup import DATASETS, find_dataset, find_dataset_id, list_datasets, read_id, read_rows
from mcp_api.tools.tool import Arguments, DatasetName, Revision, Tool, Where, WriteArguments

FORK, REVISIONS, SCHEMAS, STATS = (each.as_view() for each in (ForkView, RevisionsView, SchemasView, StatsView))
TAGS, TAG = TagListView.as_view(), TagView.as_view()

FIELDS = "id,name,description,item_count,revision,updated_revision_at"
SCHEMA_FIELDS = ("input", "output", "metadata")
MAX_LISTED = 10
MAX_KEYS = 20
MAX_KEY_CHARACTERS = 80


class FindDatasets(Arguments):
    search: Annotated[str | None, Meta(description="Text in name, description or metadata")] = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 20
    offset: Annotated[int, Meta(ge=0)] = 0


def find_datasets(api: ProjectApi, arguments: FindDatasets) -> dict[str, Any]:
    page = list_datasets(api, search=arguments.search, limit=arguments.limit, offset=arguments.offset, fields=FIELDS)
    count, rows = page.read("count"), read_rows(page)
    end = arguments.offset + len(rows)
    result = {"notice": NOTICE, "count": count, "next_offset": end if rows and end < count else None}
    return fit(result, "datasets", [({}, row) for row in rows])


class DescribeDataset(Arguments):
    dataset: DatasetName


def describe_dataset(api: ProjectApi, arguments: DescribeDataset) -> dict[str, Any]:
    values = find_dataset(api, arguments.dataset, fields=f"{FIELDS},metadata")
    found_id = read_id(values)
    schemas = api.get(SCHEMAS, id=found_id).members
    tags = api.get(TAGS, {"limit": MAX_LISTED}, id=found_id)
    revisions = api.get(REVISIONS, {"limit": MAX_LISTED}, id=found_id).read("results")
    result = {
        "notice": NOTICE,
        "tags": {each["name"]: each["revision"] for each in tags.read("results")},
        "tag_count": tags.read("count"),
        "latest_revisions": [describe_revision(each) for each in revisions],
        "keys": describe_keys(api, found_id),
        "console": api.console_url(found_id),
    }
    values |= {f"{name}_schema": schemas[name] for name in SCHEMA_FIELDS}
    return result | fit_values(values, beside=result)


def describe_revision(revision: dict[str, Any]) -> dict[str, Any]:
    names = ("revision", "created_at", "message", "created", "updated", "archived", "restored")
    return {name: revision[name] for name in names if revision[name]}


def describe_keys(api: ProjectApi, dataset_id: str) -> dict[str, Any]:
    """Return the most frequent keys of each field and how many items have them, or why they cannot be counted."""
    try:
        fields = api.get(STATS, id=dataset_id).read("fields")
    except ToolFailure as failure:
        return {"error": failure.error["code"]}
    return {
        name: {each["key"][:MAX_KEY_CHARACTERS]: each["count"] for each in field["keys"][:MAX_KEYS]} or field["types"]
        for name, field in fields.items()
    }


class CreateDataset(WriteArguments, kw_only=True):
    name: str
    description: str | None = None


def create_dataset(api: ProjectApi, arguments: CreateDataset) -> dict[str, Any]:
    body = {"name": arguments.name, "description": arguments.description}
    with undone_if(arguments.dry_run):
        created = api.send("POST", DATASETS, body, {"strict": "true"})
    return describe_new(api, created.read("id"), dry_run=arguments.dry_run)


class ForkDataset(WriteArguments, kw_only=True):
    dataset: DatasetName
    name: Annotated[str, Meta(description="Of the new dataset")]
    revision: Revision | None = None
    where: Where = {}
    tag: Annotated[str | None, Meta(description="Tags the new dataset's first revision")] = None


def fork_dataset(api: ProjectApi, arguments: ForkDataset) -> dict[str, Any]:
    source = find_dataset_id(api, arguments.dataset)
    body = {"name": arguments.name, "revision": arguments.revision, "filter": arguments.where or None}
    with undone_if(arguments.dry_run):
        new_id = api.send("POST", FORK, body, id=source).read("id")
        if arguments.tag is not None:
            api.send("PUT", TAG, {"revision": "latest"}, id=new_id, name=arguments.tag)
        counts: dict[str, int] = list_datasets(api, id__in=new_id, fields="item_count,revision").read("results")[0]
    return describe_new(api, new_id, dry_run=arguments.dry_run) | counts


def describe_new(api: ProjectApi, dataset_id: str, *, dry_run: bool) -> dict[str, Any]:
    return {"dry_run": True} if dry_run else {"id": dataset_id, "console": api.console_url(dataset_id)}


TOOLS = (
    Tool(
        name="find_datasets",
        description="List datasets, newest first.",
        arguments=FindDatasets,
        run=find_datasets,
        is_read_only=True,
    ),
    Tool(
        name="describe_dataset",
        description="Show a dataset's size, revision, tags, schemas, latest revisions and the keys in its items.",
        arguments=DescribeDataset,
        run=describe_dataset,
        is_read_only=True,
    ),
    Tool(name="create_dataset", description="Create an empty dataset.", arguments=CreateDataset, run=create_dataset),
    Tool(
        name="fork_dataset",
        description="Copy a dataset's items, all or some, to a new dataset.",
        arguments=ForkDataset,
        run=fork_dataset,
    ),
)
