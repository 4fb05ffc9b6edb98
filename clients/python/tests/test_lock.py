"""datasets.lock: made, checked, moved and compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from datasets_client import Dataset, LockError
from datasets_client._lock import LockedDataset, parse_lock, read_lock
from datasets_client._lock_diff import LockChange, inline, to_markdown
from datasets_client._results import Change, Diff
from tests.commands import dsets, git

ENTRY = LockedDataset("golden", "https://x/api/projects/1", "01990001", 17, 5000, "sha256:" + "a" * 64, "release-1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "repository"
    made.mkdir()
    git(made, "init", "-q")
    return made


@pytest.fixture
def filled(dataset: Dataset) -> Dataset:
    dataset.push(
        [{"ref_source_id": str(number), "input": f"Question {number}", "output": number} for number in range(9)]
    )
    return dataset


@pytest.mark.parametrize("name", ["golden", "with space", 'quote"d', "a.b", "é", "a]b", "back\\slash", "#"])
def test_what_is_written_is_read_again(name: str, tmp_path: Path) -> None:
    lock = read_lock(tmp_path / "datasets.lock", missing_ok=True)
    entry = LockedDataset(name, ENTRY.url, ENTRY.id, 3, 4, ENTRY.digest)
    lock.put(entry)
    lock.put(ENTRY)
    lock.save()

    assert read_lock(lock.path).datasets == {"golden": ENTRY} | {name: entry if name != "golden" else ENTRY}


@pytest.mark.parametrize(
    "text",
    [
        "not toml", "", "version = 2", "version = 1\n[datasets.a]\nurl = 'x'", "version = 1\n[datasets]\na = 1",
        ENTRY.to_toml().join(["version = 1\n", ""]).replace("sha256:", "md5:"),
        ENTRY.to_toml().join(["version = 1\n", ""]).replace("revision = 17", "revision = true"),
    ],
)  # fmt: skip
def test_a_broken_lock_is_refused(text: str) -> None:
    with pytest.raises(LockError):
        parse_lock(text, Path("datasets.lock"))


@pytest.mark.usefixtures("login")
def test_a_dataset_is_locked_checked_and_moved(filled: Dataset, name: str, folder: Path) -> None:
    made = dsets("lock", name, cwd=folder)
    assert made.code == 0, made.err
    entry = read_lock(folder / "datasets.lock").get(name)
    assert (entry.revision, entry.items, entry.digest) == (filled.resolved_revision(), 9, filled.digest())
    assert entry.url.endswith("/api/projects/1")
    assert dsets("lock", "--check", cwd=folder).lines[0]["state"] == "ok"

    filled["3"].update(output="changed")
    newer = dsets("lock", "--check", cwd=folder)
    assert (newer.code, newer.lines[0]["state"], newer.lines[0]["latest"]) == (0, "newer", entry.revision + 1)
    assert dsets("lock", "--check", "--latest", cwd=folder).code == 1
    assert dsets("lock", name, cwd=folder).code == 3

    before = (folder / "datasets.lock").read_text()
    assert dsets("lock", "--update", name, "--dry-run", cwd=folder).lines[0]["revision"] == entry.revision + 1
    assert (folder / "datasets.lock").read_text() == before
    assert dsets("lock", "--update", cwd=folder).code == 0
    assert read_lock(folder / "datasets.lock").get(name).digest == filled.digest() != entry.digest
    assert dsets("lock", "--update", f"{name}@{entry.revision}", cwd=folder).code == 0
    assert read_lock(folder / "datasets.lock").get(name) == entry


@pytest.mark.usefixtures("login")
def test_a_tag_is_locked_with_its_name(filled: Dataset, name: str, folder: Path) -> None:
    filled.tag("release-1")
    filled[0].update(output="later")

    dsets("lock", f"{name}@release-1", cwd=folder)

    entry = read_lock(folder / "datasets.lock").get(name)
    assert (entry.tag, entry.revision) == ("release-1", filled.resolved_revision() - 1)


@pytest.mark.usefixtures("login")
def test_a_check_fails_for_what_is_gone_changed_or_unreachable(filled: Dataset, name: str, folder: Path) -> None:
    dsets("lock", name, cwd=folder)
    path = folder / "datasets.lock"
    sound, entry = path.read_text(), read_lock(path).get(name)

    def check(old: str, new: str, **environment: str) -> str:
        path.write_text(sound.replace(old, new))
        found = dsets("--max-wait", "0", "lock", "--check", cwd=folder, **environment)
        assert found.code == 1
        return str(found.lines[0]["text"])

    assert "not what was locked" in check(entry.digest, "sha256:" + "0" * 64)
    assert "WENT BACK IN TIME" in check(f"revision = {entry.revision}", "revision = 99")
    assert "is gone" in check(entry.id, "01990001-0000-7000-8000-000000000001")
    assert "did not respond" in check("", "", DATASETS_URL="http://127.0.0.1:9")


@pytest.mark.usefixtures("login")
def test_without_a_lock_nothing_passes(folder: Path, name: str) -> None:
    assert dsets("lock", "--check", cwd=folder).code == 1
    assert dsets("lock", "--update", name, cwd=folder).code == 1
    assert dsets("lock", cwd=folder).code == 2
    (folder / "datasets.lock").write_text("version = 1\n")
    assert dsets("lock", "--check", cwd=folder).code == 1
    assert dsets("lock", "--check", name, cwd=folder).code == 1


@pytest.mark.usefixtures("login")
def test_a_pull_request_sees_each_case_that_changed(filled: Dataset, name: str, folder: Path) -> None:
    dsets("lock", name, cwd=folder)
    git(folder, "add", "."), git(folder, "commit", "-qm", "Lock")
    filled["3"].update(output="changed ``` here")
    filled["4"].archive()
    filled.push([{"ref_source_id": "new", "input": "A new one?"}])
    dsets("lock", "--update", cwd=folder)

    shown = dsets("diff", "--lock", "HEAD", cwd=folder)

    assert shown.code == 0, shown.err
    assert f"### `{name}`: revision" in shown.out
    assert "1 added, 1 changed, 1 removed" in shown.out
    assert "- **changed** `3`: output" in shown.out
    assert "+ changed ``` here" in shown.out
    assert '- **added** `new`: input `"A new one?"`' in shown.out
    assert "- **removed** `4`" in shown.out
    git(folder, "commit", "-qam", "Update")
    assert "No locked dataset changed" in dsets("diff", "--lock", "HEAD", cwd=folder).out
    assert dsets("diff", "--lock", "no-such-commit", cwd=folder).code == 1
    assert dsets("diff", "--lock", "--output=x", cwd=folder).code != 0


def test_markdown_cannot_be_broken_by_what_items_hold() -> None:
    before = {"ref_source_id": "a`b", "input": "```\n<script>\n````"}
    change = Change("1", "changed", ("input",), before, {**before, "input": "`````"})
    other = LockedDataset("golden", ENTRY.url, ENTRY.id, 18, 5000, ENTRY.digest)

    text = to_markdown([(LockChange("golden", ENTRY, other), Diff(17, 18, 0, 0, 1, (change,)))])

    assert "``````diff" in text
    assert "``a`b``" in text
    assert inline("`x`") == "`` `x` ``"


def test_datasets_that_come_and_go_are_named() -> None:
    other = LockedDataset("golden", ENTRY.url, "another-id", 1, 1, ENTRY.digest)
    changes = [LockChange("a", None, ENTRY), LockChange("b", ENTRY, None), LockChange("golden", ENTRY, other)]

    text = to_markdown((change, None) for change in changes)

    assert "`a`: locked at revision 17 (5,000 items)" in text
    assert "`b`: no longer locked" in text
    assert "another dataset now" in text
