"""Which fault is answered where a request has several, as v1's libraries decide: what the cases leave open."""

import pytest

from tests.api import Api, envelope
from tests.history.scene import NOWHERE, Scene

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH"])
def test_what_is_wrong_with_a_filter_comes_before_what_is_wrong_with_the_id(method: str) -> None:
    scene = Scene()
    for path, status, error in (
        (f"{scene.items}abc/", 404, ("not_found", None)),
        (f"{scene.items}abc/?dataset={scene.dataset['id']}", 404, ("not_found", None)),
        (f"{scene.items}abc/?dataset={NOWHERE}", 400, ("invalid_choice", "dataset")),
        (f"{scene.items}abc/?dataset=abc", 400, ("invalid_input", "dataset")),
        (f"{scene.items}{NOWHERE}/?dataset={NOWHERE}", 400, ("invalid_choice", "dataset")),
        (f"{scene.datasets}abc/", 404, ("not_found", None)),
        (f"{scene.datasets}abc/?order_by=updated_at", 404, ("not_found", None)),
        (f"{scene.datasets}abc/?order_by=nope", 400, ("invalid_choice", "order_by")),
    ):
        answer = scene.api.ask(method, path, {"dataset": 5, "name": ""})

        assert answer.status_code == status, path
        if method != "HEAD":
            assert (envelope(answer)["code"], envelope(answer)["attr"]) == error, path


def test_an_empty_accept_header_names_no_media_type() -> None:
    scene = Scene()
    for path in (scene.items, f"{scene.items}?format=json", f"{scene.base}/nope/"):
        answer = Api().get(path, headers={"accept": ""})

        assert answer.status_code == 406, path
        assert envelope(answer)["code"] == "not_acceptable"
