"""The OpenAPI file and its page are rendered once, have an ETag, and support conditional requests."""

import time

import pytest

from tests.api import Api

PATHS = [
    "/api/schema/",
    "/api/schema/?format=json",
    "/api/schema/swagger-ui/",
    "/api/schema/swagger-ui/?script=",
]


@pytest.mark.parametrize("path", PATHS)
def test_an_unchanged_page_is_a_304(path: str) -> None:
    first = Api().get(path)
    again = Api().get(path, headers={"If-None-Match": first.headers["ETag"]})
    other = Api().get(path, headers={"If-None-Match": '"other"'})

    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"] == other.headers["ETag"]
    assert other.content == first.content


@pytest.mark.parametrize("path", PATHS)
def test_it_is_rendered_once(path: str) -> None:
    Api().get(path)
    start = time.thread_time()

    for _ in range(20):
        assert Api().get(path).status_code == 200

    assert time.thread_time() - start < 20 * 0.02


def test_each_format_has_its_own_etag() -> None:
    assert len({Api().get(path).headers["ETag"] for path in PATHS}) == len(PATHS)


def test_the_page_does_not_contain_the_query() -> None:
    answers = [Api().get(f"/api/schema/swagger-ui/?{query}") for query in ("", "lang=%3Cx&version=y", "script=&lang=z")]

    assert answers[0].content == answers[1].content
    assert b"lang" not in answers[2].content
