"""Changes of many items: bulk with a dry run and undo, import of a file, tags and rollback of revisions."""

import io
import re

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from playwright.sync_api import expect

from tests.console.conftest import HOSTILE, Console, sums


def count(console: Console, dataset: str) -> int:
    answer = console.http.get("dataset_items/", params={"dataset": dataset, "limit": 1})
    return int(answer.raise_for_status().json()["count"])


def test_archive_of_all_that_match_is_counted_first_and_can_be_undone(console: Console) -> None:
    dataset = console.dataset(lines=sums(30))
    page = console.page(console.at(dataset, "?metadata__split=train"))
    expect(page.locator(".total")).to_have_text("10 of 30 items")

    page.get_by_role("grid").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    page.get_by_role("button", name="All 10 that match").click()
    page.get_by_role("toolbar").get_by_role("button", name="Archive").click()
    expect(page.get_by_role("dialog")).to_contain_text("10 would be archived")
    assert count(console, dataset) == 30
    page.get_by_role("button", name="Archive 10 items").click()
    expect(page.get_by_text("Archived 10 items")).to_be_visible()
    assert count(console, dataset) == 20

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone")).to_be_visible()
    assert count(console, dataset) == 30


def test_file_is_imported_after_a_trial(console: Console) -> None:
    dataset = console.dataset(lines=sums(3))
    page = console.page(console.at(dataset, "/import"))
    content = b"question,answer,split\none,1,test\ntwo,2,test\n"

    page.locator("input[type=file]").set_input_files({"name": "more.csv", "mimeType": "text/csv", "buffer": content})
    button = page.get_by_role("button", name="Import 2 rows")
    expect(button).to_be_enabled()
    expect(page.locator(".counts")).to_have_text("2created")
    assert count(console, dataset) == 3
    button.click()

    expect(page.get_by_text("Imported: 2 items created.")).to_be_visible()
    assert count(console, dataset) == 5


def test_a_trial_names_the_items_that_would_change(console: Console) -> None:
    dataset = console.dataset()
    cases = "".join(f'{{"input":{{"question":"{n}?"}},"output":{n},"ref_source_id":"case-{n}"}}\n' for n in range(4))
    console.load(dataset, cases)
    page = console.page(console.at(dataset, "/import"))
    content = b"case,question,answer\ncase-0,0?,0\ncase-1,one?,7\ncase-9,9?,9\n"

    page.locator("input[type=file]").set_input_files({"name": "cases.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_label("Archive").check()
    expect(page.locator(".counts")).to_have_text("1created1updated1unchanged2archived")
    shown = [" ".join(text.split()) for text in page.locator(".examples tbody").all_inner_texts()]
    assert shown.pop(1).split(" not in the file ")[0] == "Would be archived 2"
    assert shown == [
        "Would be updated 1 line 3 case-1 input, output",
        "Would be created 1 line 4 case-9",
        "Unchanged 1 line 2 case-0",
    ]
    with page.context.expect_page() as opened:
        page.locator(".examples").get_by_role("link", name="case-1").click()
    expect(opened.value.get_by_role("complementary")).to_contain_text("1?")

    page.get_by_role("button", name="Import 3 rows").click()
    expect(page.get_by_text("1 item created, 1 item updated, 2 items archived")).to_be_visible()
    stored = {each["ref_source_id"]: each["output"] for each in console.items(dataset)}
    assert stored == {"case-0": 0, "case-1": 7, "case-9": 9}


def test_a_long_trial_says_how_far_it_is(console: Console) -> None:
    page = console.page(console.at(console.dataset(), "/import"))
    content = b"question,answer\n" + b"".join(b"%d + %d?,%d\n" % (n, n, 2 * n) for n in range(600_000))

    page.locator("input[type=file]").set_input_files({"name": "long.csv", "mimeType": "text/csv", "buffer": content})

    expect(page.get_by_text(re.compile(r"Reading: [\d,]+ rows, [\d.]+ [kM]B of 1\d(\.\d)? MB"))).to_be_visible()


def test_hostile_names_of_files_and_columns_are_texts(console: Console) -> None:
    dataset = console.dataset(lines=sums(1))
    console.http.put(f"datasets/{dataset}/schemas/", json={"output": {"type": "integer"}}).raise_for_status()
    page = console.page(console.at(dataset, "/import"))
    cell = HOSTILE.replace('"', '""')
    content = f'question,answer,"{cell}"\none,"{cell}","{cell}"\n'.encode()

    page.locator("input[type=file]").set_input_files(
        {"name": f"{HOSTILE}.csv", "mimeType": "text/csv", "buffer": content}
    )
    expect(page.locator(".errors")).to_contain_text("not of type")
    expect(page.locator(".card").first).to_contain_text("<script>")

    assert page.locator("img").count() == 0
    assert page.title() == "Import · Sums · Datasets"


def test_revision_is_tagged_looked_at_and_rolled_back_to(console: Console) -> None:
    dataset = console.dataset(lines=sums(3))
    console.load(dataset, '{"input":"later"}')
    page = console.page(console.at(dataset, "/revisions"))

    page.get_by_role("button", name="Tag revision 1").click()
    page.get_by_label("Name").fill("first")
    page.keyboard.press("Enter")
    expect(page.get_by_text("r1 is tagged first.")).to_be_visible()
    page.get_by_role("button", name="Roll back to revision 1").click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("1 archived")
    expect(page.get_by_role("dialog").get_by_role("link")).to_have_attribute("href", re.compile("from=1&to=latest"))
    assert count(console, dataset) == 4
    page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(page.get_by_text("The items are as they were at r1.")).to_be_visible()

    assert count(console, dataset) == 3
    page.get_by_role("link", name="r2", exact=True).click()
    expect(page.locator(".total")).to_have_text(re.compile("4"))


def test_an_import_is_cancelled(console: Console) -> None:
    dataset = console.dataset()
    page = console.page(console.at(dataset, "/import"))
    content = b"question,answer\n" + b"".join(b"%d + %d?,%d\n" % (n, n, 2 * n) for n in range(300_000))
    page.locator("input[type=file]").set_input_files({"name": "long.csv", "mimeType": "text/csv", "buffer": content})

    page.get_by_role("button", name="Import 300,000 rows").click(timeout=60_000)
    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_text("Cancelled. Nothing was stored")).to_be_visible()
    assert count(console, dataset) == 0


def test_workbooks_and_parquet_files_are_placed_by_the_columns_that_the_service_reads(console: Console) -> None:
    table = pa.table({"question": ["2 + 2?", "3 + 3?"], "answer": [4, 6], "split": ["test", "test"]})
    parquet, workbook = io.BytesIO(), io.BytesIO()
    pq.write_table(table, parquet)
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Sums", 0)
    for row in ("question", "answer", "split"), *zip(*table.to_pydict().values(), strict=True):
        sheet.append(row)
    book.save(workbook)

    for name, file in ("sums.parquet", parquet), ("sums.xlsx", workbook):
        dataset = console.dataset(name)
        page = console.page(console.at(dataset, "/import"))
        page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": file.getvalue()}
        )
        expect(page.get_by_label("Where question goes")).to_have_value("input.question")
        page.get_by_role("button", name="Import 2 rows").click()
        expect(page.locator(".total")).to_have_text("2 items")
        stored = console.items(dataset)
        assert [(each["input"], each["output"], each["metadata"]) for each in stored] == [
            ({"question": "2 + 2?"}, 4, {"split": "test"}), ({"question": "3 + 3?"}, 6, {"split": "test"}),
        ]  # fmt: skip
