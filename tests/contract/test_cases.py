"""Replay the contract cases against a running service: one test per case, selected with -k by its id.

CONTRACT_CASES names another file of the same format and fixtures to replay instead.
"""

import http.client
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.contract.fixtures import Fixtures
from tests.contract.matching import differences, header_differences
from tests.service_process import ServiceProcess

FILE = Path(os.environ.get("CONTRACT_CASES") or Path(__file__).with_name("cases.json"))
SUITE = json.loads(FILE.read_text(encoding="utf-8"))
IDS = {name: value for name, value in SUITE["placeholders"].items() if not name.startswith(("{", "<"))}
INTEGERS = {name: value for name, value in SUITE["placeholders"].items() if name.endswith(":int}")}


def filled(value: Any, base: str) -> Any:
    """Replace the placeholders in strings at any depth."""
    if isinstance(value, dict):
        return {filled(key, base): filled(each, base) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, base) for each in value]
    if not isinstance(value, str):
        return value
    if value in INTEGERS:
        return INTEGERS[value]
    for name, text in IDS.items():
        value = value.replace(f"{{{name}}}", text)
    return value.replace("{base}", base)


def body_of(request: dict[str, Any], base: str) -> bytes | None:
    if "raw_body_hex" in request:
        return bytes.fromhex(request["raw_body_hex"])
    if "raw_body_parts" in request:
        return "".join(filled(text, base) * times for text, times in request["raw_body_parts"]).encode()
    if "raw_body" in request:
        return str(filled(request["raw_body"], base)).encode()
    if "body" in request:
        return json.dumps(filled(request["body"], base)).encode()
    return None


class Response:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()


def ask(connection: http.client.HTTPConnection, request: dict[str, Any], base: str) -> Response:
    headers = {name: filled(value, base) for name, value in request.get("headers", {}).items()}
    body = body_of(request, base)
    if "body" in request and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/json"
    has_host = any(name.lower() == "host" for name in headers)
    connection.putrequest(
        request["method"], filled(request["path"], base), skip_host=has_host, skip_accept_encoding=True
    )
    for name, value in headers.items():
        connection.putheader(name, value.encode())
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    return Response(connection.getresponse())


def check(response: Response, expect: dict[str, Any], base: str) -> None:
    assert response.status == expect["status"], response.body[:500]
    assert header_differences(expect["headers"], response.headers) == []
    if "bytes" in expect:
        assert response.body.decode() == filled(expect["bytes"], base)
    if expect["match"] == "status":
        return
    if "body" in expect:
        assert response.body.decode() == filled(expect["body"], base)
        return
    actual = json.loads(response.body)
    assert differences(filled(expect["json"], base), actual, subset=expect["match"] == "subset") == []
    if "results_length" in expect:
        assert len(actual["results"]) == expect["results_length"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in SUITE["cases"]])
def test_case(
    case: dict[str, Any], service: ServiceProcess, throttled_service: ServiceProcess, live_database: None
) -> None:
    Fixtures(IDS).load(case["state"])
    running = throttled_service if case.get("throttled") else service
    # One connection for all requests of a case: it must outlive errors.
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)

    for _ in range(case.get("repeat", 1)):
        response = ask(connection, case, running.base)

    check(response, case["expect"], running.base)
    for request in case.get("then", []):
        check(ask(connection, request, running.base), request["expect"], running.base)
    connection.close()
