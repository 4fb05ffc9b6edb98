"""The console in Debian's Chromium, against a running service that is asked through its API alone."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.people import People, key
from tests.programs import find_program
from tests.service_process import ServiceProcess

# As root chromium has no sandbox; the others keep the browser itself off the network.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=15_000)
# What would run, hide or turn the row, if it were more than text.
HOSTILE = '<img src=x onerror="document.title=1">"><script>document.title=2</script>\u202e{{7*7}}'


def sums(count: int) -> list[dict[str, object]]:
    return [
        {"input": {"question": f"{i} + {i}?"}, "output": 2 * i, "metadata": {"split": "test" if i % 3 else "train"}}
        for i in range(count)
    ]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, beside which Django would refuse to set up a test's rows. Both end
    # with this package: later tests run loops of their own, and Django's checks refuse the variable.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=find_program("chromium"), args=ARGUMENTS)
        yield started
        started.close()


class Console:
    """A service, a person with a key, and pages of a browser in which that person is signed in."""

    def __init__(self, service: ServiceProcess, browser: Browser) -> None:
        self.base, self.browser = service.base, browser
        self.people = People()
        self.project = self.people.project.id
        self.key = key(self.people.colleague)
        self.hosts: set[str | None] = set()
        self.complaints: list[str] = []
        self.contexts: list[Any] = []
        self.http = httpx.Client(
            base_url=f"{self.base}/api/projects/{self.project}/",
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=60,
        )

    def page(self, path: str = "/", *, width: int = 1280, dark: bool = False, key: str | None = None) -> Page:
        """A page of a browser session of its own, signed in by the link's fragment."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light", accept_downloads=True
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.note(message.type, message.text))
        page.goto(f"{self.base}/#key={key or self.key}")
        expect(page.locator(".top")).to_be_visible()
        if path != "/":
            page.goto(self.base + path)
        return page

    def note(self, kind: str, text: str) -> None:
        # The browser reports each answer of 400 and above, which some tests are about.
        if kind == "error" and "Failed to load resource" not in text:
            self.complaints.append(text)

    def dataset(self, name: str = "Sums", lines: list[Any] | None = None) -> str:
        made = str(self.http.post("datasets/", json={"name": name}).raise_for_status().json()["id"])
        if lines:
            self.load(made, "\n".join(json.dumps(line) for line in lines))
        return made

    def load(self, dataset: str, lines: str) -> None:
        self.http.post(f"datasets/{dataset}/import/?import_format=jsonl", content=lines.encode()).raise_for_status()

    def items(self, dataset: str, **query: Any) -> list[Any]:
        answer = self.http.get("dataset_items/", params={"dataset": dataset, "order_by": "created_at", **query})
        return list(answer.raise_for_status().json()["results"])

    def at(self, dataset: str, rest: str = "") -> str:
        return f"/projects/{self.project}/datasets/{dataset}{rest}"

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.http.close()


@pytest.fixture
def console(service: ServiceProcess, live_database: None, browser: Browser) -> Iterator[Console]:
    """Whatever a test does, no page complains, and nothing leaves the service's own address."""
    opened = Console(service, browser)
    yield opened
    opened.close()
    assert opened.complaints == []
    assert opened.hosts <= {"127.0.0.1", ""}
