"""An operation of the API, declared once: validation and the OpenAPI file both come from it."""

import functools
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers

from rest.deserializer import MAX_NAME_LENGTH, Deserializer, deserializer_for
from rest.query_params import DRY_RUN, QueryParam, parse_boolean

# Accepted on every path: DRF's parameter for a renderer, and v1's alternative place for a key.
FORMAT_PARAMETER = "format"
KEY_PARAMETER = "personal_api_key"
STRICT = "strict"
ALWAYS_KNOWN = frozenset({FORMAT_PARAMETER, KEY_PARAMETER, STRICT})


class EmptyBody(serializers.Serializer[Any]):
    """The body of an operation that takes none: it may be absent or {}."""


def unknown_param_error(name: str) -> serializers.ValidationError:
    return serializers.ValidationError({name: [f"Unknown parameter: {name}"]}, code="unknown_parameter")


def repeated_param_error(name: str) -> serializers.ValidationError:
    detail = "This parameter is given more than once, with different values."
    return serializers.ValidationError({name: [detail]}, code="invalid")


def knows_no_other(name: str) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Operation:
    """The parameters, body and responses of one method; `operations` maps an action or, in plain views, an HTTP method.

    is_v1          ignore unknown parameters and members, as v1 did, unless the request has `strict=true`
    knows_param    accept a parameter that is not in `query`, for names that contain a path
    members        the serializer that validates the body, if it differs from the one that the OpenAPI file shows
    is_idempotent  accept an Idempotency-Key
    """

    summary: str
    description: str = ""
    query: tuple[QueryParam, ...] = ()
    knows_param: Callable[[str], bool] = knows_no_other
    path: tuple[OpenApiParameter, ...] = ()
    headers: tuple[OpenApiParameter, ...] = ()
    body: Any = None
    members: Any = None
    responses: Any = None
    examples: tuple[OpenApiExample, ...] = ()
    is_idempotent: bool = False
    is_v1: bool = False

    @functools.cached_property
    def params(self) -> dict[str, QueryParam]:
        return {param.name: param for param in self.query}

    @functools.cached_property
    def deserializer(self) -> Deserializer:
        """The deserializer of the body, for operations whose body is one JSON object."""
        return deserializer_for(self.members or self.body or EmptyBody)

    def is_dry_run(self, parameters: Mapping[str, str]) -> bool:
        """Return whether the method's writes have to be rolled back. Raises ValidationError."""
        return DRY_RUN.name in self.params and parse_boolean(DRY_RUN.name, parameters.get(DRY_RUN.name))

    def check_query(self, parameters: Mapping[str, str]) -> None:
        """Check the names and lengths of all parameters; values are parsed later. Raises ValidationError."""
        is_lenient = self.is_lenient(parameters)
        for name in sorted(parameters):
            if param := self.params.get(name):
                param.check(parameters[name])
            elif not (is_lenient or name in ALWAYS_KNOWN or self.knows_param(name)):
                raise unknown_param_error(name[:MAX_NAME_LENGTH])

    def check_repeats(self, parameters: QueryDict) -> None:
        """Reject a parameter with several values, unless v1 had or ignored it: then the last one counts.

        Raises ValidationError.
        """
        for name, values in parameters.lists():
            if len(set(values)) > 1 and not self.takes_several(name, is_lenient=self.is_lenient(parameters)):
                raise repeated_param_error(name[:MAX_NAME_LENGTH])

    def takes_several(self, name: str, *, is_lenient: bool) -> bool:
        param = self.params.get(name)
        if param and param.is_repeatable:
            return True
        return is_lenient and (param.is_v1 if param else not self.knows_param(name))

    def is_lenient(self, parameters: Mapping[str, str]) -> bool:
        return not parse_boolean(STRICT, parameters.get(STRICT)) and self.is_v1

    def unknown_members(self, body: Collection[str]) -> list[str]:
        """Return members that the operation does not know. Read-only ones are known, so a response may be sent back."""
        return [name for name in body if name not in self.deserializer.names and name != KEY_PARAMETER]
