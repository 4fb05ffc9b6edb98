"""Each request concerns one worker, without a two-phase commit; docs/scaling.md says how many commands it takes."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.citus.remote_commands import remote_commands
from tests.dataset_client import Body, DatasetClient
from tests.docs.documents import DOCS, table_rows, text_of
from tests.items.bulk.requests import post
from tests.items.imports.files import lines, send

Operation = Callable[[DatasetClient, Body], Any]
ROWS = [{"input": {"question": number}, "ref_source_id": str(number)} for number in range(1000)]
OPERATIONS: dict[str, Operation] = {
    "retrieve": lambda client, item: client.item(item),
    "list": lambda client, item: client.page("&limit=10"),
    "create": lambda client, item: client.api.post(client.items, {"dataset": client.dataset["id"], "input": 1}),
    "PATCH": lambda client, item: client.api.patch(client.item_path(item), {"output": str(uuid4())}),
    "bulk create of 1,000": lambda client, item: post(client, ROWS),
    "import of 1,000": lambda client, item: send(client, lines(*ROWS)),
    "fork of 1,000": lambda client, item: client.api.post(client.path("fork/"), {"name": "Fork"}),
    "v2 create": lambda client, item: client.api.post(
        f"/v2/api/projects/{client.project_id}/dataset_items/", {"dataset": client.dataset["id"], "input": {"q": 1}}
    ),
}
REPEATS = 7


@pytest.fixture(scope="module")
def documented() -> dict[str, int]:
    rows = table_rows(text_of(DOCS / "scaling.md").partition("remote commands")[2])
    return {row[0]: int(row[1]) for row in rows if len(row) > 1 and re.fullmatch(r"\d+", row[1])}


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_request_concerns_one_worker(live_database: None, name: str, documented: dict[str, int]) -> None:
    client = DatasetClient()
    item = client.new_item()
    if name.startswith("fork"):
        post(client, ROWS)
    # PostgreSQL plans a statement for any parameters after five executions.
    for _ in range(REPEATS):
        OPERATIONS[name](client, item)

    with remote_commands() as sent:
        answer = OPERATIONS[name](client, item)

    assert answer.status_code in {200, 201}, answer.content
    assert len(sent.nodes) == 1
    assert "PREPARE" not in sent.kinds
    assert len(sent) == documented[name], sent
