"""The command line: quiet, scriptable, exit codes by meaning, never a traceback."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from datasets_client import Client, Dataset
from datasets_client._cli.main import app
from tests.commands import dsets
from tests.service import Service

pytestmark = pytest.mark.usefixtures("login")


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"k":"a","input":1.50,"metadata":{"split":"pr"}}\n{"k":"b","input":"x\\ny","output":"="}\n')
    return path


def test_rows_are_pushed_listed_and_pulled(rows: Path, name: str, tmp_path: Path) -> None:
    pushed = dsets("push", str(rows), name, "--key", "k", "--create")
    assert (pushed.code, pushed.json["created"], pushed.json["rows"]) == (0, 2, 2)
    assert dsets("push", str(rows), name, "--key", "k", "-f", "human").out.startswith("2 unchanged (2 rows). Revision ")

    assert [line["input"] for line in dsets("items", name).lines] == [1.5, "x\ny"]
    assert '"input":1.50' in dsets("items", name, "--where", "split=pr").out
    assert dsets("items", name, "--search", "x", "-f", "quiet").out.count("\n") == 1
    assert dsets("items", name, "--limit", "1", "-f", "json").json[0]["ref_source_id"] == "a"

    table = list(csv.DictReader(io.StringIO(dsets("items", name, "-f", "csv").out)))
    assert (table[0]["input"], table[1]["input"], table[1]["output"]) == ("1.50", '"x\\ny"', '"="')
    human = dsets("items", name, "-f", "human").out.splitlines()
    assert human[0].split() == ["ref_source_id", "input", "output", "metadata", "id"]

    for kind in ("jsonl", "csv", "parquet"):
        assert dsets("pull", name, "--out", str(tmp_path / f"out.{kind}")).code == 0
    assert dsets("pull", name).out.encode() == (tmp_path / "out.jsonl").read_bytes()
    assert (tmp_path / "out.parquet").read_bytes()[:4] == b"PAR1"
    assert dsets("push", str(tmp_path / "out.csv"), f"{name}-2", "--create").json["created"] == 2


def test_standard_input_is_a_file_too(name: str) -> None:
    made = dsets(
        "push",
        "-",
        name,
        "--create",
        "--input-format",
        "csv",
        "--map",
        "q=input.q",
        "--map",
        "*=metadata",
        text="q,x\nhi,1\n",
    )

    assert made.code == 0, made.err
    assert dsets("items", name).lines[0]["metadata"] == {"x": 1}
    assert dsets("push", "-", name, text='{"input": 2}\n').json["created"] == 1
    assert dsets("push", "-", name, text="").json["rows"] == 0


def test_a_dataset_and_an_item_are_shown(dataset: Dataset, name: str) -> None:
    dataset.push([{"ref_source_id": "a", "input": 1}])
    dataset.tag("v1")

    shown = dsets("show", name).json
    assert (shown["items"], shown["tags"], shown["id"]) == (1, ["v1"], dataset.id)
    assert dsets("show", f"{name}@v1").json["revision"] == dataset.resolved_revision()
    assert dsets("show", name, "a").json == dsets("show", name, "#0").json
    assert dsets("show", name, "-f", "quiet").out.strip() == dataset.id
    assert dsets("list", "--search", name, "-f", "quiet").out.strip() == dataset.id
    assert dsets("create", name, "--dry-run").json == {"id": None, "name": name, "exists": True, "dry_run": True}
    assert dsets("create", f"{name}-2", "--dry-run").json["exists"] is False
    assert dsets("show", f"{name}-2").code == 1
    assert any(key["label"] for key in dsets("keys").lines)


def test_history_is_written_and_compared(dataset: Dataset, name: str) -> None:
    dataset.push([{"ref_source_id": "a", "input": 1}])
    first = dataset.resolved_revision()
    assert dsets("tag", name, "v1", "--dry-run").json["dry_run"] is True
    assert dataset.revisions()[0].tags == ()
    assert dsets("tag", name, "v1").code == 0
    dataset["a"].update(input=2)

    assert dsets("tag", name, "v1").code == 3
    assert dsets("tag", name, "v1", "--force").code == 0
    assert dsets("tag", f"{name}@{first}", "v1", "--force").code == 0
    (change,) = dsets("diff", name, "v1").lines
    assert (change["case"], change["change"], change["fields"]) == ("a", "changed", ["input"])
    assert dsets("fork", f"{name}@v1", f"{name}-f", "--dry-run").json["items"] == 1
    assert dsets("fork", f"{name}@v1", f"{name}-f").code == 0
    assert dsets("items", f"{name}-f").lines[0]["input"] == 1
    assert dsets("tag", name, "v1", "--delete").code == 0


def test_a_rollback_is_done_after_a_dry_run(dataset: Dataset, name: str) -> None:
    dataset.push([{"ref_source_id": "a", "input": 1}])
    first = dataset.resolved_revision()
    dataset["a"].update(input=2)

    assert dsets("rollback", name, str(first), "--dry-run").code == 0
    assert dataset["a"].input == 2
    assert dsets("rollback", name, str(first), "--yes", "-m", "Undo").code == 0
    assert dataset["a"].input == 1


def test_a_mirror_archives_what_the_file_lacks(rows: Path, dataset: Dataset, name: str) -> None:
    dataset.push([{"ref_source_id": "z"}])

    assert dsets("push", str(rows), name, "--key", "k", "--mirror").code == 2
    planned = ("push", str(rows), name, "--key", "k", "--mirror", "--dry-run")
    assert dsets(*planned).json["archived"] == 1
    assert [line.split() for line in dsets(*planned, "-f", "human").out.splitlines()[1:]] == [
        ["created", "row", "1", "a"], ["created", "row", "2", "b"], ["archived", "z"],
    ]  # fmt: skip
    assert dsets("push", str(rows), name, "--key", "k", "--mirror", "--yes").json["archived"] == 1


def test_a_dataset_is_erased_with_yes_alone(dataset: Dataset, name: str) -> None:
    assert dsets("erase", name).code == 2
    assert dsets("erase", name, "--yes").code == 0
    assert dsets("show", name).code == 1


def test_exit_codes_say_why(service: Service, dataset: Dataset, name: str, rows: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"input": 1}\n{"input": 2, "ref_timestamp": "soon"}\n')

    assert dsets("items", "no-such-dataset").code == 1
    assert dsets("push", str(tmp_path / "none.csv"), name).code == 1
    refused = dsets("push", str(bad), name)
    assert (refused.code, "Row 2" in refused.err) == (1, True)
    assert dsets("push", str(bad), name, "--partial").code == 1
    assert dsets("push", str(rows), name).code == 1
    assert dsets("items", f"{name}@99").code == 1
    assert dsets("no-such-command").code == 2
    assert dsets("items", name, "--where", "split").code == 2
    assert dsets("rollback", name, "1").code == 2
    assert dsets("push", str(rows), f"{name}@1").code == 2
    assert dsets("pull", name, "--file-format", "xml").code == 2
    assert dsets("list", DATASETS_API_KEY="").code == 2
    assert dsets("list", DATASETS_URL="nonsense").code == 2
    assert dsets("list", DATASETS_API_KEY="phx_wrong").code == 4
    assert dsets("--max-wait", "0", "list", DATASETS_URL="http://127.0.0.1:9").code == 5


def test_a_read_only_key_is_refused_with_a_reason(
    service: Service, client: Client, name: str, dataset: Dataset, rows: Path
) -> None:
    from datasets_client._commands import Request, Response  # noqa: PLC0415
    from datasets_client._operations.datasets import JSON_BODY  # noqa: PLC0415

    body = json.dumps({"label": "Reader", "scopes": ["dataset:read"]}).encode()
    made: Response = client._driver.run(
        client._subject.send(Request("POST", "/api/personal_api_keys/", {}, JSON_BODY, body))
    )
    reader = json.loads(made.text)["value"]

    assert dsets("items", name, DATASETS_API_KEY=reader).code == 0
    refused = dsets("push", str(rows), name, "--key", "k", DATASETS_API_KEY=reader)
    assert (refused.code, "dataset:write" in refused.err) == (4, True)


def test_errors_are_objects_where_json_is_asked_for() -> None:
    error = json.loads(dsets("items", "no-such-dataset", "-f", "json").err)["error"]

    assert (error["type"], error["exit_code"], error["status"]) == ("DatasetNotFound", 1, 404)


def test_control_characters_of_items_do_not_reach_the_terminal(dataset: Dataset, name: str) -> None:
    dataset.push([{"ref_source_id": "a", "input": "\x1b]0;pwned\x07"}])

    assert "\x1b" not in dsets("items", name, "-f", "human").out


def test_login_keeps_the_key_where_only_its_owner_reads_it(service: Service, tmp_path: Path) -> None:
    nothing = {"DATASETS_URL": "", "DATASETS_API_KEY": ""}

    assert dsets("login", "--url", service.url, text="phx_wrong\n", **nothing).code == 4
    assert dsets("login", "--url", service.url, text="", **nothing).code == 2
    assert dsets("login", text="x\n", **nothing).code == 2
    made = dsets("login", "--url", service.url, text=f"{service.api_key}\n", **nothing)

    assert made.code == 0, made.err
    assert service.api_key not in made.out + made.err
    path = Path(made.json["file"])
    assert path == Path(os.environ["XDG_CONFIG_HOME"]) / "datasets-client" / "config.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert dsets("list", **nothing).code == 0


def test_the_page_for_coding_agents_is_short() -> None:
    page = dsets("skill", DATASETS_URL="", DATASETS_API_KEY="").out

    # Common tokenizers (o200k_base, cl100k_base) make 187 tokens of 639 characters: 3.4 characters each.
    assert len(page) / 3.4 < 200
    for command in ("push", "items", "diff", "lock", "rollback"):
        assert command in page


def test_help_names_every_command_and_completion_is_there() -> None:
    text = dsets("--help").out

    expected = [
        "list",
        "items",
        "show",
        "push",
        "pull",
        "diff",
        "tag",
        "lock",
        "rollback",
        "fork",
        "erase",
        "keys",
        "login",
        "skill",
    ]
    for command in expected:
        assert f" {command} " in text
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0
    assert "--install-completion" in text
    assert dsets("--version").out.strip() == "1.0.0"


def test_a_reader_that_stops_early_is_no_error(dataset: Dataset, name: str) -> None:
    dataset.push([{"input": "x" * 500} for _ in range(500)])
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    command = f"{sys.executable} -m datasets_client items {name} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)  # noqa: S602

    assert done.stdout.count("\n") == 1
    assert done.stderr == ""
