"""The console below a path of a host: signing in, reading, editing and importing, and links that can be copied."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.console.conftest import Console, sums
from tests.service_process import ServiceProcess

BASE_PATH = "/data/sets"


@pytest.fixture
def below_path(live_database: None, browser: Browser) -> Iterator[Console]:
    service = ServiceProcess(workers=1, BASE_PATH=BASE_PATH)
    service.base += BASE_PATH
    opened = Console(service, browser)
    yield opened
    opened.close()
    service.stop()
    assert opened.complaints == []


def test_everything_stays_below_the_path(below_path: Console) -> None:
    dataset = below_path.dataset(lines=sums(150))
    page = below_path.page()
    paths: set[str] = set()
    page.on("request", lambda request: paths.add(request.url))

    page.get_by_role("link", name="Sums").click()
    expect(page.locator(".total")).to_have_text("150 items")
    page.get_by_role("grid").evaluate("grid => grid.scrollTop = grid.scrollHeight")
    page.get_by_role("row").filter(has_text="0 + 0?").last.click()
    expect(page.get_by_role("button", name="Edit")).to_be_enabled()
    page.keyboard.press("e")
    page.get_by_label("output", exact=True).fill("0.0")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()
    expect(below_path.page(page.url.removeprefix(below_path.base)).get_by_role("complementary")).to_contain_text("0.0")
    page.get_by_role("link", name="Import").click()
    file = {"name": "one.csv", "mimeType": "text/csv", "buffer": b"question,answer\none,1\n"}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    page.get_by_role("button", name="Import 1 row").click()
    expect(page.get_by_text("Imported: 1 item created.")).to_be_visible()

    assert page.url.startswith(below_path.base + below_path.at(dataset))
    assert [each for each in paths if not each.startswith(f"{below_path.base}/")] == []
