"""Signing in: by the link of the first start, by the form, and never in a way that keeps the key."""

from typing import Any

from playwright.sync_api import expect

from tests.console.conftest import Console


def test_link_signs_in_and_leaves_no_key_in_the_address(console: Console) -> None:
    console.dataset("Sums")

    page = console.page()

    expect(page.get_by_role("link", name="Sums")).to_be_visible()
    assert console.key not in page.url
    assert page.evaluate("localStorage.length === 0 || !JSON.stringify(localStorage).includes('phx_')")
    page.go_back()
    assert console.key not in page.url


def test_form_tries_a_key_before_it_keeps_it(console: Console) -> None:
    page = console.browser.new_page()
    page.goto(console.base)

    page.get_by_label("Personal API key").fill("phx_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("The key is not accepted")
    page.get_by_label("Personal API key").fill(console.key)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("button", name="New dataset")).to_be_visible()
    page.close()


def test_sign_out_forgets_the_key(console: Console) -> None:
    page = console.page()

    page.get_by_role("button", name="Colleague").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_label("Personal API key")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


def test_projects_are_switched(console: Console) -> None:
    page = console.page()

    page.get_by_role("button", name="First", exact=False).first.click()
    page.get_by_role("link", name="Sibling").click()

    expect(page.get_by_role("button", name="Sibling")).to_be_visible()
    assert f"/projects/{console.people.sibling.id}/" in page.url


def test_a_tab_opened_from_a_link_is_signed_in_and_another_is_not(console: Console) -> None:
    console.dataset()
    page = console.page()
    clicks: list[dict[str, Any]] = [{"modifiers": ["Control"]}, {"button": "middle"}]

    for click in clicks:
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Sums").click(**click)
        expect(opened.value.get_by_role("link", name="Import a file")).to_be_visible()
        expect(page.get_by_role("button", name="New dataset")).to_be_visible()
    stranger = page.context.new_page()
    stranger.goto(page.url)
    expect(stranger.get_by_label("Personal API key")).to_be_visible()
