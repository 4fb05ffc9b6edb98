"""API keys: made and shown once, rolled, revoked; and help, which is on every page."""

import json
import subprocess

import httpx
from playwright.sync_api import expect

from tests.console.conftest import Console
from tests.people import key


def works(console: Console, value: str) -> bool:
    headers = {"Authorization": f"Bearer {value}"}
    return httpx.get(f"{console.base}/api/projects/", headers=headers).status_code == 200


def test_a_key_is_made_shown_once_and_revoked(console: Console) -> None:
    page = console.page("/keys")
    page.get_by_role("button", name="New key").click()
    page.get_by_label("Label").fill("nightly")
    page.get_by_label("Read and change datasets").check()
    page.get_by_role("button", name="Create the key").click()
    value = page.locator(".secret code").inner_text()
    assert works(console, value)

    page.get_by_role("button", name="I have copied it").click()
    row = page.get_by_role("row").filter(has_text="nightly")
    expect(row).to_contain_text("dataset:write")
    assert value not in page.content()
    row.get_by_role("button", name="Revoke nightly").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke the key").click()
    expect(page.get_by_text("Revoked nightly.")).to_be_visible()
    expect(row).to_have_count(0)

    assert not works(console, value)


def test_the_page_names_the_address_for_agents(console: Console) -> None:
    expect(console.page("/keys").get_by_text(f"{console.base}/mcp")).to_be_visible()


def test_the_tab_goes_on_with_its_own_key_when_that_is_rolled(console: Console) -> None:
    console.dataset("Sums")
    page = console.page("/keys")

    page.get_by_role("row").filter(has_text="signed in with it here").get_by_role("button", name="Roll").click()
    page.get_by_role("button", name="Roll the key").click()
    value = page.locator(".secret code").inner_text()
    page.get_by_role("button", name="I have copied it").click()
    page.get_by_role("link", name="Datasets").click()

    expect(page.get_by_role("link", name="Sums")).to_be_visible()
    assert works(console, value)
    assert not works(console, console.key)


def test_a_key_that_may_not_read_keys_is_refused(console: Console) -> None:
    page = console.page("/keys", key=key(console.people.colleague, "dataset:read", "project:read", "user:read"))

    expect(page.get_by_role("alert")).to_contain_text("This key may not do that")


def test_help_lists_the_keyboard_and_leads_to_the_documentation(console: Console) -> None:
    page = console.page(console.at(console.dataset(lines=[{"input": 1}])))
    expect(page.get_by_role("grid")).to_be_visible()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_contain_text("Next and previous item")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Colleague").click()
    expect(page.get_by_role("link", name="API documentation")).to_have_attribute("href", "/api/schema/swagger-ui/")
    page.get_by_role("button", name="Keyboard").click()
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()


def test_what_is_shown_is_copied_as_a_program(console: Console) -> None:
    page = console.page(console.at(console.dataset(lines=[{"input": 1, "metadata": {"k'": "a"}}]), "?metadata__k'=a"))
    expect(page.locator(".total")).to_contain_text("1 item")

    page.get_by_role("button", name="Copy as").click()
    curl, python = page.locator("pre").all_inner_texts()

    shell = curl.replace("$KEY", console.key).replace("curl", "curl --silent", 1)
    answer = subprocess.run(["bash", "-c", shell], capture_output=True, check=True, timeout=60)
    assert [each["input"] for each in json.loads(answer.stdout)["results"]] == [1]
    assert console.key not in curl + python
    source = python.replace("httpx.get(", "CALL(").replace("import os, httpx", "")
    found: dict[str, object] = {"os": type("os", (), {"environ": {"KEY": console.key}}), "CALL": httpx.get}
    exec(source, found)  # noqa: S102  that it runs is what is tested
    assert [each["input"] for each in found["found"]] == [1]  # type: ignore[attr-defined]
