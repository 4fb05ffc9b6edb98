"""Views keep nothing of a request once its response is closed."""

import gc
import json
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.base import BaseHandler
from django.test import RequestFactory

from tests.people import People, key
from tests.rows import dataset, item

pytestmark = pytest.mark.django_db


@pytest.fixture
def collector_off() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(
    ("method", "below", "body", "status"),
    [
        ("GET", "dataset_items/", None, 200),
        ("GET", "dataset_items/{item}/", None, 200),
        ("PATCH", "dataset_items/{item}/", {"output": 1}, 200),
        ("POST", "dataset_items/", {"dataset": "{dataset}", "input": 1}, 201),
        ("GET", "dataset_items/{dataset}/", None, 404),
        ("DELETE", "dataset_items/{item}/", None, 405),
    ],
)
def test_request_and_response_are_freed_without_the_garbage_collector(
    method: str, below: str, body: Any, status: int, collector_off: None
) -> None:
    people = People()
    made = dataset(people.project)
    names = {"dataset": str(made.id), "item": str(item(made).id)}
    path = f"/api/projects/{people.project.id}/{below.format(**names)}"
    sent = json.dumps(body).replace("{dataset}", names["dataset"]) if body else ""
    handler = BaseHandler()
    handler.load_middleware()

    headers = {"authorization": f"Bearer {key(people.owner)}"}
    request = RequestFactory().generic(method, path, sent, "application/json", headers=headers)
    response: Any = handler.get_response(request)
    parts = [weakref.ref(request), weakref.ref(response)]
    assert response.status_code == status
    response.close()
    del request, response

    assert [part() for part in parts] == [None, None]
