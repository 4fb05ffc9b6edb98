"""The endpoint: one message a request, answered by itself. There are no sessions and no streams."""

from collections.abc import Callable
from typing import Any

from rest_framework.exceptions import APIException, NotAuthenticated
from rest_framework.request import Request

from auth.authentication import BEARER
from auth.scopes import ACTION_BY_METHOD
from auth.tenancy import ProjectScoped
from mcp_api.messages import REFUSED, Message, RPCError, error_body, read_message, result_body
from mcp_api.methods import Call, run
from mcp_api.origins import check_origin
from mcp_api.project_api import ProjectApi
from mcp_api.protocol import is_modern
from rest.operations import Operation
from rest.parsers import RawBody, RawJSONParser
from rest.responses import Response
from rest.views import Negotiation

SEND_MESSAGE = Operation(summary="Send a message of the Model Context Protocol")


class JSONNegotiation(Negotiation):
    """Selects JSON for any Accept: clients that ask for a stream with GET must learn by a 405 that there is none."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class AgentView(ProjectScoped):
    scope_object = "dataset"
    # The views that a message leads to require their own scopes.
    action_by_method = ACTION_BY_METHOD | {"POST": "read"}
    parser_classes = [RawJSONParser]
    content_negotiation_class = JSONNegotiation
    operations = {"post": SEND_MESSAGE}
    message: Message | None = None

    def handle(self, handler: Callable[..., Any], request: Request, *args: Any, **kwargs: Any) -> Any:
        check_origin(request)
        check_bearer(request)
        return super().handle(handler, request, *args, **kwargs)

    def post(self, request: Request, **kwargs: Any) -> Response:
        self.message = message = read_message(content_of(request))
        modern = is_modern(request, message)
        if message.is_notification:
            return Response(status=202)
        call = Call(ProjectApi(request, self.project_id), self.access, message, modern)
        return Response(result_body(message, run(call)))

    def handle_exception(self, exc: Exception) -> Any:
        """Answer a readable message with a JSON-RPC error, and anything else with the API's."""
        if isinstance(exc, RPCError):
            return Response(error_body(self.message, exc), status=exc.status_code)
        response = super().handle_exception(exc)
        message = None if response.status_code == 401 else self.message or readable_message(self.request)
        if message is not None:
            response.data = error_body(message, RPCError(REFUSED, response.data["detail"], data=response.data))
        return response


def content_of(request: Request) -> bytes:
    return request.data.content if isinstance(request.data, RawBody) else b""


def readable_message(request: Request) -> Message | None:
    """Return the message of a request that was refused before its method ran."""
    try:
        return read_message(content_of(request))
    except APIException:
        return None


def check_bearer(request: Request) -> None:
    """Refuse a key in the query string: agents keep addresses in their transcripts. Raises NotAuthenticated."""
    if not BEARER.fullmatch(request.META.get("HTTP_AUTHORIZATION", "")):
        raise NotAuthenticated("Send the key in the header Authorization, after Bearer.")
