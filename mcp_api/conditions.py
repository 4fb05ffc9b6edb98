"""The argument `where`: conditions as a JSON object, which lists take as query parameters."""

from collections.abc import Mapping

import msgspec
from msgspec import Raw
from rest_framework.exceptions import APIException

from items.search.conditions import DELETED, is_condition
from items.search.filter_body import filter_parameters
from items.search.sampling import SAMPLE, SEED
from mcp_api.failures import ToolFailure, invalid_argument
from rest.errors import exception_handler
from rest.parsers import parse_json

ALSO_KNOWN = {DELETED, SAMPLE, SEED}


def query_of(where: Mapping[str, Raw]) -> dict[str, str]:
    """Raises ToolFailure."""
    for name in where:
        if not (is_condition(name) or name in ALSO_KNOWN):
            raise invalid_argument(f"Unknown condition: {name[:100]}", "where", code="unknown_parameter")
    try:
        return dict(filter_parameters(parse_json(msgspec.json.encode(where).decode())))
    except (ValueError, RecursionError) as error:
        raise invalid_argument("The conditions cannot be read.", "where") from error
    except APIException as error:
        response = exception_handler(error)
        raise ToolFailure(msgspec.to_builtins(response.data), response.status_code) from error
