"""Access to imports, repeated imports, and their cost."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.dataset_client import NOWHERE, PREFIXES, DatasetClient, created
from tests.items.imports.files import file_rejection, lines, send
from tests.people import key

pytestmark = pytest.mark.django_db

ROWS = lines({"input": 1}, {"input": 2})


@pytest.mark.parametrize("prefix", PREFIXES)
def test_both_prefixes(prefix: str, client: DatasetClient) -> None:
    path = f"/api/{prefix}/{client.project_id}/datasets/{client.dataset['id']}/import/?import_format=jsonl"

    for spelling in (path, path.replace("import/", "import")):
        assert client.api.post(spelling, ROWS, content_type="text/plain").status_code == 201


def test_a_colleague_imports_as_the_author(client: DatasetClient) -> None:
    assert send(client, ROWS, by=client.colleague).status_code == 201
    assert client.revisions()[0]["created_by"]["id"] == client.people.colleague.id
    assert {item["created_by"]["id"] for item in client.results()} == {client.people.colleague.id}


@pytest.mark.parametrize(
    ("scopes", "status"), [(["dataset:read"], 403), (["insight:write"], 403), (["dataset:write"], 201)]
)
def test_scopes(scopes: list[str], status: int, client: DatasetClient) -> None:
    assert send(client, ROWS, by=Api(key(client.people.owner, *scopes))).status_code == status


def test_no_key_and_strangers(client: DatasetClient) -> None:
    assert send(client, ROWS, by=Api()).status_code == 401
    assert send(client, ROWS, by=client.stranger).status_code == 403
    assert client.head() == 0


@pytest.mark.parametrize("dataset", [NOWHERE, "nonsense"])
def test_an_unknown_dataset(dataset: str, client: DatasetClient) -> None:
    for query in ({}, {"mapping": "{"}, {"import_format": "xml"}):
        assert send(client, b"{", of={"id": dataset}, **query).status_code == 404


def test_a_foreign_dataset_is_unknown(client: DatasetClient) -> None:
    base = f"/api/projects/{client.people.foreign_project.id}/datasets/"
    foreign = created(client.stranger.post(base, {"name": "Theirs"}))

    assert send(client, ROWS, of=foreign).status_code == 404


def test_parameters_come_before_rows(client: DatasetClient) -> None:
    assert file_rejection(client, b"{", mapping="{")[0] == "mapping"


# --- Repeats ---------------------------------------------------------------------------------------------------------

AGAIN = {"Idempotency-Key": "import-7"}


def test_the_same_file_with_the_same_key_is_imported_once(client: DatasetClient) -> None:
    first, second = (send(client, ROWS, headers=AGAIN) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.headers["Dataset-Revision"] == "1"
    assert len(client.results()) == 2


def test_another_file_with_the_same_key_is_rejected(client: DatasetClient) -> None:
    assert send(client, ROWS, headers=AGAIN).status_code == 201

    for file, query in ((ROWS + b"\n", {}), (b"{", {}), (ROWS, {"mapping": {"input": "output"}})):
        response = send(client, file, headers=AGAIN, **query)
        assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")


def test_a_rejected_file_stores_no_key(client: DatasetClient) -> None:
    assert send(client, b"{", headers=AGAIN).status_code == 400
    assert send(client, ROWS, headers=AGAIN).status_code == 201


def test_a_dry_run_stores_no_key(client: DatasetClient) -> None:
    assert send(client, ROWS, headers=AGAIN, dry_run=True).status_code == 200
    assert send(client, ROWS, headers=AGAIN).status_code == 201


def test_a_key_for_a_large_file_in_a_form(client: DatasetClient) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n'
    body = part + lines(*({"input": "x" * 1_000_000} for _ in range(4))) + b"\r\n--x--\r\n"

    responses = [
        send(client, body, None, media_type="multipart/form-data; boundary=x", headers=AGAIN) for _ in range(2)
    ]

    assert [response.json()["created"] for response in responses] == [4, 4]
    assert len(client.results()) == 4


@pytest.mark.parametrize("sent", ["", "x" * 256, "é"])
def test_an_invalid_key_is_rejected(sent: str, client: DatasetClient) -> None:
    assert file_rejection(client, ROWS, headers={"Idempotency-Key": sent})[0] == "Idempotency-Key"


# --- Costs -----------------------------------------------------------------------------------------------------------


def statements(client: DatasetClient, file: bytes, **query: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        send(client, file, **query)
    return [each["sql"] for each in captured if "SAVEPOINT" not in each["sql"]]


def test_a_thousand_rows_more_are_one_statement_more(client: DatasetClient) -> None:
    counts = [len(statements(client, lines(*({"input": n} for n in range(count))))) for count in (1, 1_000, 3_000)]

    assert counts == [8, 8, 10]


def test_a_rejected_file_and_a_dry_run_only_read_the_head_and_the_schemas(client: DatasetClient) -> None:
    assert len(statements(client, b"{")) == len(statements(client, ROWS, dry_run=True)) == 3


def test_nothing_is_locked_while_the_file_is_read(client: DatasetClient) -> None:
    sent_statements = statements(client, ROWS)

    locking = [number for number, each in enumerate(sent_statements) if "FOR UPDATE" in each]
    assert locking[0] == 3
    assert "FOR UPDATE" not in "".join(sent_statements[:3])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_a_405_even_with_a_key_and_a_body(method: str, client: DatasetClient) -> None:
    for body, media_type in ((b"\x89PNG", "application/octet-stream"), (b"{}", "application/json"), (b"a=%41", "x")):
        response = client.api.ask(
            method, client.path("import/"), body, content_type=media_type, headers={"Idempotency-Key": "sweep"}
        )

        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
