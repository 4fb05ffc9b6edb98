"""Limit/offset pages, and the links to the next and the previous page."""

import re
from operator import itemgetter
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest
from rest_framework import pagination
from rest_framework.request import Request

from rest.plain_query import is_plain, split_plain
from rest.responses import Response
from rest.state import get_state

# A larger offset gives the same empty page, but would overflow PostgreSQL's bigint.
MAX_OFFSET = 2**62
# v1 accepts a key in the query string; links must not repeat it.
SECRET_PARAMETER = "personal_api_key"  # noqa: S105  the name of a parameter
# Hosts that Django has allowed.
allowed_hosts: set[str] = set()
MAX_ALLOWED_HOSTS = 100
# Characters that mean themselves in a path.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/_.~@-]*")


class LimitOffsetPagination(pagination.LimitOffsetPagination):
    """DRF's rules for limit, offset and links; the view reads the page.

    >>> pages = LimitOffsetPagination.from_request(request)  # has limit and offset
    >>> pages.get_response(rows, count)                 # {"count", "next", "previous", "results"}
    """

    request: Request
    limit: int
    count: int
    offset: int  # unbounded, as requested: the links repeat it

    @property
    def sql_offset(self) -> int:
        """The offset, bounded for PostgreSQL."""
        return min(self.offset, MAX_OFFSET)

    default_limit = 100
    max_limit = 1000

    @classmethod
    def from_request(cls, request: Request) -> Self:
        paginator = cls()
        paginator.request = request
        paginator.limit = paginator.get_limit(request) or cls.default_limit
        paginator.offset = paginator.get_offset(request)
        return paginator

    def get_response(self, results: list[Any], count: int) -> Response:
        self.count = count
        links = {"next": self.get_next_link(), "previous": self.get_previous_link()}
        return Response({"count": count, **links, "results": results})

    def get_cursor_response(self, results: list[Any], count: int, next_: str | None, previous: str | None) -> Response:
        """Return a page with links to these cursors; None for a page that does not exist."""
        links = {"next": self.cursor_link(next_), "previous": self.cursor_link(previous)}
        return Response({"count": count, **links, "results": results})

    def cursor_link(self, cursor: str | None) -> str | None:
        return None if cursor is None else build_link(self.request, limit=self.limit, offset=None, cursor=cursor)

    def get_next_link(self) -> str | None:
        next_offset = self.offset + self.limit
        return None if next_offset >= self.count else build_link(self.request, limit=self.limit, offset=next_offset)

    def get_previous_link(self) -> str | None:
        if self.offset <= 0:
            return None
        previous_offset = self.offset - self.limit
        return build_link(self.request, limit=self.limit, offset=previous_offset if previous_offset > 0 else None)


def build_link(request: Request, **parameters: Any) -> str:
    """Return the request's URL with these parameters; None removes one. Same result as DRF, but parses the URL once."""
    url, _, query = absolute_url(request).partition("?")
    plain = is_plain(query)
    pairs = split_plain(query) if plain else parse_qsl(query, keep_blank_values=True)
    parameters = parameters | {SECRET_PARAMETER: None}
    kept = [pair for pair in pairs if pair[0] not in parameters]
    kept += [(name, str(value)) for name, value in parameters.items() if value is not None]
    kept.sort(key=itemgetter(0))
    if not kept:
        return url
    return f"{url}?{'&'.join(map('='.join, kept)) if plain else urlencode(kept)}"


def absolute_url(request: Request) -> str:
    """Return the request's full URL, cached: Django builds it on each call."""
    state = get_state(request)
    if state.absolute_url is None:
        state.absolute_url = build_url(request._request)  # noqa: SLF001  DRF's proxy is slow
    return state.absolute_url


def build_url(request: HttpRequest) -> str:
    """Return Django's absolute URL, which it quotes and parses even if nothing in it needs that."""
    query = request.META.get("QUERY_STRING", "")
    if not (PLAIN_PATH.fullmatch(request.path) and is_plain(query)):
        return request.build_absolute_uri()
    return f"{request.scheme}://{get_host(request)}{request.path}{query and '?'}{query}"


def get_host(request: HttpRequest) -> str:
    """Return Django's host, which it checks again for each request: that takes 2 % of a list of ten."""
    sent: str | None = request.META.get("HTTP_HOST")
    if sent and sent in allowed_hosts:
        return sent
    host: str = request.get_host()
    # Not if it comes from elsewhere, such as X-Forwarded-Host.
    if host == sent and len(allowed_hosts) < MAX_ALLOWED_HOSTS:
        allowed_hosts.add(host)
    return host
