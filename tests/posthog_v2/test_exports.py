"""Exports of the later API: complete at once, with the items of one revision as lines."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.dataset_client import NOWHERE, assert_error, assert_not_found, created, ok
from tests.posthog_v2.v2_client import V2Client

KEYS = ["id", "status", "dataset_revision", "filename", "created_at", "expires_after", "exception"]
LINE_KEYS = [
    "dataset_id", "dataset_revision", "item_id", "client_item_id", "version", "input", "expected_output",
    "source_output", "metadata", "source_trace_id", "source_event_id", "source_timestamp",
]  # fmt: skip


def lines(response: Any) -> list[dict[str, Any]]:
    assert response.status_code == 200
    return [json.loads(line) for line in response.getvalue().decode().splitlines()]


def test_an_export_is_complete_and_its_number_is_the_revision(v2: V2Client) -> None:
    v2.new_item()
    v2.new_item()

    made = created(v2.api.post(v2.path("exports/"), {"revision": 1}))

    assert list(made) == KEYS
    assert (made["id"], made["status"], made["dataset_revision"], made["exception"]) == (1, "complete", 1, None)
    assert re.fullmatch(r"golden-set-r1-\d{4}-\d\d-\d\d-\d{6}\.jsonl", made["filename"])
    until = datetime.fromisoformat(made["expires_after"])
    assert (until.hour, until.minute, until.second, until.microsecond) == (0, 0, 0, 0)
    assert timedelta(6) < until - datetime.fromisoformat(made["created_at"]) <= timedelta(7)
    assert created(v2.api.post(v2.path("exports/")))["id"] == 2
    assert ok(v2.api.get(v2.path("exports/1/")))["dataset_revision"] == 1
    for unknown in ("0", "3", "x", "-1", "9" * 40):
        assert_not_found(v2.api.get(v2.path(f"exports/{unknown}/")))
        assert_not_found(v2.api.get(v2.path(f"exports/{unknown}/content/")))
    assert_not_found(v2.api.post(v2.path("exports/", {"id": NOWHERE}), {}))


def test_a_line_has_its_keys_in_order_and_the_oldest_item_comes_first(v2: V2Client) -> None:
    source = {"source_trace_id": 'a"é', "source_event_id": "e"}
    values = {"input": {"é": 1}, "expected_output": [1], "source_output": "o", "metadata": {"m": 1}, **source}
    for time, number in (("2026-01-02T03:04:05.000600Z", "K1"), ("2026-01-02T03:04:05Z", "K2")):
        v2.new_item(client_item_id=number, source_timestamp=time, **values)
    v2.v1.new_item(metadata=[1], ref_trace_id="")
    archived = v2.new_item()
    ok(v2.archive(archived))

    response = v2.api.get(v2.path("exports/5/content/"))
    content = response.getvalue()
    exported = [json.loads(line) for line in content.decode().splitlines()]

    assert response.headers["Content-Type"] == "application/x-ndjson"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="golden-set-r5-')
    assert [list(each) for each in exported] == [LINE_KEYS] * 3
    first, second, third = exported
    assert {name: first[name] for name in values} == values
    assert (first["dataset_id"], first["dataset_revision"], first["version"]) == (v2.dataset["id"], 5, 1)
    assert first["source_timestamp"] == "2026-01-02T03:04:05.000600+00:00"
    assert second["source_timestamp"] == "2026-01-02T03:04:05+00:00"
    assert (third["input"], third["metadata"], third["source_trace_id"]) == ({}, {"value": [1]}, None)
    assert '"é"'.encode() in content


def test_an_export_of_a_past_revision_does_not_change(v2: V2Client) -> None:
    items = [v2.new_item(input=number) for number in range(3)]
    before = lines(v2.api.get(v2.path("exports/3/content/")))

    ok(v2.patch(items[0], input="new"))
    ok(v2.archive(items[1]))

    assert lines(v2.api.get(v2.path("exports/3/content/"))) == before
    assert [each["input"] for each in lines(v2.api.get(v2.path("exports/5/content/")))] == ["new", 2]


def test_exporting_needs_only_the_read_scope(v2: V2Client) -> None:
    v2.new_item()
    reader = v2.with_key(v2.people.colleague, "dataset:read")

    assert created(reader.post(v2.path("exports/"), {}))["id"] == 1
    assert len(lines(reader.get(v2.path("exports/1/content/")))) == 1


@pytest.mark.parametrize("body", [{"revision": 0}, {"revision": "x"}, {"revision": -1}])
def test_an_invalid_revision_is_rejected(v2: V2Client, body: Any) -> None:
    v2.new_item()

    assert_error(
        v2.api.post(v2.path("exports/"), body),
        400,
        "min_value" if body["revision"] != "x" else "invalid_input",
        "revision",
    )
