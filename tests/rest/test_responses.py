"""Our response and its headers behave like Django's."""

import pytest
from django.http import HttpResponse
from django.http.response import BadHeaderError, ResponseHeaders

from rest.responses import Headers, Response


def test_a_response_has_all_that_djangos_has() -> None:
    # Written by hand in Response.__init__, so a new version of Django must not add to it unnoticed.
    assert set(vars(HttpResponse())) - set(vars(Response())) == {"_container"}
    assert vars(Response(status=201))["status_code"] == 201


@pytest.mark.parametrize("value", ["plain", "naïve", "日本", "", 7])
def test_headers_have_djangos_values(value: str) -> None:
    ours, djangos = Headers({"X-One": value}), ResponseHeaders({"X-One": value})
    assert ours["x-one"] == djangos["x-one"]
    assert list(ours.items()) == list(djangos.items())


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b", "a\nb"])
def test_headers_refuse_line_ends(value: str) -> None:
    with pytest.raises(BadHeaderError):
        Headers({"X-One": value})
    with pytest.raises(BadHeaderError):
        Response().headers["X-One"] = value


def test_headers_are_completed_by_those_that_they_lack() -> None:
    constant = Headers({"Vary": "origin", "X-Frame-Options": "DENY"})
    own, djangos = Response(headers={"X-FRAME-OPTIONS": "SAMEORIGIN"}), HttpResponse(headers={"vary": "accept"})

    for response in (own, djangos):
        constant.complete(response.headers)

    assert (own["Vary"], own["X-Frame-Options"], own["Content-Type"]) == ("origin", "SAMEORIGIN", "application/json")
    assert (djangos["Vary"], djangos["X-Frame-Options"]) == ("accept", "DENY")
    assert list(constant.items()) == [("Vary", "origin"), ("X-Frame-Options", "DENY")]


def test_headers_ignore_case() -> None:
    headers = Response(headers={"ETag": '"1"'}).headers
    assert "etag" in headers
    headers.setdefault("etag", '"2"')
    assert headers["ETAG"] == '"1"'
    del headers["eTag"]
    assert "ETag" not in headers
