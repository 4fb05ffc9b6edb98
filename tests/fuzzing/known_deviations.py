"""Findings of schemathesis that are the right behavior, each with its reason."""

import re
from typing import Any

from schemathesis import Case
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.mutations import Mutation
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CoverageScenario
from schemathesis.openapi.checks import RejectedPositiveData

# The schema says what a request looks like; whether what it asks for is there, and may be done now, only an answer
# says: 304, 404, 409, 412, and 422 for an Idempotency-Key that went with another request. And v1 lists DELETE of rows,
# and refuses it: 405.
URI_TOO_LONG = 414  # by the server, before there is an operation
RIGHT_BUT_NOT_DONE = {304, 404, 405, 409, 412, 422}
# Refusals that no schema of OpenAPI can express, by the parameter or field that they name.
BEYOND_SCHEMAS = {
    "name": "must not be blank, nor hold NUL, and v1's file does not say so",
    "label": "the same",
    "description": "must not hold NUL",
    "ref_trace_id": "must not hold NUL",
    "ref_source_id": "must not hold NUL",
    "search": "must not hold NUL",
    "input": "JSON that PostgreSQL cannot hold",
    "output": "the same",
    "metadata": "the same",
    "scopes": "their names are data",
    "scoped_teams": "must be the user's own",
    "scoped_organizations": "must be the user's own",
    "dataset": "must be there where a moment of the past is asked for",
    "version": "excludes revision and as_of",
    "revision": "excludes version and as_of, and must be there",
    "as_of": "excludes version and revision, and needs a year that a time zone leaves in range",
    "ref_timestamp": "the same range",
    "source_version": "must be there",
    "cursor": "made by the service alone, and excludes offset",
    "fields": "names of fields, separated by commas",
    "created_by": "an id or a uuid",
    "id__in": "ids, separated by commas",
    "metadata__contains": "JSON in a text",
    "input__contains": "JSON in a text",
    "output__contains": "JSON in a text",
    "deleted": "the past has no trash",
    "offset": "excludes cursor, and pages end somewhere",
    "strict": "refuses what the file does not name",
    "on": "names of fields, separated by commas",
    "ids": "excludes filter, and one of both must be there",
    "filter": "excludes ids, and has conditions of its own",
    "changes": "must be there, which the file does not say of any PATCH; a dataset in it must be there too",
    "match_on": "goes with on_conflict",
    "on_conflict": "goes with match_on",
    "items": "rows, each with all of the above",
    "Revision-Message": "at most 500 characters once RFC 8187 is undone, and ASCII",
    "reason": "must not hold NUL",
    "sample": "goes with seed",
    "seed": "goes with sample",
}
# The same, where an error names something else.
BEYOND_SCHEMAS_OF = {
    "/import/": "the body is a file, and the parameters must fit it",
    "/schemas/": "a field that has no schema is refused by its name",
}
LINES = {"application/x-ndjson", "application/jsonl"}
# Wrong values that are taken for none.
PASSED_OVER = {
    "limit": "v1 takes its default for one that is no number",
    "offset": "the same",
    "If-None-Match": "a read is never refused for what it need not look at",
}
# v1 stores the text of a number that is sent for one of these,
TEXTS = {"name", "label", "description", "ref_trace_id", "ref_source_id"}
# takes 1, 0, "yes", "off" and more for these,
FLAGS = {"deleted", "force"}
# null as one of the forms of these,
NULLABLE = {"revision", "ref_timestamp", "ref_trace_id", "ref_source_id"}
# and any JSON for these.
VALUES = {"input", "output", "metadata"}


def is_known_deviation(failure: Failure, case: Case, response: Any) -> bool:
    if response.status_code == URI_TOO_LONG:
        return True
    if response.status_code in RIGHT_BUT_NOT_DONE:
        return type(failure) in {RejectedPositiveData, AcceptedNegativeData}
    if isinstance(failure, RejectedPositiveData):
        is_known = field_of(response) in BEYOND_SCHEMAS or case.path.endswith(tuple(BEYOND_SCHEMAS_OF))
        # To the schema lines are a text; to us each is JSON.
        return response.status_code == 400 and (is_known or case.media_type in LINES)
    if isinstance(failure, AcceptedNegativeData):
        # The errors of single items are in the answer to the others.
        is_reported = case.path.endswith("/bulk/") and response.json().get("errors")
        return bool(is_reported) or is_passed_over(case)
    return False


def field_of(response: Any) -> str:
    """The field or parameter that an error names, without the place in a list."""
    attr = response.json()["attr"] or ""
    return attr if attr in BEYOND_SCHEMAS else re.split(r"__|\.", attr)[0]


def is_passed_over(case: Case) -> bool:
    """Whether all that was made wrong is taken for none, or for what it looks like."""
    data = case.meta.phase.data
    if getattr(data, "scenario", None) == CoverageScenario.OBJECT_UNEXPECTED_PROPERTIES:
        return data.parameter_location != ParameterLocation.BODY  # but for `strict`, unknown parameters are ignored
    if data.mutations:
        return all(is_taken(each, case) or is_none(each.parameter, case) for each in data.mutations)
    return is_none(data.parameter, case) or has_number_for_text(case)


def has_number_for_text(case: Case) -> bool:
    body = case.body if isinstance(case.body, dict) else {}
    return any(isinstance(body.get(name), int | float) for name in TEXTS)


def is_taken(mutation: Mutation, case: Case) -> bool:
    """Fields that are read only are passed over, as in v1: to them the schema says "not"."""
    name, new_type = mutation.parameter, mutation.new_value
    sent = case.body.get(name) if isinstance(case.body, dict) else None
    is_number = new_type in {"integer", "number"} or (isinstance(sent, int | float) and not isinstance(sent, bool))
    is_list_in_query = new_type == "array" and mutation.parameter_location == ParameterLocation.QUERY
    return (
        mutation.keywords == ("not",)
        or name in VALUES | FLAGS
        or (is_number and name in TEXTS)
        # To one form of a nullable text the schema says "null", and a text is right by the other.
        or (new_type == "string" and name in TEXTS)
        # White space at the ends of a text goes before it is measured.
        or (mutation.keywords == ("maxLength",) and name in TEXTS)
        # The last of several equal parameters counts.
        or is_list_in_query
        # A field goes before a parameter of its name.
        or (mutation.parameter_location == ParameterLocation.QUERY and sent is not None)
        # One of its forms is null.
        or (name in NULLABLE and new_type == "null")
    )


def is_none(parameter: str | None, case: Case) -> bool:
    """An empty parameter is none too."""
    value = (case.query or {}).get(parameter, "?")
    parts = value if isinstance(value, list | tuple | dict) else str("" if value is None else value).split(",")
    return parameter in PASSED_OVER or not any(parts)
