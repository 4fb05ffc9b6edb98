"""The documentation page in a real browser, without access to the network."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from auth.models import User
from datasets_api.api_docs import openapi_document, without_environments
from tests.people import People, key
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

MAX_WAIT_MS = 120_000


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_program("chromium"), args=ARGUMENTS)
        page = browser.new_page()
        # The tests wait for what is to appear, on a machine that may be busy.
        page.set_default_timeout(MAX_WAIT_MS)
        expect.set_options(timeout=MAX_WAIT_MS)
        yield page
        browser.close()


def tags_of_the_page() -> Counter[str]:
    """Return the number of operations of each tag, without the deprecated prefix."""
    paths = without_environments(openapi_document())["paths"]
    return Counter(operation["tags"][0] for methods in paths.values() for operation in methods.values())


def test_page_shows_each_operation_once_without_the_network(service: ServiceProcess, page: Page) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(f"{service.base}/api/schema/swagger-ui/")

    tags = tags_of_the_page()
    expect(page.locator(".opblock-tag")).to_have_count(len(tags))
    assert page.locator(".opblock").count() == 0
    for tag, count in tags.items():
        page.locator(f'.opblock-tag[data-tag="{tag}"]').click()
        expect(page.locator(f'.opblock-tag-section:has([data-tag="{tag}"]) .opblock')).to_have_count(count)
    expect(page.locator(".opblock")).to_have_count(tags.total())
    assert "/environments/" not in page.locator(".swagger-ui").inner_text()
    assert page.locator(".info .title").inner_text().startswith("Datasets API")
    assert {urlsplit(url).hostname for url in asked if not url.startswith("data:")} == {"127.0.0.1"}
    assert complaints == []


def try_operation(page: Page, service: ServiceProcess, link: str) -> Locator:
    # Leave the page first, so that it is loaded again.
    page.goto("about:blank")
    page.goto(f"{service.base}/api/schema/swagger-ui/#/{link}")
    operation = page.locator(f"#operations-{link.replace('/', '-')}")
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    return operation.locator(".live-responses-table")


def test_page_can_try_an_operation(service: ServiceProcess, page: Page) -> None:
    answer = try_operation(page, service, "users/users_me_retrieve")

    expect(answer).to_contain_text("Authentication credentials were not provided.")


@pytest.fixture
def owner_key(live_database: None) -> str:
    """Made before the browser starts, beside whose event loop Django refuses to run."""
    people = People()
    project = people.project
    User.objects.filter(id=people.owner.id).update(current_team=project, current_organization=project.organization)
    return key(people.owner)


def test_page_keeps_the_key_and_fills_in_what_works(service: ServiceProcess, owner_key: str, page: Page) -> None:
    page.goto(f"{service.base}/api/schema/swagger-ui/")
    page.locator(".auth-wrapper .authorize").first.click()
    page.locator(".auth-container input").fill(owner_key)
    page.locator(".auth-btn-wrapper .authorize").click()
    page.locator(".auth-btn-wrapper .btn-done").click()

    created = try_operation(page, service, "datasets/datasets_create")

    expect(created).to_contain_text('"name": "Capitals"')
    listed = try_operation(page, service, "datasets/datasets_list")
    expect(listed).to_contain_text('"count": 1')
