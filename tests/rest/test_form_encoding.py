"""Forms must be UTF-8: nothing in them is replaced silently."""

import pytest

from tests.api import FORM, Api, envelope
from tests.auth.project_endpoint import ProjectEndpoint

pytestmark = pytest.mark.django_db

MULTIPART = "multipart/form-data; boundary=cut"
NAME = "ä€😀\ufffd"


def part(name: bytes, value: bytes) -> bytes:
    return b'--cut\r\nContent-Disposition: form-data; name="' + name + b'"\r\n\r\n' + value + b"\r\n--cut--\r\n"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"name=a%ffb", FORM),
        (b"name=a\xffb", FORM),
        (b"name=a%e2%82", FORM),
        (b"name=a%ed%a0%80", FORM),
        (b"name=a&descr%ff=b", FORM),
        (part(b"name", b"a\xffb"), MULTIPART),
        (part(b"name", b"a\xed\xa0\x80"), MULTIPART),
    ],
)
def test_invalid_utf8_is_rejected(body: bytes, content_type: str) -> None:
    endpoint = ProjectEndpoint()

    answer = Api(endpoint.key).post(endpoint.path, body, content_type=content_type)

    assert (answer.status_code, envelope(answer)["code"]) == (400, "parse_error")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"name=%C3%A4%E2%82%AC%F0%9F%98%80%EF%BF%BD", FORM),
        (f"name={NAME}".encode(), FORM),
        (part(b"name", NAME.encode()), MULTIPART),
    ],
)
def test_valid_utf8_is_stored_unchanged(body: bytes, content_type: str) -> None:
    endpoint = ProjectEndpoint()

    answer = Api(endpoint.key).post(endpoint.path, body, content_type=content_type)

    assert (answer.status_code, answer.json()["name"]) == (201, NAME)
