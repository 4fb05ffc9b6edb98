"""Calls the views of the API inside the process, with the key of the agent's own request.

The views check access, scopes, values and conditions as they do for any other request. Their project is the one that
the agent's request was let into, so no argument of a tool can name another.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import msgspec
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.urls import get_script_prefix
from msgspec import Raw
from rest_framework.request import Request

from mcp_api.failures import ToolFailure
from rest.preauthorization import PREAUTHORIZED

View = Callable[..., Any]
# The headers of the agent's request that matter to the views; the others are about the message around the call.
KEPT_HEADERS = {"HTTP_AUTHORIZATION", "HTTP_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"}


class Answer(NamedTuple):
    members: dict[str, Raw]
    headers: Mapping[str, str]

    def read(self, name: str, type_: Any = Any) -> Any:
        """Parse a member. Values of items stay Raw, since parsing would change their numbers."""
        return msgspec.json.decode(self.members[name], type=type_)


class ProjectApi:
    """The API of one project."""

    def __init__(self, request: Request, project_id: int) -> None:
        self.request, self.project_id = request, project_id

    def get(self, view: View, query: Mapping[str, Any] | None = None, **path: str) -> Answer:
        return self.call("GET", view, query, path=path)

    def send(self, method: str, view: View, body: Any, query: Mapping[str, Any] | None = None, **more: Any) -> Answer:
        """Write; `message` is kept with the revision."""
        message, path = more.pop("message", None), more
        headers = {"HTTP_REVISION_MESSAGE": f"UTF-8''{quote(message, safe='')}"} if message else {}
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return self.call(method, view, query, content=content, headers=headers, path=path)

    def call(
        self,
        method: str,
        view: View,
        query: Mapping[str, Any] | None,
        *,
        path: Mapping[str, str],
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Raises ToolFailure."""
        request = WSGIRequest(
            {name: value for name, value in self.request.META.items() if is_kept(name)}
            | {
                "REQUEST_METHOD": method,
                "QUERY_STRING": urlencode({name: value for name, value in (query or {}).items() if value is not None}),
                "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": str(len(content)),
                "wsgi.input": BytesIO(content),
                # The agent's request was counted already.
                PREAUTHORIZED: True,
            }
            | dict(headers or {})
        )
        response = view(request, project_id=str(self.project_id), **path)
        if hasattr(response, "render"):
            response.render()
        try:
            return answer_of(response)
        finally:
            # Not close(), by which Django would end the agent's own request.
            for closer in response._resource_closers:  # noqa: SLF001
                closer()

    def console_url(self, dataset_id: str) -> str:
        path = f"{get_script_prefix()}projects/{self.project_id}/datasets/{dataset_id}"
        return self.request.build_absolute_uri(path)


def is_kept(name: str) -> bool:
    return name in KEPT_HEADERS or not name.startswith("HTTP_")


def answer_of(response: Any) -> Answer:
    if response.status_code >= 400:
        error = msgspec.json.decode(response.content)
        raise ToolFailure(error, response.status_code, response.headers.get("Retry-After"))
    members = msgspec.json.decode(response.content, type=dict[str, Raw])
    return Answer(members, response.headers)


@contextmanager
def undone_if(dry_run: bool) -> Iterator[None]:
    """Undo what is written inside: all of it after an error, and for a dry run."""
    with transaction.atomic():
        yield
        if dry_run:
            transaction.set_rollback(True)
