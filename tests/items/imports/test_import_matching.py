"""Rows that match existing items by id or ref_source_id, and files that a dataset mirrors."""

import csv
import io
import json
import random
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.dataset_client import Body, DatasetClient, created, ok
from tests.history_check import assert_history_holds
from tests.items.imports.files import file_rejection, lines, send
from tests.items.validation.schemas import set_schemas

pytestmark = pytest.mark.django_db

COUNTS = ("created", "updated", "unchanged", "skipped", "archived")


def counts(body: Body) -> dict[str, int]:
    return {name: body[name] for name in COUNTS if body[name]}


def fill(client: DatasetClient, count: int = 5) -> None:
    created(send(client, lines(*({"input": n, "output": "a", "ref_source_id": f"k{n}"} for n in range(count)))))


def export(client: DatasetClient, export_format: str = "jsonl") -> bytes:
    response = client.api.get(client.path(f"export/?export_format={export_format}"))
    return b"".join(response.streaming_content)


def match(client: DatasetClient, file: bytes, import_format: str = "jsonl", **query: Any) -> dict[str, int]:
    query = {"match_on": "ref_source_id", "on_conflict": "update"} | query
    body = created(send(client, file, import_format, **query))
    assert_history_holds()
    return counts(body)


@pytest.mark.parametrize("export_format", ["jsonl", "csv", "parquet"])
def test_an_unedited_export_changes_nothing(export_format: str, client: DatasetClient) -> None:
    fill(client)
    file, head = export(client, export_format), client.head()

    for query in ({}, {"mirror": True}):
        assert match(client, file, export_format, match_on="id", **query) == {"unchanged": 5}
        assert match(client, file, export_format, **query) == {"unchanged": 5}
    assert client.head() == head


def test_edited_rows_of_an_export_are_updates(client: DatasetClient) -> None:
    fill(client)
    rows = list(csv.DictReader(io.StringIO(export(client, "csv").decode())))
    rows[1]["output"], rows[3]["input"] = '"better"', "7"
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    head = client.head()

    assert match(client, text.getvalue().encode(), "csv", match_on="id") == {"updated": 2, "unchanged": 3}
    assert client.head() == head + 1
    items = client.results()[::-1]
    assert [(item["id"], item["input"], item["output"]) for item in items] == [
        (row["id"], json.loads(row["input"]), json.loads(row["output"])) for row in rows
    ]
    assert client.revisions()[0]["updated"] == 2


def test_only_columns_of_the_file_are_changed(client: DatasetClient) -> None:
    fill(client, 1)

    assert match(client, lines({"ref_source_id": "k0", "metadata": {"a": 1}})) == {"updated": 1}
    [item] = client.results()
    assert (item["input"], item["output"], item["metadata"]) == (0, "a", {"a": 1})


def test_policies(client: DatasetClient) -> None:
    fill(client, 2)
    file = lines({"input": "x", "ref_source_id": "k0"}, {"input": "new", "ref_source_id": "k9"})

    response = send(client, file, match_on="ref_source_id")
    assert (response.status_code, response.json()["code"], response.json()["errors"][0]["row"]) == (409, "conflict", 1)
    assert match(client, file, on_conflict="skip") == {"created": 1, "skipped": 1}
    assert match(client, file) == {"updated": 1, "unchanged": 1}
    assert [item["input"] for item in client.results()] == ["new", 1, "x"]


def test_a_mirror_archives_what_the_file_lacks(client: DatasetClient) -> None:
    fill(client)
    file = lines(
        {"input": 0, "ref_source_id": "k0"}, {"input": 9, "ref_source_id": "k9"}, {"input": 2.5, "ref_source_id": "k2"}
    )

    assert match(client, file, mirror=True) == {"created": 1, "updated": 1, "unchanged": 1, "archived": 3}
    newest = client.revisions()[0]
    assert [newest[name] for name in ("created", "updated", "archived")] == [1, 1, 3]
    assert sorted(item["ref_source_id"] for item in client.results()) == ["k0", "k2", "k9"]
    head = client.head()
    assert match(client, file, mirror=True) == {"unchanged": 3}
    assert client.head() == head


def test_an_empty_mirror_archives_all(client: DatasetClient) -> None:
    fill(client, 3)

    assert match(client, b"", mirror=True) == {"archived": 3}
    assert client.results() == []


def test_a_dry_run_counts_and_stores_nothing(client: DatasetClient) -> None:
    fill(client, 3)
    head = client.head()
    file = lines({"input": "x", "ref_source_id": "k0"}, {"input": 1, "ref_source_id": "k1"}, {"ref_source_id": "new"})

    body = ok(send(client, file, match_on="ref_source_id", mirror=True, dry_run=True))

    assert counts(body) == {"created": 1, "updated": 1, "unchanged": 1, "archived": 1}
    assert (body["dataset_revision"], client.head(), len(client.results())) == (head, head, 3)
    errors = ok(send(client, file, match_on="ref_source_id", dry_run=True))["errors"]
    assert [(each["row"], each["line"], each["attr"], each["code"]) for each in errors] == [
        (1, 1, "ref_source_id", "conflict"),
        (2, 2, "ref_source_id", "conflict"),
    ]


def test_rows_that_cannot_be_matched_are_errors(client: DatasetClient) -> None:
    fill(client, 1)
    stranger = "01990000-0000-7000-8000-00000000dead"
    file = lines({"id": stranger, "input": 1}, {"id": "soon", "input": 1}, {"id": None, "input": "new"})

    body = send(client, file, match_on="id").json()
    assert [(each["row"], each["attr"], each["code"]) for each in body["errors"]] == [(2, "id", "invalid_input")]
    body = send(client, lines({"id": stranger, "input": 1}), match_on="id", on_conflict="update").json()
    assert [(each["row"], each["attr"], each["code"]) for each in body["errors"]] == [(1, "id", "does_not_exist")]
    assert match(client, lines({"id": None, "input": "new"}), match_on="id") == {"created": 1}


def test_an_item_of_another_dataset_is_not_matched(client: DatasetClient) -> None:
    fill(client, 1)
    file = export(client)
    other = client.new_dataset("Other")

    response = send(client, file, of=other, match_on="id", on_conflict="update")
    assert response.json()["errors"][0]["code"] == "does_not_exist"
    assert counts(created(send(client, file, of=other, match_on="ref_source_id", on_conflict="update"))) == {
        "created": 1
    }


def test_a_repeated_key_is_an_error(client: DatasetClient) -> None:
    body = send(
        client, lines({"ref_source_id": "a"}, {"ref_source_id": "b"}, {"ref_source_id": "a"}), match_on="ref_source_id"
    )

    assert body.json()["errors"][0]["detail"] == "Row 1 has the same key."
    assert body.json()["errors"][0]["row"] == 3


def test_two_items_with_one_key_are_an_error(client: DatasetClient) -> None:
    fill(client, 1)
    fill(client, 1)

    body = send(
        client, lines({"ref_source_id": "k0", "input": 5}), match_on="ref_source_id", on_conflict="update"
    ).json()
    assert (body["code"], body["errors"][0]["attr"]) == ("multiple_matches", "ref_source_id")


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ({"match_on": "input"}, "match_on"),
        ({"on_conflict": "update"}, "match_on"),
        ({"mirror": True}, "match_on"),
        ({"mirror": True, "match_on": "id", "on_conflict": "error"}, "on_conflict"),
        ({"match_on": "id", "on_conflict": "replace"}, "on_conflict"),
        ({"match_on": "id"}, "match_on"),
    ],
)
def test_incompatible_parameters_are_rejected(query: dict[str, Any], attr: str, client: DatasetClient) -> None:
    assert file_rejection(client, lines({"input": 1}), **query)[0] == attr


def test_a_mirror_needs_a_key_in_every_row(client: DatasetClient) -> None:
    body = send(client, lines({"ref_source_id": "a"}, {"input": 1}), match_on="ref_source_id", mirror=True).json()

    assert [(each["row"], each["attr"], each["code"]) for each in body["errors"]] == [(2, "ref_source_id", "required")]


def test_schemas_apply_to_what_changes(client: DatasetClient) -> None:
    fill(client, 2)
    set_schemas(client, input={"type": "number"}, output={"const": "b"}, enforce="new")

    assert match(client, lines({"ref_source_id": "k0", "input": 5, "output": "a"})) == {"updated": 1}
    body = send(
        client, lines({"ref_source_id": "k1", "input": "x"}), match_on="ref_source_id", on_conflict="update"
    ).json()
    assert (body["code"], body["errors"][0]["attr"]) == ("schema_mismatch", "input")
    body = send(
        client, lines({"ref_source_id": "new", "input": 1}), match_on="ref_source_id", on_conflict="update"
    ).json()
    assert (body["code"], body["errors"][0]["attr"]) == ("schema_mismatch", "output")


def test_many_rows_in_several_batches_are_one_revision(client: DatasetClient) -> None:
    fill(client, 2_500)
    head = client.head()
    rows = [{"input": n if n % 3 else -n - 1, "ref_source_id": f"k{n}"} for n in range(500, 3_000)]
    random.Random(7).shuffle(rows)  # noqa: S311  nothing secret  # noqa: S311  nothing secret

    changed = sum(row["input"] < 0 and int(row["ref_source_id"][1:]) < 2_500 for row in rows)
    expected = {"created": 500, "updated": changed, "unchanged": 2_000 - changed, "archived": 500}
    assert match(client, lines(*rows), mirror=True) == expected
    assert client.head() == head + 1
    newest = client.revisions()[0]
    assert [newest[name] for name in ("created", "updated", "archived")] == [500, changed, 500]


def test_a_dry_run_names_examples_of_each_outcome(client: DatasetClient) -> None:
    fill(client, 3)
    ids = {item["ref_source_id"]: item["id"] for item in client.results()}
    file = b"\n" + lines(
        {"input": "x", "output": "b", "metadata": None, "ref_source_id": "k2"},
        {"input": 1, "ref_source_id": "k1"},
        {"input": "first", "ref_source_id": "new"},
    )

    body = ok(send(client, file, match_on="ref_source_id", mirror=True, dry_run=True))
    assert body["examples"] == [
        {"status": "created", "row": 3, "line": 4, "id": None, "ref_source_id": "new", "fields": []},
        {"status": "updated", "row": 1, "line": 2, "id": ids["k2"], "ref_source_id": "k2",
         "fields": ["input", "output"]},
        {"status": "unchanged", "row": 2, "line": 3, "id": ids["k1"], "ref_source_id": "k1", "fields": []},
        {"status": "archived", "row": None, "line": None, "id": ids["k0"], "ref_source_id": "k0", "fields": []},
    ]  # fmt: skip
    file = lines({"input": 1}, {"id": ids["k1"], "ref_source_id": "other"})
    new, skipped = ok(send(client, file, match_on="id", on_conflict="skip", dry_run=True))["examples"]
    assert (new["status"], new["row"], new["ref_source_id"]) == ("created", 1, None)
    assert (skipped["status"], skipped["row"], skipped["id"], skipped["ref_source_id"]) == (
        "skipped",
        2,
        ids["k1"],
        "k1",
    )


def test_an_example_of_a_changed_key_names_the_present_one(client: DatasetClient) -> None:
    fill(client, 1)
    [item] = client.results()
    file = lines({"id": item["id"], "ref_source_id": "renamed", "ref_trace_id": "t"})

    [example] = ok(send(client, file, match_on="id", on_conflict="update", dry_run=True))["examples"]
    assert (example["ref_source_id"], example["fields"]) == ("k0", ["ref_trace_id", "ref_source_id"])


def test_examples_are_bounded_and_take_no_statements(client: DatasetClient) -> None:
    fill(client, 40)
    query = {"match_on": "ref_source_id", "mirror": True, "dry_run": True}
    rows = [{"input": "x", "ref_source_id": f"k{n}"} for n in range(60) if n < 25 or n >= 40]

    with CaptureQueriesContext(connection) as few:
        ok(send(client, lines(*rows[:1]), **query))
    with CaptureQueriesContext(connection) as many:
        body = ok(send(client, lines(*rows), **query))

    assert counts(body) == {"created": 20, "updated": 25, "archived": 15}
    assert Counter(each["status"] for each in body["examples"]) == {"created": 10, "updated": 10, "archived": 10}
    assert [each["row"] for each in body["examples"][:20]] == [*range(26, 36), *range(1, 11)]
    assert len(few) == len(many)


def test_rows_without_a_match_are_examples_of_creates(client: DatasetClient) -> None:
    rows = [{"input": n, "ref_source_id": f"k{n}"} for n in range(12)]

    body = ok(send(client, lines(*rows), dry_run=True))
    assert [(each["status"], each["row"], each["ref_source_id"]) for each in body["examples"]] == [
        ("created", n + 1, f"k{n}") for n in range(10)
    ]
    assert ok(send(client, lines({"input": 1}, {"ref_timestamp": "soon"}), dry_run=True))["examples"] == []
    assert created(send(client, lines(*rows)))["examples"] == []
