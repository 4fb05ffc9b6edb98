"""Limit/offset pages: how many, from where, and the links to the next and the previous one."""

from typing import Any, Self

from rest_framework import pagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

# A larger offset means the same, and PostgreSQL counts to 2**63.
MAX_OFFSET = 2**62
# v1 takes a key in the query string too, and must not hand it on in its links.
SECRET_PARAMETER = "personal_api_key"  # noqa: S105  the name of a parameter


class LimitOffsetPagination(pagination.LimitOffsetPagination):
    """DRF's rules for limit, offset and links; reading the page is the view's business.

    >>> pages = LimitOffsetPagination.of(request)  # has limit and offset
    >>> pages.respond(rows, count)                 # {"count", "next", "previous", "results"}
    """

    request: Request
    limit: int
    offset: int  # as it was asked for: the links repeat it

    @property
    def start(self) -> int:
        """The offset as a statement can take it."""
        return min(self.offset, MAX_OFFSET)

    default_limit = 100
    max_limit = 1000

    @classmethod
    def of(cls, request: Request) -> Self:
        pages = cls()
        pages.request = request
        pages.limit = pages.get_limit(request) or cls.default_limit
        pages.offset = pages.get_offset(request)
        return pages

    def respond(self, results: list[Any], count: int) -> Response:
        self.count = count
        return self.get_paginated_response(results)

    def respond_to_walk(self, results: list[Any], count: int, next_: str | None, previous: str | None) -> Response:
        """Pages by cursor, of which these are the next and the previous one."""
        links = {"next": self.link_to(next_), "previous": self.link_to(previous)}
        return Response({"count": count, **links, "results": results})

    def link_to(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        link = remove_query_param(self.request.build_absolute_uri(), self.offset_query_param)
        link = replace_query_param(link, self.limit_query_param, self.limit)
        return without_secret(replace_query_param(link, "cursor", cursor))

    def get_next_link(self) -> str | None:
        return without_secret(super().get_next_link())

    def get_previous_link(self) -> str | None:
        return without_secret(super().get_previous_link())


def without_secret(link: str | None) -> str | None:
    return remove_query_param(link, SECRET_PARAMETER) if link and SECRET_PARAMETER in link else link
