"""A tool: its name and description, the arguments it takes, and what it does with them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw

from mcp_api.failures import invalid_argument
from mcp_api.project_api import ProjectApi

MAX_TEXT_BYTES = 1_000_000


class Arguments(msgspec.Struct, forbid_unknown_fields=True):
    """The base of all arguments; an argument may also be null, which stands for its default."""


class WriteArguments(Arguments):
    dry_run: Annotated[bool, Meta(description="Report what would happen, write nothing")] = False


DatasetName = Annotated[str, Meta(description="Name or id")]
Where = Annotated[
    dict[str, Raw],
    Meta(
        description='Conditions by name, e.g. {"metadata__split": "test", "output__exists": false}. Names: search, '
        "ref_source_id, id__in, created_at__gte, or input|output|metadata__path.to.key, with __ne __in __gt __lt "
        "__exists __icontains. Also sample and seed."
    ),
]
Revision = Annotated[str, Meta(description="Number, tag or latest")]
Message = Annotated[str, Meta(description="Why; kept with the revision", max_length=500)]


@dataclass(frozen=True, kw_only=True)
class Tool:
    name: str
    description: str
    arguments: type[Arguments]
    run: Callable[[ProjectApi, Any], dict[str, Any]]
    is_read_only: bool = False
    is_destructive: bool = False
    is_idempotent: bool = False

    def describe(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "description": self.description,
            "inputSchema": schema_of(self.arguments),
            "annotations": {"readOnlyHint": True}
            if self.is_read_only
            else {"destructiveHint": self.is_destructive, "idempotentHint": self.is_idempotent},
        }

    def parse(self, arguments: Raw) -> Arguments:
        """Raises ToolFailure."""
        try:
            return msgspec.json.decode(arguments, type=self.arguments)
        except msgspec.ValidationError as error:
            detail, _, path = str(error).partition(" - at `$")
            raise invalid_argument(f"{detail}.", path.strip(".`") or None) from error
        except (ValueError, RecursionError) as error:
            raise invalid_argument("The arguments are not JSON, or nested too deeply.", None) from error


def schema_of(arguments: type[Arguments]) -> dict[str, Any]:
    """Return the JSON Schema, without what costs tokens and tells an agent nothing."""
    _, definitions = msgspec.json.schema_components([arguments])
    schema = definitions[arguments.__name__]
    return {
        "type": "object",
        "properties": {name: shorten(each) for name, each in schema["properties"].items()},
        **({"required": schema["required"]} if schema["required"] else {}),
        "additionalProperties": False,
    }


def shorten(schema: dict[str, Any]) -> dict[str, Any]:
    options = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    merged = schema | (shorten(options[0]) if len(options) == 1 else {})
    return {key: value for key, value in merged.items() if key not in {"anyOf", "title"} and value is not None}
