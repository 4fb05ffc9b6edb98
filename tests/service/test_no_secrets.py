"""The service's output contains no keys and no content.

Valid and invalid keys are sent in every location, with recognizable content. Then all output is searched: the log at
its most verbose level, metrics, errors, and links in responses.
"""

import json
import secrets
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.people import People, key
from tests.rows import dataset, item
from tests.service_process import ServiceProcess

BODY_FIELD = "personal_api_key"


@pytest.fixture
def verbose_service(live_database: None) -> Iterator[ServiceProcess]:
    running = ServiceProcess(
        LOG_REQUESTS="true", LOG_LEVEL="DEBUG", SLOW_QUERY_SECONDS="0.000001", SLOW_REQUEST_SECONDS="0.000001"
    )
    yield running
    running.stop()


class Caller:
    """Sends requests in many variants, and collects the responses."""

    def __init__(self, base: str) -> None:
        self.client = httpx.Client(base_url=base)
        self.answers: list[httpx.Response] = []

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        answer = self.client.request(method, path, **more)
        self.answers.append(answer)
        return answer

    def send_key_everywhere(self, method: str, path: str, value: str, content: str) -> None:
        mark = {"name": content, "metadata": {"note": content}, "input": content}
        self.ask(method, path, headers={"Authorization": f"Bearer {value}"}, json=mark)
        self.ask(method, path, headers={"Authorization": f"Token {value}", "Cookie": f"key={value}"}, json=mark)
        self.ask(method, f"{path}?limit=1&{BODY_FIELD}={quote(value)}&search={content}", json=mark)
        self.ask(method, path, json=mark | {BODY_FIELD: value})
        self.ask(method, path, data={"name": content, BODY_FIELD: value})
        self.ask(method, path, content=json.dumps(mark | {BODY_FIELD: value})[:-1])  # truncated, so not JSON
        self.ask(method, path, headers={"X-Posthog-Key": value, "Content-Type": f"a/b; charset={value}"}, content=b"x")


@pytest.mark.django_db(transaction=True)
def test_no_output_contains_keys_or_content(verbose_service: ServiceProcess) -> None:
    people = People()
    kept = dataset(people.project)
    for _ in range(3):
        item(kept)
    keys = [key(people.owner), key(people.owner, "user:read"), key(people.stranger), f"phx_{secrets.token_hex(20)}"]
    content = f"content{secrets.token_hex(10)}"
    caller = Caller(verbose_service.base)
    root = f"/api/projects/{people.project.id}"
    paths = [
        f"{root}/datasets/",
        f"{root}/dataset_items/",
        f"{root}/datasets/{kept.id}/",
        "/api/users/@me/",
        "/nowhere/",
    ]

    for value, path, method in product(keys, paths, ("GET", "POST", "PATCH")):
        caller.send_key_everywhere(method, path, value, content)
    for value in keys:
        caller.ask("GET", "/metrics", headers={"Authorization": f"Bearer {value}"}, params={BODY_FIELD: value})
        caller.ask("POST", "/api/personal_api_keys/", headers={"Authorization": f"Bearer {value}"}, json={"label": 1})
    metrics = httpx.get(f"{verbose_service.base}/metrics").text
    caller.client.close()
    log = verbose_service.output()

    assert {200, 201, 400, 401, 403, 404, 405} <= {answer.status_code for answer in caller.answers}
    assert "Slow statement" in log
    assert "Slow request" in log
    assert [value for value in (*keys, content) if value in log] == []
    assert [value for value in (*keys, content) if value in metrics] == []
    assert [answer.text for answer in caller.answers if any(value in answer.text for value in keys)] == []
    assert [answer.text for answer in caller.answers if answer.is_error and content in answer.text] == []
    for answer in caller.answers:
        headers = str(answer.headers.raw)
        assert not any(value in headers for value in (*keys, content))
