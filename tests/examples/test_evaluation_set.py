"""The example, run on a set of its own and on a real one: each value that comes back is the one that went in."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from auth.accounts import add_member, get_or_create_project
from auth.api_keys.issuing import KeyPermissions, create_key
from auth.models import User
from examples.evaluation_set import Project, main
from tests.service_process import ServiceProcess

OWN_SET = [
    {"question": "What is 2 + 2?", "answer": "4", "level": 1},
    {"question": "Quote a “quote”, a \\ and a \u2028 line.\nThen a tab:\t.", "answer": {"z": 1, "a": [1.50, None]}},
    {"question": {"text": "Größe in 中文 and 😀"}, "answer": 12345678901234567890123, "tags": ["x"]},
]


@pytest.fixture
def own_set(tmp_path: Path) -> Path:
    file = tmp_path / "own_set.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in OWN_SET), encoding="utf-8")
    return file


@pytest.fixture
def real_set() -> Path:
    name = os.environ.get("REAL_DATA_JSONL")
    if not name:
        pytest.skip(
            "REAL_DATA_JSONL names no file: the set is not in the repository; .ci/run names it where it is there"
        )
    return Path(name)


@pytest.mark.parametrize("file", ["own_set", "real_set"])
def test_an_evaluation_set_comes_back_as_it_went_in(
    file: str, request: Any, service: ServiceProcess, live_database: None
) -> None:
    path: Path = request.getfixturevalue(file)
    project, _ = get_or_create_project("Evaluations")
    user = User.objects.create(email="ada@example.com")
    add_member(user, project.organization)
    key = create_key(user_id=user.id, label="example", permissions=KeyPermissions(["dataset:write"], (), ())).value

    dataset = main([str(path), "--url", service.base, "--key", key, "--input", "question", "--output", "answer"])

    sent = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    with Project(service.base, key, str(project.id)) as client:
        stored = list(client.items(dataset))
    assert len(stored) == len(sent)
    for number, (row, item) in enumerate(zip(sent, reversed(stored), strict=True), 1):
        assert item["ref_source_id"] == f"line-{number}"
        assert item["input"] == row.pop("question")
        assert item["output"] == row.pop("answer")
        assert item["metadata"] == (row or None)
        assert item["deleted"] is False
