"""A dataset as a file: the items in it, their order, and their format."""

import json
import random
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from items.exports import batches
from items.models import DatasetItem
from tests.api import Api
from tests.dataset_client import CONTENT, PREFIXES, Body, DatasetClient, assert_error, created, ok
from tests.items.exports.exported_files import NAMES, rows_in
from tests.json_strategies import CHARACTERS, json_texts
from tests.people import key

# Line ends for many readers, but not in JSON Lines.
LINE_ENDS = "\u2028\u2029\u0085"
FORMS = ("jsonl", "csv", "parquet")


def export(client: DatasetClient, query: str = "", *, of: Body | None = None, by: Api | None = None) -> Any:
    return (by or client.api).get(client.path(f"export/{query}", of))


def content(response: Any) -> bytes:
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def exported(client: DatasetClient, query: str = "", *, of: Body | None = None, form: str = "jsonl") -> list[Body]:
    return rows_in(form, content(export(client, f"?export_format={form}{query}", of=of)))


def listed(client: DatasetClient, query: str = "", *, of: Body | None = None) -> list[Body]:
    """Return the expected export: the reversed list, without the keys that only lists have."""
    return [{name: item[name] for name in NAMES} for item in reversed(client.results(f"&limit=1000{query}", of=of))]


@pytest.mark.parametrize("form", FORMS)
def test_an_export_has_the_items_oldest_first(client: DatasetClient, form: str) -> None:
    for number in range(5):
        client.new_item(input={"n": number}, output=[1.50, None], ref_trace_id=f"t{number}", metadata=None)
    client.archive(client.new_item(input="archived"))
    client.new_item(ref_timestamp="2025-01-02T03:04:05Z", ref_source_id="s")
    client.new_item(ref_timestamp="0001-01-01T00:00:00.000001Z", output="")

    rows = exported(client, form=form)

    assert rows == listed(client)
    assert len(rows) == 7
    assert [row["input"] for row in rows[:5]] == [{"n": number} for number in range(5)]


@pytest.mark.parametrize(
    ("query", "media_type", "ending"),
    [
        ("", "application/x-ndjson", "jsonl"),
        ("?export_format=", "application/x-ndjson", "jsonl"),
        ("?export_format=jsonl", "application/x-ndjson", "jsonl"),
        ("?export_format=csv", "text/csv; charset=utf-8", "csv"),
        ("?export_format=parquet", "application/vnd.apache.parquet", "parquet"),
    ],
)
def test_headers_describe_the_file(client: DatasetClient, query: str, media_type: str, ending: str) -> None:
    for _ in range(3):
        client.new_item()

    response = export(client, query)

    assert response.headers["Content-Type"] == media_type
    assert response.headers["Dataset-Revision"] == "3"
    name = f"Golden set r3.{ending}"
    quoted = name.replace(" ", "%20")
    assert response.headers["Content-Disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{quoted}"
    assert "Content-Length" not in response.headers
    content(response)


@pytest.mark.parametrize(
    ("name", "plain", "quoted"),
    [
        ("日本", "__ r0.csv", "%E6%97%A5%E6%9C%AC%20r0.csv"),
        ('a"b\\c/d', "a_b_c_d r0.csv", "a_b_c_d%20r0.csv"),
        ("a\r\nX-Evil: 1", "a_X-Evil_ 1 r0.csv", "a_X-Evil_%201%20r0.csv"),
        ("..", "dataset r0.csv", "dataset%20r0.csv"),
        ("ü" * 400, "_" * 80 + " r0.csv", "%C3%BC" * 80 + "%20r0.csv"),
    ],
)
def test_any_name_makes_a_file_name(client: DatasetClient, name: str, plain: str, quoted: str) -> None:
    response = export(client, "?export_format=csv", of=client.new_dataset(name))

    assert response.headers["Content-Disposition"] == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quoted}"
    content(response)


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_dataset_is_a_file_without_rows(client: DatasetClient, form: str) -> None:
    assert exported(client, form=form) == []


def escape_line_ends(text: str) -> str:
    for character in LINE_ENDS:
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(json_texts(), min_size=3, max_size=3), ref=st.text(CHARACTERS, max_size=20))
def test_every_value_is_written_as_stored(client: DatasetClient, form: str, texts: list[str], ref: str) -> None:
    dataset = client.new_dataset()
    body = '{"dataset":"%s","ref_trace_id":%s,"input":%s,"output":%s,"metadata":%s}' % (  # noqa: UP031
        dataset["id"], json.dumps(ref), *texts)  # fmt: skip
    response = client.api.post(client.items, body)
    assert response.status_code == 201, response.content
    kept = DatasetItem.objects.get(id=response.json()["id"])

    data = content(export(client, f"?export_format={form}", of=dataset))

    (row,) = rows_in(form, data)
    assert (row["ref_trace_id"] or "") == (kept.ref_trace_id or "")
    for name in ("input", "output", "metadata"):
        text = getattr(kept, name) or "null"
        assert row[name] == json.loads(text)
        if form == "jsonl":
            assert f'"{name}":{escape_line_ends(text)},'.encode() in data


def test_difficult_strings_survive_csv_readers(client: DatasetClient) -> None:
    odd = ["", "=1+1", "+1", "@x", "a,b", 'say "hi"', "line\r\nbreak", " padded ", "null", "日本 😀", "\t", "'", "\\N"]
    for text in odd:
        client.new_item(input=text, ref_trace_id=text)

    data = content(export(client, "?export_format=csv"))

    assert [row["input"] for row in rows_in("csv", data)] == odd
    first, second = data.decode().split("\r\n")[1:3]
    assert first.split(",")[1:5] == ['""""""', "", "", '""']
    assert second.split(",")[1:5] == ['"""=1+1"""', "", "", '"=1+1"']


def test_nothing_is_escaped_without_need(client: DatasetClient) -> None:
    client.new_item(input="日本 é 😀", ref_trace_id='é/"\\', metadata={"z": 1.10, "a": 1e2})

    line = content(export(client)).decode()

    assert '"input":"日本 é 😀"' in line
    assert '"ref_trace_id":"é/\\"\\\\"' in line
    assert '"metadata":{"z":1.1,"a":100.0}' in line.replace(" ", "")


# --- Revisions -------------------------------------------------------------------------------------------------------


def lively(client: DatasetClient, seed: int) -> tuple[Body, Body]:
    """Two datasets with items that move between them, and a history of every kind."""
    chance, other = random.Random(seed), client.new_dataset("Other")  # noqa: S311  nothing secret
    items: list[Body] = []
    for number in range(60):
        item = chance.choice(items) if items else None
        match chance.randrange(7):
            case 0 if item:
                client.patch(item, input=number)
            case 1 if item:
                client.archive(item)
            case 2 if item:
                client.restore(item)
            case 3 if item:
                client.move(item, chance.choice([client.dataset, other]))
            case 4 if item:
                client.patch(item)
            case _:
                items.append(client.new_item(chance.choice([client.dataset, other]), input=number))
    return client.dataset, other


@pytest.mark.parametrize("sizes", [(1, 1, 10**6), (2, 3, 10**6), (50, 1000, 10**6), (50, 1000, 1), (3, 50, 20)])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_revision_is_exported_like_its_list(
    client: DatasetClient, seed: int, sizes: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in zip(("MIN_ROWS", "MAX_ROWS", "BATCH_BYTES"), sizes, strict=True):
        monkeypatch.setattr(batches, name, value)
    both = lively(client, seed)
    fork = created(client.api.post(client.path("fork/"), {"name": "Fork"}))

    for dataset in (*both, fork):
        head = client.head(dataset)
        for revision in range(head + 1):
            query = f"&revision={revision}"
            assert exported(client, query, of=dataset) == listed(client, query, of=dataset), revision
        assert exported(client, of=dataset) == listed(client, of=dataset)


def test_items_of_equal_time_are_complete_in_batches_of_one(
    client: DatasetClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MIN_ROWS", 1)
    monkeypatch.setattr(batches, "MAX_ROWS", 2)
    ids = [client.new_item(input=number)["id"] for number in range(7)]
    client.patch({"id": ids[2]}, input="later")
    client.archive({"id": ids[5]})
    of_one_time(client)

    for query in ("", "&revision=7", "&revision=8"):
        assert exported(client, query) == listed(client, query), query


def of_one_time(client: DatasetClient) -> None:
    with connection.cursor() as cursor:
        for table in ("dataset_item", "item_version", "item_validity"):
            cursor.execute(
                f"UPDATE {table} SET created_at = '2020-01-01Z' WHERE dataset_id = %s", [client.dataset["id"]]
            )


def test_concurrent_writes_do_not_affect_an_export(client: DatasetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MIN_ROWS", 3)
    monkeypatch.setattr(batches, "MAX_ROWS", 3)
    items = [client.new_item(input=number) for number in range(12)]
    before, other = listed(client), client.new_dataset("Other")

    chunks = iter(export(client).streaming_content)
    read = next(chunks)
    client.new_item(input="new")
    for at in (0, 4, 11):
        client.patch(items[at], input="changed")
    client.archive(items[5])
    client.move(items[6], other)
    client.patch(items[7], input="changed twice")
    client.patch(items[7], input="changed again")
    read += b"".join(chunks)

    assert rows_in("jsonl", read) == before


def test_tags_and_times_select_revisions_as_in_lists(client: DatasetClient) -> None:
    client.new_item(input=1)
    client.tag("golden", 1)
    time = client.revisions()[0]["created_at"]
    client.new_item(input=2)

    for query in ("&revision=golden", f"&as_of={time}", "&revision=1"):
        assert [row["input"] for row in exported(client, query)] == [1]
    assert exported(client, "&as_of=2000-01-01T00:00:00Z") == []
    assert_error(export(client, "?revision=9"), 404, "not_found")
    assert_error(export(client, "?revision=no-such-tag"), 404, "not_found")
    assert_error(export(client, "?revision=No%20Tag"), 400, "invalid_input", "revision")
    assert_error(export(client, "?revision=1&as_of=2000-01-01"), 400, "invalid_input", "as_of")
    assert_error(export(client, "?as_of=yesterday"), 400, "invalid_input", "as_of")
    assert_error(export(client, "?export_format=xml"), 400, "invalid_choice", "export_format")


def test_an_unchanged_export_is_not_sent_again(client: DatasetClient) -> None:
    item = client.new_item()
    for query in ("", "?revision=1", "?export_format=csv"):
        tag = export(client, query).headers["ETag"]

        response = client.api.get(client.path(f"export/{query}"), headers={"If-None-Match": tag})

        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["Dataset-Revision"] == "1"
    for query in ("", "?revision=1"):
        tag = export(client, query).headers["ETag"]
        client.patch(item)  # only moves updated_at
        assert export(client, query).headers["ETag"] != tag


# --- Access and parameters -------------------------------------------------------------------------------------------


def test_strangers_get_no_export(client: DatasetClient) -> None:
    people, path = client.people, client.path("export/")
    for prefix in PREFIXES:
        of_prefix = path.replace("projects", prefix)
        assert client.colleague.get(of_prefix).status_code == 200
        assert Api(key(people.colleague, "dataset:read")).get(of_prefix).status_code == 200
        assert Api(key(people.colleague, "project:write")).get(of_prefix).status_code == 403
        assert client.stranger.get(of_prefix).status_code == 403
        assert Api().get(of_prefix).status_code == 401
    foreign = f"/api/projects/{people.foreign_project.id}/datasets/{client.dataset['id']}/export/"
    assert client.stranger.get(foreign).status_code == 404


def test_an_unknown_dataset_has_no_export(client: DatasetClient) -> None:
    gone = client.new_dataset()
    ok(client.api.patch(client.path(of=gone), {"deleted": True}))

    assert_error(export(client, of=gone), 404, "not_found")
    assert_error(export(client, of={"id": "01990000-0000-7000-8000-00000000dead"}), 404, "not_found")
    assert_error(export(client, of={"id": "x"}), 404, "not_found")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/csv", "application/x-ndjson", "text/html"])
def test_the_accept_header_does_not_matter(client: DatasetClient, accept: str) -> None:
    client.new_item(input=1)

    response = client.api.get(client.path("export/?export_format=csv"), headers={"accept": accept})

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    error = client.api.get(client.path("export/?export_format=xml"), headers={"accept": accept})
    assert (error.status_code, error.headers["Content-Type"]) == (400, "application/json")


def test_format_is_not_export_format(client: DatasetClient) -> None:
    for path in ("export/?format=csv", "export.csv"):
        assert_error(client.api.get(client.path(path)), 404, "not_found")


def test_a_head_request_reads_no_items(client: DatasetClient, django_assert_num_queries: Any) -> None:
    client.new_item()

    with django_assert_num_queries(4):
        response = client.api.ask("HEAD", client.path("export/"))

    assert response.status_code == 200
    assert response.headers["Content-Disposition"]


def test_an_export_costs_four_statements_and_one_per_batch(
    client: DatasetClient, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(10):
        client.new_item()

    with django_assert_num_queries(4 + 2):
        exported(client)
    monkeypatch.setattr(batches, "MIN_ROWS", 2)
    # Batches of 2, 4, 4 and none.
    with django_assert_num_queries(4 + 4):
        exported(client)


def test_each_item_is_one_line_for_every_reader(client: DatasetClient) -> None:
    text = f"one{LINE_ENDS}two"
    client.new_item(input=text, output={text: text}, ref_source_id=text)

    data = content(export(client))

    assert len(data.decode().splitlines()) == 1
    (row,) = exported(client)
    assert (row["input"], row["output"], row["ref_source_id"]) == (text, {text: text}, text)


def test_an_import_reads_the_exported_content() -> None:
    assert set(CONTENT) < set(NAMES)
