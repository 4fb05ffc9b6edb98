"""The order of several errors in one request, as v1's libraries have it, where the cases leave it open."""

import pytest

from tests.api import Api, envelope
from tests.dataset_client import NOWHERE, DatasetClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH"])
def test_errors_in_a_filter_come_before_errors_in_the_id(method: str) -> None:
    client = DatasetClient()
    for path, status, error in (
        (f"{client.items}abc/", 404, ("not_found", None)),
        (f"{client.items}abc/?dataset={client.dataset['id']}", 404, ("not_found", None)),
        (f"{client.items}abc/?dataset={NOWHERE}", 400, ("invalid_choice", "dataset")),
        (f"{client.items}abc/?dataset=abc", 400, ("invalid_input", "dataset")),
        (f"{client.items}{NOWHERE}/?dataset={NOWHERE}", 400, ("invalid_choice", "dataset")),
        (f"{client.datasets}abc/", 404, ("not_found", None)),
        (f"{client.datasets}abc/?order_by=updated_at", 404, ("not_found", None)),
        (f"{client.datasets}abc/?order_by=nope", 400, ("invalid_choice", "order_by")),
    ):
        response = client.api.ask(method, path, {"dataset": 5, "name": ""})

        assert response.status_code == status, path
        if method != "HEAD":
            assert (envelope(response)["code"], envelope(response)["attr"]) == error, path


def test_an_empty_accept_header_names_no_media_type() -> None:
    client = DatasetClient()
    for path in (client.items, f"{client.items}?format=json", f"{client.base}/nope/"):
        response = Api().get(path, headers={"accept": ""})

        assert response.status_code == 406, path
        assert envelope(response)["code"] == "not_acceptable"
