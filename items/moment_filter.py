"""?revision=, ?as_of= and ?version=: which past state is asked for. An empty parameter asks for nothing."""

from uuid import UUID

from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from items.finding.values import time
from items.history.moments import BEFORE_ALL, MalformedRevision, Moment, UnknownRevision, find_moment, moment_at
from items.parameters import whole_number
from items.reads import ProjectItems


def is_moment_wanted(request: Request) -> bool:
    return bool(request.query_params.get("revision") or request.query_params.get("as_of"))


def wanted_moment(request: Request, items: ProjectItems, dataset_id: UUID | None) -> Moment | None:
    """A revision of one dataset, by number, tag or time; None without such a parameter. Raises UnknownDataset."""
    if not is_moment_wanted(request):
        return None
    revision, as_of = request.query_params.get("revision"), request.query_params.get("as_of")
    if revision and as_of:
        raise ValidationError({"as_of": ["Give revision or as_of, not both."]}, code="invalid")
    if dataset_id is None:
        raise ValidationError({"dataset": ["This field is required."]}, code="required")
    if revision:
        return moment_or_refusal(items, dataset_id, revision)
    moment = moment_at(items.project_id, dataset_id, time("as_of", str(as_of)))
    if moment == BEFORE_ALL:
        items.head(dataset_id)  # that the dataset is unknown comes first
    return moment


def moment_or_refusal(items: ProjectItems, dataset_id: UUID, text: str, *, attr: str = "revision") -> Moment:
    """Raises UnknownDataset, NotFound and ValidationError."""
    try:
        return find_moment(items.project_id, dataset_id, text)
    except MalformedRevision:
        detail = "A revision is a number, or a tag of a-z, 0-9, '.', '_' and '-'."
        raise ValidationError({attr: [detail]}, code="invalid") from None
    except UnknownRevision:
        items.head(dataset_id)  # that the dataset is unknown comes first
        raise NotFound("Revision not found.") from None


def wanted_version(request: Request) -> int | None:
    """?version=3. Raises ValidationError."""
    version = whole_number(request, "version")
    if version is None:
        return None
    if is_moment_wanted(request):
        raise ValidationError({"version": ["Give version, revision or as_of, not several."]}, code="invalid")
    return version
