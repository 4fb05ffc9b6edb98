"""Nothing that the service puts out repeats a key or content to one who did not send it to be shown.

Keys, right and wrong ones, are sent in every place, with contents that could be found again; then all that the service
has written is searched: its log at its most talkative, its metrics, its errors, the links in its answers.
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
def talkative(live_database: None) -> Iterator[ServiceProcess]:
    running = ServiceProcess(
        LOG_REQUESTS="true", LOG_LEVEL="DEBUG", SLOW_QUERY_SECONDS="0.000001", SLOW_REQUEST_SECONDS="0.000001"
    )
    yield running
    running.stop()


class Caller:
    """Sends one kind of request in many ways; keeps what comes back."""

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
        self.ask(method, path, content=json.dumps(mark | {BODY_FIELD: value})[:-1])  # cut off: not JSON
        self.ask(method, path, headers={"X-Posthog-Key": value, "Content-Type": f"a/b; charset={value}"}, content=b"x")


@pytest.mark.django_db(transaction=True)
def test_keys_and_contents_are_nowhere_in_what_is_put_out(talkative: ServiceProcess) -> None:
    people = People()
    kept = dataset(people.project)
    for _ in range(3):
        item(kept)
    keys = [key(people.owner), key(people.owner, "user:read"), key(people.stranger), f"phx_{secrets.token_hex(20)}"]
    content = f"content{secrets.token_hex(10)}"
    caller = Caller(talkative.base)
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
    metrics = httpx.get(f"{talkative.base}/metrics").text
    caller.client.close()
    log = talkative.output()

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
