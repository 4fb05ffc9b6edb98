"""Pictures of the console for the documentation, made by scripts/console pictures.

Shown is the file that REAL_DATA_JSONL names (`question` and `answer` in each line), else an example of a few sums.
"""

import json
import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.console.conftest import Console

FOLDER = Path(__file__).parents[2] / "docs/console"
REVIEWED = 4


def cases() -> list[dict[str, Any]]:
    name = os.environ.get("REAL_DATA_JSONL")
    lines = Path(name).read_text(encoding="utf-8").splitlines() if name else []
    found = [json.loads(line) for line in lines if line.strip()]
    return found or [
        {"question": f"Ann has {n} apples and buys {n + 2} more. How many has she?", "answer": f"#### {2 * n + 2}"}
        for n in range(2, 60)
    ]


def line(number: int, case: dict[str, Any]) -> dict[str, Any]:
    work, _, answer = case["answer"].rpartition("#### ")
    steps = [each for each in work.strip().split("\n") if each]
    return {
        "input": {"question": case["question"]},
        "output": int(answer.replace(",", "")),
        "metadata": {"split": "test" if number % 9 else "smoke", "steps": len(steps), "work": "\n".join(steps)},
        "ref_source_id": f"case-{number}",
    }


def reviewed_dataset(console: Console) -> str:
    """Imported, tagged, then reviewed: some answers and a question corrected, an item archived."""
    dataset = console.dataset("GSM8K" if os.environ.get("REAL_DATA_JSONL") else "Sums")
    body = {"description": "Word problems with their worked answers", "metadata": {"labels": ["math", "reasoning"]}}
    console.http.patch(f"datasets/{dataset}/", json=body).raise_for_status()
    console.load(dataset, "\n".join(json.dumps(line(n, case)) for n, case in enumerate(cases(), 1)))
    console.http.put(f"datasets/{dataset}/tags/release-1/", json={"revision": 1}).raise_for_status()
    items = console.items(dataset, order_by="-created_at", limit=20)
    for item in items[:REVIEWED]:
        change = {"output": item["output"] + 1, "metadata": item["metadata"] | {"split": "smoke"}}
        write(console, f"dataset_items/{item['id']}/", change, "Review of answers")
    question = items[REVIEWED]["input"]["question"].replace("?", ", in whole numbers?")
    write(console, f"dataset_items/{items[REVIEWED]['id']}/", {"input": {"question": question}}, "Clearer question")
    console.http.post(f"dataset_items/{items[9]['id']}/archive/").raise_for_status()
    return dataset


def write(console: Console, path: str, body: dict[str, Any], message: str) -> None:
    console.http.patch(path, json=body, headers={"Revision-Message": message}).raise_for_status()


def take(page: Page, name: str, height: int = 800) -> None:
    """Save what is shown; pictures of many words are kept below 200 kB by their height."""
    page.set_viewport_size({"width": (page.viewport_size or {"width": 1280})["width"], "height": height})
    page.wait_for_timeout(400)  # for what fades in
    page.screenshot(path=FOLDER / f"{name}.png")


def test_make_pictures(console: Console) -> None:
    FOLDER.mkdir(exist_ok=True)
    dataset = reviewed_dataset(console)
    items = console.items(dataset, order_by="-created_at", limit=10)

    page = console.page(console.at(dataset, "?metadata__split=smoke"))
    for number in (2, 3):
        page.get_by_label(f"Select item {number}", exact=True).check()
    take(page, "items", 560)

    page = console.page(console.at(dataset, f"?item={items[5]['id']}"))
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("output", exact=True).fill("64.50")
    take(page, "item", 640)

    page = console.page(console.at(dataset, "/compare?from=release-1&to=latest&change=changed"), dark=True)
    expect(page.locator(".difference").first).to_be_visible()
    take(page, "compare")

    page = console.page(console.at(dataset, "/import"))
    page.locator("input[type=file]").set_input_files(
        {"name": "cases-november.csv", "mimeType": "text/csv", "buffer": csv_file(items)}
    )
    expect(page.locator(".counts")).to_be_visible()
    take(page, "import")

    page = console.page(console.at(dataset), width=380)
    expect(page.locator(".row").first).to_be_visible()
    take(page, "narrow")


def csv_file(items: list[Any]) -> bytes:
    rows = ["case,question,answer,split,reviewer note"]
    for item in items[:8]:
        question = item["input"]["question"].replace('"', '""')
        rows.append(f'{item["ref_source_id"]},"{question}",{item["output"]},{item["metadata"]["split"]},checked twice')
    rows.append('case-new,"A train leaves at 9:40 and arrives at 11:05. How many minutes is that?",85,smoke,')
    return "\n".join(rows).encode()
