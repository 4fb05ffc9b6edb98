"""Writing items: nothing lost, nothing doubled, nothing silently ignored."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas
import pytest
from datasets import Dataset as HFDataset

from datasets_client import (
    Client,
    Dataset,
    DatasetNotFound,
    Erased,
    InvalidRow,
    ItemNotFound,
    NotFound,
    PushExample,
    RowsRejected,
    SchemaMismatch,
    StaleVersion,
    TagExists,
)
from datasets_client._commands import Request
from datasets_client._json_text import write_json
from datasets_client._operations import pushing


def test_rows_are_created_then_known_by_their_key(dataset: Dataset) -> None:
    rows = [{"case_id": number, "input": number, "output": "x"} for number in range(5)]

    first = dataset.push(rows, key="case_id")
    again = dataset.push(rows, key="case_id")
    rows[2]["output"] = "y"
    changed = dataset.push(rows, key="case_id", message="Correct case 2")

    assert (first.created, first.rows, first.parts) == (5, 5, 1)
    assert (again.unchanged, again.created, again.revision) == (5, 0, first.revision)
    assert (changed.updated, changed.unchanged, changed.revision) == (1, 4, (first.revision or 0) + 1)
    assert [item.output for item in dataset] == ["x", "x", "y", "x", "x"]


def test_a_message_is_kept_with_the_revision(dataset: Dataset) -> None:
    dataset.push([{"input": 1}], message="Erste Fälle: 100 %")

    assert dataset.revisions()[0].message == "Erste Fälle: 100 %"


def test_frames_hugging_face_datasets_items_and_files_are_rows(
    dataset: Dataset, client: Client, name: str, tmp_path: Path
) -> None:
    frame = pandas.DataFrame({"question": ["a", "b"], "answer": [1, 2]})
    mapping = {"question": "input.question", "answer": "output"}
    frame.to_csv(tmp_path / "rows.csv", index=False)
    frame.to_parquet(tmp_path / "rows.parquet")
    frame.to_json(tmp_path / "rows.jsonl.gz", orient="records", lines=True)

    for source in (
        frame,
        HFDataset.from_pandas(frame),
        *(tmp_path / f"rows.{kind}" for kind in ("csv", "parquet", "jsonl.gz")),
    ):
        assert dataset.push(source, mapping=mapping).created == 2

    assert [(item.input, item.output) for item in dataset] == [({"question": "a"}, 1), ({"question": "b"}, 2)] * 5
    copy = client.create(f"{name}-copy")
    assert copy.push(dataset).created == 10
    assert copy.digest() == dataset.digest()


def test_long_pushes_go_in_parts(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushing, "PART_ROWS", 100)

    report = dataset.push({"input": number} for number in range(250))

    assert (report.created, report.parts, report.rows) == (250, 3, 250)
    assert [item.input for item in dataset] == list(range(250))


def test_a_refused_row_is_named_and_its_part_is_not_stored(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushing, "PART_ROWS", 10)
    rows: list[dict[str, Any]] = [{"input": number} for number in range(25)]
    rows[17]["ref_timestamp"] = "soon"

    with pytest.raises(RowsRejected, match="Row 18") as caught:
        dataset.push(rows)

    (error,) = caught.value.errors
    assert (error.row, error.attr, error.code) == (18, "ref_timestamp", "invalid_input")
    assert caught.value.report.created == len(dataset) == 10
    rows[17]["ref_timestamp"] = "2026-01-01T00:00:00Z"
    resumed = dataset.push(rows)
    assert (resumed.created, resumed.resumed_parts) == (25, 1)
    assert [item.input for item in dataset] == list(range(25))


def test_partial_stores_the_others_and_reports_the_wrong_ones(dataset: Dataset) -> None:
    report = dataset.push([{"input": 1}, {"input": 2, "ref_timestamp": "soon"}, {"input": 3}], partial=True)

    assert report.created == 2
    assert [(error.row, error.attr) for error in report.errors] == [(2, "ref_timestamp")]


def test_rows_that_json_cannot_hold_are_named(dataset: Dataset) -> None:
    with pytest.raises(InvalidRow, match="Row 2: A number is NaN"):
        dataset.push([{"input": 1.0}, {"input": {"a": [float("nan")]}}])
    with pytest.raises(InvalidRow, match="Row 1: A text holds half"):
        dataset.push([{"input": "\ud800"}])
    with pytest.raises(InvalidRow, match="Row 1: A value of type object"):
        dataset.push([{"input": object()}])
    assert len(dataset) == 0


def test_a_key_that_stands_twice_is_refused(dataset: Dataset) -> None:
    with pytest.raises(InvalidRow, match="Row 3: The key 'a' stands in row 1"):
        dataset.push([{"k": "a"}, {"k": "b"}, {"k": "a"}], key="k")


def test_rows_go_to_a_dataset_and_not_to_a_revision(dataset: Dataset) -> None:
    for choice in (dataset.at(1), dataset.latest, dataset.where(split="pr")):
        with pytest.raises(ValueError, match="not to a revision"):
            choice.push([{"input": 1}])


def test_a_dry_run_stores_nothing(dataset: Dataset) -> None:
    rows = [{"k": 1, "input": 1}, {"k": 2, "input": 2}]
    dataset.push(rows[:1], key="k")

    report = dataset.push(rows, key="k", dry_run=True)

    assert (report.created, report.unchanged, report.dry_run) == (1, 1, True)
    assert len(dataset) == 1


def test_a_dry_run_names_examples_of_each_status(dataset: Dataset) -> None:
    dataset.push([{"k": key, "input": 1, "output": 1} for key in range(30)], key="k")
    ids = {item.ref_source_id: item.id for item in dataset}
    rows = [{"k": key, "input": 1 if key < 2 else 2, "output": 1} for key in range(29)] + [{"k": "new", "input": 1}]

    parts = dataset.push(rows, key="k", dry_run=True)
    mirror = dataset.push(rows, key="k", mirror=True, dry_run=True)

    for report in (parts, mirror):
        assert (report.created, report.updated, report.unchanged) == (1, 27, 2)
        assert [each for each in report.examples if each.status == "updated"] == [
            PushExample("updated", key + 1, ids[str(key)], str(key), ("input",)) for key in range(2, 12)
        ]
        assert [(each.row, each.ref_source_id) for each in report.examples if each.status == "unchanged"] == [
            (1, "0"), (2, "1"),
        ]  # fmt: skip
        assert PushExample("created", 30, None, "new") in report.examples
    assert mirror.examples[-1] == PushExample("archived", None, ids["29"], "29")
    assert dataset.push(rows, key="k").examples == []


def test_a_mirror_archives_what_the_rows_lack(dataset: Dataset) -> None:
    dataset.push([{"k": key, "input": key} for key in "abc"], key="k")
    rows = [{"k": key, "input": key} for key in "ad"]

    dry = dataset.push(rows, key="k", mirror=True, dry_run=True)
    report = dataset.push(rows, key="k", mirror=True)
    again = dataset.push(rows, key="k", mirror=True)

    assert (
        (dry.created, dry.archived, dry.unchanged) == (report.created, report.archived, report.unchanged) == (1, 2, 1)
    )
    assert sorted(item.case_id for item in dataset) == ["a", "d"]
    assert (again.unchanged, again.revision) == (2, report.revision)


def test_a_mirror_of_nothing_or_without_a_key_is_refused(dataset: Dataset) -> None:
    dataset.push([{"k": "a"}], key="k")

    with pytest.raises(ValueError, match="allow_empty"):
        dataset.push([], key="k", mirror=True)
    with pytest.raises(ValueError, match="needs key"):
        dataset.push([{"input": 1}], mirror=True)
    assert len(dataset) == 1


EXACT = [
    '{"z":1.50,"a":1e2,"m":[0.10000000000000000001,12345678901234567890123456789]}',
    '"NaN"', '"nan"', '"None"', '""', '"NA"', "null", "1.0", "-0.0", "1E400",
    '{"":{"b":1,"a":2}}', '"\\u0001 \\\\ \\""',
    '"  é😀 \\n"', '"2026-01-01"', "true", '"007"',
]  # fmt: skip


def test_digits_order_of_keys_and_look_alikes_of_nan_are_equal_after_push_and_pull(
    dataset: Dataset, client: Client, name: str, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(
        "".join(f'{{"input":{text},"output":{text},"metadata":{{"v":{text}}}}}\n' for text in EXACT), encoding="utf-8"
    )
    dataset.push(path)

    stored = [item.raw["input"] for item in dataset]
    copy = client.create(f"{name}-copy")
    copy.push(dataset)

    assert stored == [text.replace("\\u0001", "\\u0001") for text in EXACT]
    assert [item.raw["metadata"] for item in copy] == [f'{{"v":{text}}}' for text in EXACT]


def test_decimals_come_back_with_every_digit(dataset: Dataset, client: Client, name: str) -> None:
    value = {"price": Decimal("19.90"), "big": Decimal("1E+400"), "pi": Decimal("3.141592653589793238462643383279")}
    dataset.push([{"input": value}])

    with Client(client.settings.url, client.settings.api_key, numbers="decimal") as exact:
        found = exact.dataset(name)[0].input

    assert found == value
    assert str(found["price"]) == "19.90"
    assert dataset[0].input["pi"] == 3.141592653589793


def test_an_update_returns_the_item_as_it_then_is(dataset: Dataset) -> None:
    dataset.push([{"input": 1, "output": 2, "ref_source_id": "a"}])
    item = dataset["a"]

    changed = item.update(output="four", metadata={"by": "me"})

    assert (changed.output, changed.metadata, changed.input, changed.version) == ("four", {"by": "me"}, 1, 2)
    assert item.output == 2
    assert [version.output for version in changed.versions()] == ["four", 2]
    assert changed.update(output="five").version == 3


def test_an_update_of_what_somebody_else_changed_is_refused(dataset: Dataset, client: Client, name: str) -> None:
    dataset.push([{"input": 1, "ref_source_id": "a"}])
    mine, theirs = dataset[0], client.dataset(name).get("a")
    alone = dataset[mine.id]
    theirs.update(output="theirs")

    for read in (mine, alone):
        with pytest.raises(StaleVersion) as caught:
            read.update(output="mine")
        assert caught.value.current_version == 2
    assert dataset[0].output == "theirs"


def test_an_update_that_says_nothing_or_something_unknown_is_refused(dataset: Dataset) -> None:
    dataset.push([{"input": 1}])

    with pytest.raises(TypeError, match="nothing"):
        dataset[0].update()
    with pytest.raises(TypeError, match="outputs"):
        dataset[0].update(outputs=1)


def test_archive_and_restore(dataset: Dataset) -> None:
    dataset.push([{"input": 1}])
    item = dataset[0]
    item.update(input=2)
    latest = dataset[0]

    archived = latest.archive()
    assert archived.deleted
    assert len(dataset) == 0
    with pytest.raises(ItemNotFound):
        dataset[item.id]
    assert latest.archive().deleted
    assert archived.restore(1).input == 1
    assert len(dataset) == 1


def test_a_tag_moves_by_force_alone(dataset: Dataset) -> None:
    dataset.push([{"input": 1}])
    dataset.tag("v1")
    dataset.push([{"input": 2}])

    with pytest.raises(TagExists):
        dataset.tag("v1")
    with pytest.raises(NotFound):
        dataset.tag("../../v1?x=")
    assert dataset.tag("v1", force=True).revision == dataset.resolved_revision()


def test_a_diff_names_what_changed(dataset: Dataset) -> None:
    dataset.push([{"input": number, "ref_source_id": str(number)} for number in range(3)])
    since = dataset.resolved_revision()
    dataset["0"].update(output="x")
    dataset["1"].archive()
    dataset.push([{"input": 3, "ref_source_id": "3"}])

    found = dataset.diff(since)

    assert (found.added, found.changed, found.removed) == (1, 1, 1)
    assert {(change.case_id, change.change, change.fields) for change in found.changes} == {
        ("0", "changed", ("output",)), ("1", "removed", ()), ("3", "added", ()),
    }  # fmt: skip
    assert not dataset.diff(dataset.resolved_revision())


def test_a_fork_holds_the_items_of_its_revision(dataset: Dataset, name: str) -> None:
    dataset.push([{"input": 1}])
    before = dataset.resolved_revision()
    dataset.push([{"input": 2}])

    assert [item.input for item in dataset.at(before).fork(f"{name}-f")] == [1]


def test_a_rollback_is_a_new_revision(dataset: Dataset) -> None:
    dataset.push([{"input": number, "ref_source_id": str(number)} for number in range(3)])
    before = dataset.resolved_revision()
    dataset["0"].update(output="x")
    dataset["1"].archive()
    dataset.push([{"input": 3}])
    now = dataset.resolved_revision()

    dry = dataset.rollback(before, dry_run=True)
    assert dataset.resolved_revision() == now
    report = dataset.rollback(before, message="Back to the first state")

    assert dict(dry.counts) == dict(report.counts)
    assert report.revision == dataset.resolved_revision() == now + 1
    assert not dataset.diff(before)


def test_a_schema_refuses_a_row_by_its_path(dataset: Dataset, client: Client) -> None:
    body = write_json({"input": {"type": "object"}}).encode()
    put = Request("PUT", f"datasets/{dataset.id}/schemas/", {}, {"Content-Type": "application/json"}, body)
    client._driver.run(client._subject.send(put))

    with pytest.raises(RowsRejected) as caught:
        dataset.push([{"input": {}}, {"input": 1}])
    assert (caught.value.code, caught.value.errors[0].row) == ("schema_mismatch", 2)
    dataset.push([{"input": {}}])
    with pytest.raises(SchemaMismatch):
        dataset[0].update(input=1)


def test_create_takes_the_one_that_is_there_where_that_is_meant(client: Client, name: str) -> None:
    made = client.create(name, description="d", metadata={"owner": "qa"})

    assert client.create(name, exist_ok=True).id == made.id
    assert made.details()["metadata"] == {"owner": "qa"}


def test_items_are_erased_in_every_version(dataset: Dataset) -> None:
    dataset.push([{"input": "secret", "ref_source_id": "a"}, {"input": "kept"}])
    item = dataset["a"]

    assert dataset.erase_items([item.id], dry_run=True)
    assert len(dataset) == 2
    dataset.erase_items([item.id], reason="asked for")

    assert [found.input for found in dataset] == ["kept"]
    assert all(version.input is None for version in item.versions())
    with pytest.raises(Erased):
        item.restore(1)


def test_a_dataset_is_erased_by_its_exact_name(dataset: Dataset, client: Client, name: str) -> None:
    dataset.erase(confirm=name)

    with pytest.raises(DatasetNotFound):
        len(client.dataset(name))
