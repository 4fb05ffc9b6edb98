"""The documentation page in a real browser, without access to the network."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, sync_playwright

from datasets_api.api_docs import openapi_document
from tests.programs import find_program
from tests.service_process import ServiceProcess

# Chromium has no sandbox for root. The other options keep the browser itself off the network.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_program("chromium"), args=ARGUMENTS)
        yield browser.new_page()
        browser.close()


def test_page_shows_every_operation_without_the_network(service: ServiceProcess, page: Page) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(f"{service.base}/api/schema/swagger-ui/")
    page.wait_for_selector(".opblock")

    operations = sum(len(methods) for methods in openapi_document()["paths"].values())
    assert page.locator(".opblock").count() == operations
    assert page.locator(".info .title").inner_text().startswith("Datasets API")
    assert {urlsplit(url).hostname for url in asked if not url.startswith("data:")} == {"127.0.0.1"}
    assert complaints == []


def test_page_can_try_an_operation(service: ServiceProcess, page: Page) -> None:
    page.goto(f"{service.base}/api/schema/swagger-ui/#/users/users_me_retrieve")
    operation = page.locator("#operations-users-users_me_retrieve")

    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()

    answer = operation.locator(".live-responses-table")
    assert "Authentication credentials were not provided." in answer.inner_text()
