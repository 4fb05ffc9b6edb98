"""Actions on ticked items: metadata, moves, restores and exports, of the present and of a past revision."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import Console, sums


def tick(page: Page, *numbers: int) -> None:
    for number in numbers:
        page.get_by_label(f"Select item {number}", exact=True).check()


def choose(page: Page, action: str) -> Any:
    page.get_by_role("toolbar").get_by_role("button", name=action).click()
    return page.get_by_role("dialog")


def download(page: Page, label: str) -> bytes:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(label).check()
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="Download").click()
    return Path(saved.value.path()).read_bytes()


def test_a_key_of_the_metadata_is_set_to_the_letter_and_taken_back(console: Console) -> None:
    dataset = console.dataset()
    console.load(dataset, '{"input":1,"metadata":{"b":1.50,"a":2}}\n{"input":2,"metadata":"text"}\n{"input":3}')
    page = console.page(console.at(dataset))

    tick(page, 1, 2, 3)
    dialog = choose(page, "Set metadata")
    dialog.get_by_label("Key").fill("split")
    dialog.get_by_label("Value").fill("test")
    dialog.get_by_role("button", name="See what would change").click()
    expect(dialog).to_contain_text("1 item has metadata that is no object")
    dialog.get_by_role("button", name="Change").click()
    expect(page.get_by_text("Set metadata.split of 2 items.")).to_be_visible()

    exported = console.http.get(f"datasets/{dataset}/export/?export_format=jsonl").text
    assert '"metadata":{"b":1.50,"a":2,"split":"test"}' in exported
    assert [each["metadata"] for each in console.items(dataset)][1:] == ["text", {"split": "test"}]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone")).to_be_visible()
    assert [each["metadata"] for each in console.items(dataset)] == [{"b": 1.5, "a": 2}, "text", None]


def test_items_are_moved_and_moved_back(console: Console) -> None:
    dataset, other = console.dataset(lines=sums(5)), console.dataset("Other")
    page = console.page(console.at(dataset))

    tick(page, 1, 3)
    dialog = choose(page, "Move")
    dialog.get_by_label("Other").check()
    dialog.get_by_role("button", name="Move 2 items").click()
    expect(page.get_by_text("Moved 2 items to Other.")).to_be_visible()
    assert [len(console.items(each)) for each in (dataset, other)] == [3, 2]

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Moved 2 items back.")).to_be_visible()
    assert [len(console.items(each)) for each in (dataset, other)] == [5, 0]


def test_archived_items_are_restored(console: Console) -> None:
    dataset = console.dataset(lines=sums(3))
    for item in console.items(dataset)[:2]:
        console.http.post(f"dataset_items/{item['id']}/archive/").raise_for_status()
    page = console.page(console.at(dataset, "?deleted=true"))

    tick(page, 1, 2)
    choose(page, "Restore").get_by_role("button", name="Restore 2 items").click()
    expect(page.get_by_text("Restored 2 items")).to_be_visible()

    assert len(console.items(dataset)) == 3


def test_what_the_table_shows_is_exported_in_each_format(console: Console) -> None:
    dataset = console.dataset(lines=sums(30))
    page = console.page(console.at(dataset, "?metadata__split=train"))
    expect(page.locator(".total")).to_have_text("10 of 30 items")
    files = []
    for label in ("JSON Lines", "CSV", "Parquet"):
        page.get_by_role("button", name="Export").click()
        files.append(download(page, label))

    outputs = [6 * number for number in range(10)]
    assert [json.loads(line)["output"] for line in files[0].splitlines()] == outputs
    assert [int(row["output"]) for row in csv.DictReader(io.StringIO(files[1].decode()))] == outputs
    assert [int(text) for text in pq.read_table(io.BytesIO(files[2]))["output"].to_pylist()] == outputs


@pytest.mark.parametrize("label", ["JSON Lines", "CSV"])
def test_ticked_items_of_a_past_revision_are_exported_as_they_were(console: Console, label: str) -> None:
    dataset = console.dataset(lines=sums(3))
    item = console.items(dataset)[0]
    console.http.patch(f"dataset_items/{item['id']}/", json={"output": 77}).raise_for_status()
    page = console.page(console.at(dataset, "?revision=1"))

    tick(page, 3)
    choose(page, "Export")
    text = download(page, label).decode()

    assert item["id"] in text
    assert "77" not in re.sub(r"[-0-9a-f]{36}|[-:.T0-9]+Z", "", text)


def test_a_past_revision_cannot_be_changed(console: Console) -> None:
    page = console.page(console.at(console.dataset(lines=sums(3)), "?revision=1"))

    tick(page, 1)

    for name in ("Set metadata", "Move", "Archive", "Erase"):
        expect(page.get_by_role("toolbar").get_by_role("button", name=name)).to_have_count(0)


def test_a_sample_is_in_the_address_and_is_what_actions_are_about(console: Console) -> None:
    dataset = console.dataset(lines=sums(30))
    page = console.page(console.at(dataset))
    page.get_by_role("button", name="Sample").click()
    page.get_by_role("spinbutton", name="Items").fill("4")
    page.get_by_label("Seed").fill("7")
    page.get_by_role("button", name="Show the sample").click()
    expect(page.locator(".total")).to_contain_text("4")
    shown = page.locator(".row").all_inner_texts()
    again = console.page(page.url.removeprefix(console.base))
    expect(again.locator(".row")).to_have_count(4)
    assert again.locator(".row").all_inner_texts() == shown

    page.get_by_role("button", name="Export").click()
    assert len(download(page, "JSON Lines").splitlines()) == 4
    page.get_by_label("Select all items").check(force=True)
    choose(page, "Archive").get_by_role("button", name="Archive 4 items").click()
    expect(page.get_by_text("Archived 4 items")).to_be_visible()
    assert len(console.items(dataset)) == 26
