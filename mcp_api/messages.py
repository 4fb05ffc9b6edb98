"""JSON-RPC 2.0: one message in each body, and the errors of the protocol."""

from typing import Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Raw, UnsetType
from rest_framework.exceptions import APIException

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
# A refusal that is not about the protocol, such as a rate limit: `data` is the API's error.
REFUSED = -32000

Params = TypeVar("Params", bound=msgspec.Struct)


class Message(msgspec.Struct):
    """A request, or a notification if it has no id."""

    jsonrpc: Literal["2.0"]
    method: str
    id: str | int | UnsetType = UNSET
    params: Raw = Raw(b"{}")

    @property
    def is_notification(self) -> bool:
        return self.id is UNSET


class RPCError(APIException):
    """An error of the protocol; a tool's failure is a result instead."""

    def __init__(self, code: int, message: str, *, status: int = 400, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.message, self.status_code, self.data = code, message, status, data


def read_message(content: bytes) -> Message:
    """Raises RPCError."""
    try:
        return msgspec.json.decode(content, type=Message)
    except msgspec.ValidationError as error:
        raise RPCError(INVALID_REQUEST, f"The body is not a JSON-RPC request: {error}") from error
    except (ValueError, RecursionError) as error:
        raise RPCError(PARSE_ERROR, "The body is not JSON in UTF-8.") from error


def read_params(message: Message, params_class: type[Params]) -> Params:
    """Raises RPCError."""
    try:
        return msgspec.json.decode(message.params, type=params_class)
    except (ValueError, RecursionError) as error:
        raise RPCError(INVALID_PARAMS, f"Invalid params: {error}") from error


def result_body(message: Message, result: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": message.id, "result": result}


def error_body(message: Message | None, error: RPCError) -> dict[str, Any]:
    """Return the body of an error; its id is null if the request's could not be read."""
    described = {"code": error.code, "message": error.message}
    if error.data is not None:
        described["data"] = error.data
    request_id = None if message is None or message.is_notification else message.id
    return {"jsonrpc": "2.0", "id": request_id, "error": described}
