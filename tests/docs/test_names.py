"""The documents list each error code, header, scope and metric; a new one fails until it is listed."""

import ast
from collections.abc import Iterator
from typing import Any

import yaml
from django.conf import settings
from rest_framework import exceptions

from auth.scopes import OBJECTS
from datasets_api.observability.metrics import Metrics
from datasets_api.observability.metrics_page import full_registry
from tests.docs.documents import DOCS, PACKAGES, is_ours, table_rows, text_of
from tests.service_process import PROJECT_DIR

# Which positional argument of a call is an error code.
CODE_ARGUMENTS = {
    "Conflict": 0, "ErrorDetail": 1, "Failure": 0, "InvalidJSONValue": 0, "invalid": 1, "item_conflict": 0,
    "raise_invalid": 2, "refuse": 2,
}  # fmt: skip
ON_THE_WIRE = {"invalid": "invalid_input"}
# Signals inside the server, which no client receives.
INTERNAL = {"client_disconnected", "expect_continue"}


def string(node: ast.expr | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def codes_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id="default_code")], value=value):
                yield from string(value)
            case ast.Dict(keys=keys, values=values):
                for name, value in zip(keys, values, strict=True):
                    if isinstance(name, ast.Constant) and name.value == "code":
                        yield from string(value)
            case ast.Call(func=function, args=arguments, keywords=keywords):
                yield from (code for each in keywords if each.arg == "code" for code in string(each.value))
                place = CODE_ARGUMENTS.get(getattr(function, "attr", getattr(function, "id", "")), len(arguments))
                yield from (code for argument in arguments[place : place + 1] for code in string(argument))


def error_codes() -> set[str]:
    files = [file for each in PACKAGES for file in (PROJECT_DIR / each).rglob("*.py") if is_ours(file)]
    own = {code for file in files for code in codes_in(ast.parse(text_of(file)))}
    classes = [each for each in vars(exceptions).values() if hasattr(each, "default_code")]
    return {ON_THE_WIRE.get(code, code) for code in own | {each.default_code for each in classes}} - INTERNAL


def cells(page: str, column: int) -> str:
    return " ".join(row[column] for row in table_rows(text_of(DOCS / page)) if len(row) > column)


def test_each_error_code_is_listed() -> None:
    listed = cells("contract.md", 1)

    assert [code for code in sorted(error_codes()) if f"`{code}`" not in listed] == []


def openapi_headers(file: str) -> Iterator[str]:
    document: dict[str, Any] = yaml.safe_load(text_of(PROJECT_DIR / file))
    for operations in document["paths"].values():
        for operation in operations.values():
            yield from (each["name"] for each in operation.get("parameters", []) if each["in"] == "header")
            yield from (name for each in operation["responses"].values() for name in each.get("headers", {}))


def test_each_header_is_listed() -> None:
    headers = {*openapi_headers("openapi.yaml"), *openapi_headers("openapi-v2.yaml"), *settings.CORS_EXPOSE_HEADERS}
    listed = cells("contract.md", 0)

    assert [header for header in sorted(headers) if f"`{header}`" not in listed] == []


def test_each_scope_is_listed() -> None:
    listed = cells("tour.md", 0)

    assert [each for each in OBJECTS if f"`{each}:read`" not in listed] == []
    assert "`dataset:erase`" in listed


def test_each_metric_is_listed() -> None:
    listed = cells("operating.md", 0)
    collectors = Metrics("").registry.collect()
    metrics = {metric.name for metric in [*collectors, *full_registry().collect()]}

    assert len(metrics) > 10
    assert [name for name in sorted(metrics) if f"`{name}" not in listed] == []


def test_a_new_code_is_found() -> None:
    source = """
class Odd(APIException):
    default_code = "odd"
def f(): raise ValidationError({"x": ["?"]}, code="odder")
refuse("x", "?", "oddest")
"""

    assert set(codes_in(ast.parse(source))) == {"odd", "odder", "oddest"}
