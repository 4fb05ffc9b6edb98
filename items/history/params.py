"""Parse ?revision=, ?as_of= and ?version=, which ask for a past state. An empty parameter is ignored."""

from uuid import UUID

from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from items.history.snapshots import (
    EMPTY_SNAPSHOT,
    REVISION_NUMBER,
    InvalidRevision,
    RevisionNotFound,
    Snapshot,
    parse_number,
    resolve_revision,
    resolve_time,
)
from items.queries import ProjectItems
from items.query_params import parse_time


def asks_for_snapshot(request: Request) -> bool:
    return bool(request.query_params.get("revision") or request.query_params.get("as_of"))


def snapshot_from_query(request: Request, items: ProjectItems, dataset_id: UUID | None) -> Snapshot | None:
    """Return the requested revision of a dataset, by number, tag or time, or None without such a parameter.

    Raises DatasetNotFound, NotFound and ValidationError.
    """
    if not asks_for_snapshot(request):
        return None
    revision, as_of = request.query_params.get("revision"), request.query_params.get("as_of")
    if revision and as_of:
        raise ValidationError({"as_of": ["Give revision or as_of, not both."]}, code="invalid")
    if dataset_id is None:
        raise ValidationError({"dataset": ["This field is required."]}, code="required")
    if revision:
        return snapshot_or_400(items, dataset_id, revision)
    snapshot = resolve_time(items.project_id, dataset_id, parse_time("as_of", str(as_of)))
    if snapshot == EMPTY_SNAPSHOT:
        items.head(dataset_id)  # report an unknown dataset first
    return snapshot


def snapshot_or_400(items: ProjectItems, dataset_id: UUID, text: str, *, attr: str = "revision") -> Snapshot:
    """Resolve a revision's number, a tag or `latest`. Raises DatasetNotFound, NotFound and ValidationError."""
    try:
        return resolve_revision(items.project_id, dataset_id, text)
    except InvalidRevision:
        detail = "A revision is a number, or a tag of a-z, 0-9, '.', '_' and '-'."
        raise ValidationError({attr: [detail]}, code="invalid") from None
    except RevisionNotFound:
        items.head(dataset_id)  # report an unknown dataset first
        raise NotFound("Revision not found.") from None


def parse_whole_number(request: Request, name: str) -> int | None:
    """Return the number, or None if the parameter is missing or empty. Raises ValidationError."""
    text = request.query_params.get(name)
    if not text:
        return None
    if not REVISION_NUMBER.fullmatch(text):
        raise ValidationError({name: ["A valid integer is required."]}, code="invalid")
    return parse_number(text)


def version_from_query(request: Request) -> int | None:
    """Parse ?version=, which excludes ?revision= and ?as_of=. Raises ValidationError."""
    version = parse_whole_number(request, "version")
    if version is None:
        return None
    if asks_for_snapshot(request):
        raise ValidationError({"version": ["Give version, revision or as_of, not several."]}, code="invalid")
    return version
