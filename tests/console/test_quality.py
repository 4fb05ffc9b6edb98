"""Schemas, duplicates and erasure in the console."""

from django.core.management import call_command
from playwright.sync_api import Page, expect

from tests.console.conftest import Console, sums
from tests.people import key


def write_schema(page: Page, field: str, text: str) -> None:
    card = page.get_by_role("region", name=field)
    card.get_by_role("button", name="Write a schema").click()
    card.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def test_schemas_name_the_items_that_would_break_and_may_hold_for_new_ones(console: Console) -> None:
    dataset = console.dataset(lines=[{"input": "a", "output": 1}, {"input": "b", "output": "two"}])
    broken = next(each["id"] for each in console.items(dataset) if each["output"] == "two")
    page = console.page(console.at(dataset, "/schemas"))

    write_schema(page, "Expected output", '{"type": "integer", "maximum": 1.00}')
    page.get_by_role("button", name="Save").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("1 of the items do not fit")
    expect(alert.get_by_role("row")).to_have_count(2)
    assert console.http.get(f"datasets/{dataset}/schemas/").json()["version"] == 0
    page.get_by_role("button", name="Save for what is written from now on").click()
    expect(page.get_by_text("In force for what is written since")).to_be_visible()

    stored = console.http.get(f"datasets/{dataset}/schemas/")
    assert '"output":{"type": "integer", "maximum": 1.00}' in stored.text
    page.get_by_role("button", name="Check the items").click()
    page.get_by_role("link", name="Show it in the table").click()
    expect(page.locator(".total")).to_contain_text("1 of 2 items")
    assert broken in page.url


def test_a_schema_is_drafted_from_the_items_and_checked(console: Console) -> None:
    dataset = console.dataset(lines=sums(5))
    page = console.page(console.at(dataset, "/schemas"))

    page.get_by_role("button", name="Draft from the items").click()
    expect(page.get_by_label("Schema of input")).to_contain_text('"question"')
    page.get_by_role("button", name="Check the items").click()
    expect(page.get_by_text("Every item fits.")).to_be_visible()
    assert console.http.get(f"datasets/{dataset}/schemas/").json()["version"] == 0
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("In force for every item")).to_be_visible()

    assert console.http.get(f"datasets/{dataset}/schemas/").json()["input"]["required"] == ["question"]


def test_an_invalid_schema_is_reported_at_its_line(console: Console) -> None:
    page = console.page(console.at(console.dataset(lines=sums(1)), "/schemas"))

    write_schema(page, "Input", '{\n"type":\n"nothing"}')
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert")).to_contain_text("Line 3")


def test_schemas_of_somebody_else_are_not_overwritten(console: Console) -> None:
    dataset = console.dataset(lines=sums(1))
    page = console.page(console.at(dataset, "/schemas"))
    write_schema(page, "Input", '{"type": "object"}')

    console.http.put(f"datasets/{dataset}/schemas/", json={"output": {"type": "integer"}}).raise_for_status()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert")).to_contain_text("Somebody else has changed this meanwhile")


def test_duplicates_are_shown_archived_and_brought_back(console: Console) -> None:
    dataset = console.dataset(lines=[*sums(2), *sums(3), {"input": "alone", "output": 0}])
    page = console.page(console.at(dataset, "/duplicates"))

    expect(page.locator(".total")).to_have_text("2 groups")
    page.get_by_role("link", name="Show them").first.click()
    expect(page.locator(".total")).to_contain_text("2 of 6 items")
    page.go_back()
    page.get_by_role("button", name="Output").click()
    expect(page.locator(".total")).to_have_text("2 groups")
    assert "on=input,output" in page.url
    page.get_by_role("button", name="Archive all but the oldest").click()
    expect(page.get_by_role("dialog")).to_contain_text("2 would be archived")
    assert len(console.items(dataset)) == 6
    page.get_by_role("button", name="Archive 2 items").click()
    expect(page.get_by_text("No two items have the same input, output")).to_be_visible()
    assert len(console.items(dataset)) == 4
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".total")).to_have_text("2 groups")

    assert len(console.items(dataset)) == 6


def test_a_revision_becomes_a_dataset_of_its_own(console: Console) -> None:
    dataset = console.dataset(lines=sums(2))
    console.load(dataset, '{"input":"later"}')
    page = console.page(console.at(dataset, "/revisions"))

    page.get_by_role("button", name="Fork revision 1").click()
    expect(page.get_by_label("Its name")).to_have_value("Sums r1")
    page.keyboard.press("Enter")

    expect(page.locator(".total")).to_have_text("2 items")
    expect(page.get_by_role("link", name="Sums r1")).to_be_visible()


def test_items_are_erased_after_a_count_and_a_word(console: Console) -> None:
    dataset = console.dataset(lines=sums(3))
    page = console.page(console.at(dataset))
    page.get_by_label("Select item 1").check()

    page.get_by_role("toolbar").get_by_role("button", name="Erase").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_contain_text("1 would be erased")
    expect(dialog.get_by_role("button", name="Erase 1 item")).to_be_disabled()
    dialog.get_by_label("to confirm").fill("erase 1 item")
    dialog.get_by_role("button", name="Erase 1 item").click()
    expect(page.get_by_text("Erased 1 item.")).to_be_visible()

    assert [each["input"] for each in console.items(dataset, deleted="true")] == [None]
    assert len(console.items(dataset)) == 2


def test_a_reason_that_the_project_demands_is_asked_for(console: Console) -> None:
    dataset = console.dataset(lines=sums(2))
    page = console.page(console.at(dataset))
    page.get_by_label("Select item 1").check()
    call_command("require_erasure_reason", "--id", str(console.project))

    page.get_by_role("toolbar").get_by_role("button", name="Erase").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("to confirm").fill("erase 1 item")
    dialog.get_by_role("button", name="Erase 1 item").click()
    expect(dialog.get_by_role("alert")).to_contain_text("This project requires a reason for every erasure.")
    assert len(console.items(dataset)) == 2
    dialog.get_by_label("Reason").fill("request 17")
    dialog.get_by_role("button", name="Erase 1 item").click()
    expect(page.get_by_text("Erased 1 item.")).to_be_visible()

    call_command("require_erasure_reason", "--id", str(console.project), "--off")
    [erasure] = console.http.get("erasures/").json()["results"]
    assert erasure["reason"] == "request 17"


def test_a_key_without_the_scope_cannot_erase(console: Console) -> None:
    value = key(console.people.colleague, "dataset:write", "project:read", "user:read")
    page = console.page(console.at(console.dataset(lines=sums(1))), key=value)
    page.get_by_label("Select item 1").check()

    page.get_by_role("toolbar").get_by_role("button", name="Erase").click()

    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("This key may not do that")


def test_an_archived_dataset_is_restored_or_erased_by_its_name(console: Console) -> None:
    dataset = console.dataset("Old sums", lines=sums(2))
    console.http.patch(f"datasets/{dataset}/", json={"deleted": True}).raise_for_status()
    page = console.page(f"/projects/{console.project}/datasets")
    expect(page.get_by_text("No dataset yet")).to_be_visible()

    page.get_by_role("button", name="Archived").click()
    page.get_by_role("button", name="Restore Old sums").click()
    expect(page.get_by_text("Restored Old sums.")).to_be_visible()
    expect(page.get_by_text("No dataset is archived")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Erase Old sums").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_contain_text("2 items would be erased")
    dialog.get_by_label("to confirm").fill("Old sums")
    dialog.get_by_role("button", name="Erase the dataset").click()
    expect(page.get_by_text("Erased Old sums with 2 items.")).to_be_visible()

    assert console.http.get(f"datasets/{dataset}/").status_code == 404
    assert console.http.get("datasets/", params={"deleted": "all"}).json()["count"] == 0
