"""A dataset as a file: which items are in it, in which order, and how they are written."""

import json
import random
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from items.models import DatasetItem
from items.transfer.writing import batches
from tests.api import Api
from tests.history.scene import CONTENT, PREFIXES, Body, Scene, created, refused, shown
from tests.json_strategies import CHARACTERS, json_texts
from tests.people import key
from tests.transfer.writing.exported import NAMES, rows_in

FORMS = ("jsonl", "csv", "parquet")


def export(scene: Scene, query: str = "", *, of: Body | None = None, by: Api | None = None) -> Any:
    return (by or scene.api).get(scene.path(f"export/{query}", of))


def content(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def exported(scene: Scene, query: str = "", *, of: Body | None = None, form: str = "jsonl") -> list[Body]:
    return rows_in(form, content(export(scene, f"?export_format={form}{query}", of=of)))


def listed(scene: Scene, query: str = "", *, of: Body | None = None) -> list[Body]:
    """What an export is to have: the list from its far end, without the keys that only the list shows."""
    return [{name: item[name] for name in NAMES} for item in reversed(scene.results(f"&limit=1000{query}", of=of))]


@pytest.mark.parametrize("form", FORMS)
def test_an_export_has_the_items_oldest_first(scene: Scene, form: str) -> None:
    for number in range(5):
        scene.new_item(input={"n": number}, output=[1.50, None], ref_trace_id=f"t{number}", metadata=None)
    scene.archive(scene.new_item(input="archived"))
    scene.new_item(ref_timestamp="2025-01-02T03:04:05Z", ref_source_id="s")
    scene.new_item(ref_timestamp="0001-01-01T00:00:00.000001Z", output="")

    rows = exported(scene, form=form)

    assert rows == listed(scene)
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
def test_headers_tell_what_the_file_is(scene: Scene, query: str, media_type: str, ending: str) -> None:
    for _ in range(3):
        scene.new_item()

    answer = export(scene, query)

    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Dataset-Revision"] == "4"
    name = f"Golden set r4.{ending}"
    quoted = name.replace(" ", "%20")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{quoted}"
    assert "Content-Length" not in answer.headers
    content(answer)


@pytest.mark.parametrize(
    ("name", "plain", "quoted"),
    [
        ("日本", "__ r1.csv", "%E6%97%A5%E6%9C%AC%20r1.csv"),
        ('a"b\\c/d', "a_b_c_d r1.csv", "a_b_c_d%20r1.csv"),
        ("a\r\nX-Evil: 1", "a_X-Evil_ 1 r1.csv", "a_X-Evil_%201%20r1.csv"),
        ("..", "dataset r1.csv", "dataset%20r1.csv"),
        ("ü" * 400, "_" * 80 + " r1.csv", "%C3%BC" * 80 + "%20r1.csv"),
    ],
)
def test_any_name_makes_a_file_name(scene: Scene, name: str, plain: str, quoted: str) -> None:
    answer = export(scene, "?export_format=csv", of=scene.new_dataset(name))

    assert answer.headers["Content-Disposition"] == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quoted}"
    content(answer)


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_dataset_is_a_file_without_rows(scene: Scene, form: str) -> None:
    assert exported(scene, form=form) == []


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(json_texts(), min_size=3, max_size=3), ref=st.text(CHARACTERS, max_size=20))
def test_every_value_is_written_as_it_is_stored(scene: Scene, form: str, texts: list[str], ref: str) -> None:
    dataset = scene.new_dataset()
    body = '{"dataset":"%s","ref_trace_id":%s,"input":%s,"output":%s,"metadata":%s}' % (  # noqa: UP031
        dataset["id"], json.dumps(ref), *texts)  # fmt: skip
    answer = scene.api.post(scene.items, body)
    assert answer.status_code == 201, answer.content
    kept = DatasetItem.objects.get(id=answer.json()["id"])

    data = content(export(scene, f"?export_format={form}", of=dataset))

    (row,) = rows_in(form, data)
    assert (row["ref_trace_id"] or "") == (kept.ref_trace_id or "")
    for name in ("input", "output", "metadata"):
        text = getattr(kept, name) or "null"
        assert row[name] == json.loads(text)
        if form == "jsonl":
            assert f'"{name}":{text},'.encode() in data


def test_texts_that_csv_readers_stumble_over(scene: Scene) -> None:
    odd = ["", "=1+1", "+1", "@x", "a,b", 'say "hi"', "line\r\nbreak", " padded ", "null", "日本 😀", "\t", "'", "\\N"]
    for text in odd:
        scene.new_item(input=text, ref_trace_id=text)

    data = content(export(scene, "?export_format=csv"))

    assert [row["input"] for row in rows_in("csv", data)] == odd
    first, second = data.decode().split("\r\n")[1:3]
    assert first.split(",")[1:5] == ['""""""', "", "", '""']
    assert second.split(",")[1:5] == ['"""=1+1"""', "", "", '"=1+1"']


def test_nothing_is_escaped_that_need_not_be(scene: Scene) -> None:
    scene.new_item(input="日本 é 😀", ref_trace_id='é/"\\', metadata={"z": 1.10, "a": 1e2})

    line = content(export(scene)).decode()

    assert '"input":"日本 é 😀"' in line
    assert '"ref_trace_id":"é/\\"\\\\"' in line
    assert '"metadata":{"z":1.1,"a":100.0}' in line.replace(" ", "")


# --- Revisions -------------------------------------------------------------------------------------------------------


def lively(scene: Scene, seed: int) -> tuple[Body, Body]:
    """Two datasets between which items move, and a past of every kind."""
    chance, other = random.Random(seed), scene.new_dataset("Other")  # noqa: S311  nothing secret
    items: list[Body] = []
    for number in range(60):
        item = chance.choice(items) if items else None
        match chance.randrange(7):
            case 0 if item:
                scene.patch(item, input=number)
            case 1 if item:
                scene.archive(item)
            case 2 if item:
                scene.restore(item)
            case 3 if item:
                scene.move(item, chance.choice([scene.dataset, other]))
            case 4 if item:
                scene.patch(item)
            case _:
                items.append(scene.new_item(chance.choice([scene.dataset, other]), input=number))
    return scene.dataset, other


@pytest.mark.parametrize("sizes", [(1, 1, 10**6), (2, 3, 10**6), (50, 1000, 10**6), (50, 1000, 1), (3, 50, 20)])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_revision_is_exported_as_its_list_shows_it(
    scene: Scene, seed: int, sizes: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in zip(("FEWEST_ROWS", "MOST_ROWS", "BATCH_BYTES"), sizes, strict=True):
        monkeypatch.setattr(batches, name, value)
    both = lively(scene, seed)
    fork = created(scene.api.post(scene.path("fork/"), {"name": "Fork"}))

    for dataset in (*both, fork):
        head = scene.head(dataset)
        for revision in range(1, head + 1):
            query = f"&revision={revision}"
            assert exported(scene, query, of=dataset) == listed(scene, query, of=dataset), revision
        assert exported(scene, of=dataset) == listed(scene, of=dataset)


def test_items_of_one_time_are_all_there_in_batches_of_one(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "FEWEST_ROWS", 1)
    monkeypatch.setattr(batches, "MOST_ROWS", 2)
    ids = [scene.new_item(input=number)["id"] for number in range(7)]
    scene.patch({"id": ids[2]}, input="later")
    scene.archive({"id": ids[5]})
    of_one_time(scene)

    for query in ("", "&revision=8", "&revision=9"):
        assert exported(scene, query) == listed(scene, query), query


def of_one_time(scene: Scene) -> None:
    with connection.cursor() as cursor:
        for table in ("dataset_item", "item_version", "item_presence"):
            cursor.execute(
                f"UPDATE {table} SET created_at = '2020-01-01Z' WHERE dataset_id = %s", [scene.dataset["id"]]
            )


def test_a_revision_that_was_chosen_does_not_change_while_it_is_read(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "FEWEST_ROWS", 3)
    monkeypatch.setattr(batches, "MOST_ROWS", 3)
    items = [scene.new_item(input=number) for number in range(12)]
    before, other = listed(scene), scene.new_dataset("Other")

    chunks = iter(export(scene).streaming_content)
    read = next(chunks)
    scene.new_item(input="new")
    for at in (0, 4, 11):
        scene.patch(items[at], input="changed")
    scene.archive(items[5])
    scene.move(items[6], other)
    scene.patch(items[7], input="changed twice")
    scene.patch(items[7], input="changed again")
    read += b"".join(chunks)

    assert rows_in("jsonl", read) == before


def test_tags_and_times_are_taken_as_lists_take_them(scene: Scene) -> None:
    scene.new_item(input=1)
    scene.tag("golden", 2)
    time = scene.revisions()[0]["created_at"]
    scene.new_item(input=2)

    for query in ("&revision=golden", f"&as_of={time}", "&revision=2"):
        assert [row["input"] for row in exported(scene, query)] == [1]
    assert exported(scene, "&as_of=2000-01-01T00:00:00Z") == []
    refused(export(scene, "?revision=9"), 404, "not_found")
    refused(export(scene, "?revision=no-such-tag"), 404, "not_found")
    refused(export(scene, "?revision=No%20Tag"), 400, "invalid_input", "revision")
    refused(export(scene, "?revision=1&as_of=2000-01-01"), 400, "invalid_input", "as_of")
    refused(export(scene, "?as_of=yesterday"), 400, "invalid_input", "as_of")
    refused(export(scene, "?export_format=xml"), 400, "invalid_choice", "export_format")


def test_an_export_that_is_known_is_not_sent_again(scene: Scene) -> None:
    item = scene.new_item()
    for query in ("", "?revision=2", "?export_format=csv"):
        tag = export(scene, query).headers["ETag"]

        answer = scene.api.get(scene.path(f"export/{query}"), headers={"If-None-Match": tag})

        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["Dataset-Revision"] == "2"
    for query in ("", "?revision=2"):
        tag = export(scene, query).headers["ETag"]
        scene.patch(item)  # moves updated_at alone
        assert export(scene, query).headers["ETag"] != tag


# --- Who, and how it is asked for ------------------------------------------------------------------------------------


def test_others_do_not_get_it(scene: Scene) -> None:
    people, path = scene.people, scene.path("export/")
    for prefix in PREFIXES:
        of_prefix = path.replace("projects", prefix)
        assert scene.colleague.get(of_prefix).status_code == 200
        assert Api(key(people.colleague, "dataset:read")).get(of_prefix).status_code == 200
        assert Api(key(people.colleague, "project:write")).get(of_prefix).status_code == 403
        assert scene.stranger.get(of_prefix).status_code == 403
        assert Api().get(of_prefix).status_code == 401
    foreign = f"/api/projects/{people.foreign_project.id}/datasets/{scene.dataset['id']}/export/"
    assert scene.stranger.get(foreign).status_code == 404


def test_a_dataset_that_is_not_there_has_no_export(scene: Scene) -> None:
    gone = scene.new_dataset()
    shown(scene.api.patch(scene.path(of=gone), {"deleted": True}))

    refused(export(scene, of=gone), 404, "not_found")
    refused(export(scene, of={"id": "01990000-0000-7000-8000-00000000dead"}), 404, "not_found")
    refused(export(scene, of={"id": "x"}), 404, "not_found")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/csv", "application/x-ndjson", "text/html"])
def test_accept_decides_nothing(scene: Scene, accept: str) -> None:
    scene.new_item(input=1)

    answer = scene.api.get(scene.path("export/?export_format=csv"), headers={"accept": accept})

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    error = scene.api.get(scene.path("export/?export_format=xml"), headers={"accept": accept})
    assert (error.status_code, error.headers["Content-Type"]) == (400, "application/json")


def test_format_is_not_export_format(scene: Scene) -> None:
    for path in ("export/?format=csv", "export.csv"):
        refused(scene.api.get(scene.path(path)), 404, "not_found")


def test_head_reads_no_item(scene: Scene, django_assert_num_queries: Any) -> None:
    scene.new_item()

    with django_assert_num_queries(4):
        answer = scene.api.ask("HEAD", scene.path("export/"))

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"]


def test_an_export_costs_four_statements_and_one_a_batch(
    scene: Scene, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(10):
        scene.new_item()

    with django_assert_num_queries(4 + 2):
        exported(scene)
    monkeypatch.setattr(batches, "FEWEST_ROWS", 2)
    # Batches of 2, 4, 4 and none.
    with django_assert_num_queries(4 + 4):
        exported(scene)


def test_content_is_what_the_import_reads() -> None:
    assert set(CONTENT) < set(NAMES)
