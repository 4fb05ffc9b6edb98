"""The example, run while items are written: wherever it stops, its copy is the list as it was at that revision."""

import inspect
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from auth.accounts import add_member, get_or_create_project
from auth.api_keys.issuing import KeyPermissions, create_key
from auth.models import User
from examples.follow_changes import follow
from tests.service_process import PROJECT_DIR, ServiceProcess

WRITERS = 3
ROUNDS = 40
# So few that a look takes several pages.
PAGE = 5


@pytest.fixture
def client(service: ServiceProcess, live_database: None) -> Iterator[httpx.Client]:
    project, _ = get_or_create_project("Followed")
    user = User.objects.create(email="ada@example.com")
    add_member(user, project.organization)
    key = create_key(user_id=user.id, label="example", permissions=KeyPermissions(["dataset:write"], (), ())).value
    base = f"{service.base}/api/projects/{project.id}/"
    with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        yield client


@pytest.fixture
def datasets(client: httpx.Client) -> list[str]:
    return [ask(client, "POST", "datasets/", name=name)["id"] for name in ("One", "Other")]


def ask(client: httpx.Client, method: str, path: str, **body: Any) -> Any:
    return client.request(method, path, json=body).raise_for_status().json()


def write(client: httpx.Client, datasets: list[str]) -> None:
    """Writes of every kind."""
    one, other = datasets
    for number in range(ROUNDS):
        item = ask(client, "POST", "dataset_items/", dataset=one, input=number)
        path = f"dataset_items/{item['id']}/"
        ask(client, "PATCH", path, output=[number])
        ask(client, "POST", f"{path}archive/")
        ask(client, "PATCH", path, metadata={"changed": "in the trash"})
        ask(client, "PATCH", path, dataset=other)
        if number % 2:
            ask(client, "POST", f"{path}restore/")
        if number % 3:
            ask(client, "PATCH", path, dataset=one)
        ask(client, "POST", "dataset_items/", dataset=other, deleted=True)
    ask(client, "PATCH", f"datasets/{one}/", description="written")


def listed(client: httpx.Client, dataset: str, revision: int) -> list[Any]:
    results: list[Any] = ask(client, "GET", f"dataset_items/?dataset={dataset}&revision={revision}&limit=1000")[
        "results"
    ]
    return results


def newest_first(items: dict[str, Any]) -> list[Any]:
    by_id = sorted(items.values(), key=lambda item: str(item["id"]))
    return sorted(by_id, key=lambda item: str(item["created_at"]), reverse=True)


def test_copy_is_the_list_wherever_it_stops(client: httpx.Client, datasets: list[str]) -> None:
    copies: list[dict[str, Any]] = [{}, {}]
    revisions = [0, 0]

    def look() -> None:
        for number, dataset in enumerate(datasets):
            revisions[number] = follow(client, dataset, copies[number], revisions[number], PAGE)
            assert newest_first(copies[number]) == listed(client, dataset, revisions[number])

    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, client, datasets) for _ in range(WRITERS)]
        while not all(writer.done() for writer in writers):
            look()
        for writer in writers:
            writer.result()
    look()

    assert all(copies)


def test_reader_ahead_of_the_dataset_is_refused(client: httpx.Client, datasets: list[str]) -> None:
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        follow(client, datasets[0], {}, since=2)


def test_documents_show_the_example_as_it_is() -> None:
    text = (PROJECT_DIR / "docs" / "history.md").read_text(encoding="utf-8")

    (shown,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert shown.strip() == inspect.getsource(follow).strip()
