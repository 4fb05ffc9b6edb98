"""Schemas and values that try to keep a validator busy, fill its memory or send it elsewhere."""

import json
import os
import signal
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from items.validation import pool as module
from items.validation.pool import InvalidSchema, RawViolation, ValidationTimeout, validate_values, validator_pool
from items.validation.schemas import NO_SCHEMAS, TIMEOUT_DETAIL
from tests.dataset_client import DatasetClient, assert_error
from tests.http_connection import at_once
from tests.items.validation.schemas import put, set_schemas

DRAFT_7 = "http://json-schema.org/draft-07/schema#"


def doubling(levels: int) -> Any:
    """Each definition refers twice to the one below."""
    definitions: dict[str, Any] = {"a0": {"type": "string"}}
    for level in range(1, levels):
        below = {"$ref": f"#/$defs/a{level - 1}"}
        definitions[f"a{level}"] = {"allOf": [below, {"properties": {}, "allOf": [below]}]}
    return {"$defs": definitions, "$ref": f"#/$defs/a{levels - 1}"}


def ask(schema: Any, *values: Any) -> dict[int, RawViolation]:
    return validate_values([(json.dumps(schema), [json.dumps(value) for value in values])])[0]


def test_a_schema_that_takes_too_long_to_compile_is_rejected() -> None:
    start = time.process_time()

    with pytest.raises(ValidationTimeout):
        ask(doubling(60), "x")

    assert time.process_time() - start < 1, "the service itself did nothing meanwhile"
    assert ask({"type": "string"}, "x", 1) == {1: RawViolation([], 'this value is not of type "string"')}


def test_an_item_that_takes_too_long_is_a_violation(client: DatasetClient) -> None:
    set_schemas(client, input=doubling(60))

    error = assert_error(
        client.api.post(client.items, {"dataset": client.dataset["id"], "input": "x"}), 400, "schema_mismatch", "input"
    )

    assert error["detail"] == TIMEOUT_DETAIL


def test_items_before_a_costly_one_are_checked() -> None:
    costly = doubling(60)
    slow = {"if": {"const": "slow"}, "then": {"$ref": costly["$ref"]}, "else": {"type": "number"}}
    schemas = NO_SCHEMAS._replace(input=json.dumps(slow | {"$defs": costly["$defs"]}))
    rows = [{"input": json.dumps(value)} for value in (1, "x", 2, "slow", 3)]

    result = schemas.violations(rows)

    assert result.keys() == {1, 3, 4}
    assert result[3] == result[4] == {"input": ("input", TIMEOUT_DETAIL)}


@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [{"pattern": f"(x{{0,{number}}}y{{0,500}}){{0,10}}"} for number in range(400, 1400)]},
        {"pattern": "(((((x{100}){100}){100}){100}){100})"},
    ],
)
def test_expressions_that_fill_the_memory_are_rejected(client: DatasetClient, schema: Any) -> None:
    refusal = put(client, output=schema)

    assert refusal.status_code == 400
    assert refusal.json()["code"] == "invalid_schema"


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(a+)+\\1$", "(?=(a+))a*b\\1", "(.*)*=.*"])
def test_backtracking_expressions_end_soon(client: DatasetClient, pattern: str) -> None:
    set_schemas(client, input={"pattern": pattern})

    assert_error(
        client.api.post(client.items, {"dataset": client.dataset["id"], "input": "a" * 5000 + "!"}),
        400, "schema_mismatch", "input",
    )  # fmt: skip


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"allOf": [{"$ref": "#"}, {"$ref": "#"}]},
        {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"},
        {"$dynamicAnchor": "x", "allOf": [{"$dynamicRef": "#x"}, {"$dynamicRef": "#x"}]},
        {"not": {"not": {"$ref": "#"}}},
        {"enum": list(range(12_000))},
        {
            "$defs": {f"a{n}": {"$ref": f"#/$defs/a{n + 1}"} for n in range(1500)} | {"a1500": True},
            "$ref": "#/$defs/a0",
        },
    ],
)
def test_loops_and_lengths_neither_hang_nor_crash(client: DatasetClient, schema: Any) -> None:
    response = put(client, input=schema)

    assert response.status_code in {200, 400}
    made = client.api.post(client.items, {"dataset": client.dataset["id"], "input": 5})
    assert made.status_code in {201, 400}, made.content


def test_the_depth_of_a_schema_is_bounded(client: DatasetClient) -> None:
    def nested(depth: int) -> Any:
        return {"properties": {"a": nested(depth - 1)}} if depth else {"type": "string"}

    assert put(client, input=nested(60)).status_code == 200
    assert_error(put(client, input=nested(100)), 400, "invalid_schema", "input")


def test_a_value_that_fills_the_memory_ends_only_its_validator() -> None:
    with pytest.raises(ValidationTimeout):
        validate_values([('{"uniqueItems": true}', ["[" + "[1]," * 9_000_000 + "1]"])])

    assert ask({"type": "string"}, "x") == {}


class Listener(HTTPServer):
    """Records requests."""

    def __init__(self) -> None:
        self.requested_paths: list[str] = []
        super().__init__(("127.0.0.1", 0), partial(RecordingHandler, self.requested_paths))
        threading.Thread(target=self.serve_forever, daemon=True).start()


class RecordingHandler(BaseHTTPRequestHandler):
    def __init__(self, requested_paths: list[str], *arguments: Any) -> None:
        self.requested_paths = requested_paths
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self.requested_paths.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"type": "string"}')

    def log_message(self, *_: Any) -> None:
        pass


def test_no_schema_is_fetched_from_elsewhere(client: DatasetClient, tmp_path: Any) -> None:
    listener = Listener()
    local = tmp_path / "schema.json"
    local.write_text('{"type": "string"}')
    try:
        url = f"http://127.0.0.1:{listener.server_port}"
        for schema in (
            {"$ref": f"{url}/ref"},
            {"properties": {"a": {"$ref": f"{url}/inner#/x"}}},
            {"$id": f"{url}/id.json", "$ref": "other.json"},
            {"$schema": f"{url}/meta"},
            {"$schema": DRAFT_7, "definitions": {"a": {"$ref": f"{url}/7"}}, "$ref": "#/definitions/a"},
            {"$dynamicRef": f"{url}/dynamic#x"},
            {"$ref": local.as_uri()},
            {"$ref": str(local)},
        ):
            response = put(client, input=schema)
            assert (response.status_code, response.json().get("code")) == (400, "invalid_schema"), schema
        assert listener.requested_paths == []
    finally:
        listener.shutdown()
        listener.server_close()


def test_a_validator_killed_while_idle_is_replaced() -> None:
    ask(True, 1)
    idle = validator_pool.idle[-1]
    os.kill(idle.process.pid, signal.SIGKILL)
    idle.process.wait()

    assert ask({"type": "string"}, 1).keys() == {0}


def test_a_validator_that_cannot_be_started_is_a_503(client: DatasetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    validator_pool.close()
    monkeypatch.setattr(module.sys, "executable", "/nowhere/python")

    assert_error(put(client, input=True), 503, "service_unavailable")

    monkeypatch.undo()
    assert put(client, input=True).status_code == 200


def test_a_validator_that_exits_is_a_503_and_not_a_violation(
    client: DatasetClient, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_schemas(client, input={"type": "string"})
    validator_pool.close()
    broken = tmp_path / "worker.py"
    broken.write_text("raise SystemExit(1)")
    monkeypatch.setattr(module, "WORKER_FILE", broken)

    assert_error(
        client.api.post(client.items, {"dataset": client.dataset["id"], "input": "x"}), 503, "service_unavailable"
    )

    monkeypatch.undo()
    client.new_item(input="x")


def test_each_thread_uses_its_own_validator_and_few_stay_idle() -> None:
    result = at_once([partial(ask, {"minimum": number}, *range(16)) for number in range(8)])

    assert [sorted(each) for each in result] == [list(range(number)) for number in range(8)]
    assert 1 <= len(validator_pool.idle) <= module.MAX_IDLE_VALIDATORS


def test_a_schema_that_no_longer_compiles_rejects_everything() -> None:
    with pytest.raises(InvalidSchema):
        ask({"type": "strin"}, 1)

    result = NO_SCHEMAS._replace(input='{"type": "strin"}').violations([{"input": "1"}, {"input": None}])

    assert result.keys() == {0, 1}
