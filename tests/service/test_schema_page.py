"""The OpenAPI file and its page: made once, with an ETag, and not sent to who has them."""

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
def test_who_has_it_gets_a_304(path: str) -> None:
    first = Api().get(path)
    again = Api().get(path, headers={"If-None-Match": first.headers["ETag"]})
    other = Api().get(path, headers={"If-None-Match": '"other"'})

    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"] == other.headers["ETag"]
    assert other.content == first.content


@pytest.mark.parametrize("path", PATHS)
def test_it_is_made_once(path: str) -> None:
    Api().get(path)
    start = time.thread_time()

    for _ in range(20):
        assert Api().get(path).status_code == 200

    assert time.thread_time() - start < 20 * 0.02


def test_each_form_has_a_tag_of_its_own() -> None:
    assert len({Api().get(path).headers["ETag"] for path in PATHS}) == len(PATHS)


def test_nothing_of_the_query_is_in_the_page() -> None:
    answers = [Api().get(f"/api/schema/swagger-ui/?{query}") for query in ("", "lang=%3Cx&version=y", "script=&lang=z")]

    assert answers[0].content == answers[1].content
    assert b"lang" not in answers[2].content
