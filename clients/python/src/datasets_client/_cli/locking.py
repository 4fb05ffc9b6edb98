"""The command that pins datasets: lock."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from datasets_client._cli.context import DryRunOption, FormatOption, open_client, open_dataset, use
from datasets_client._cli.exits import Failed, UsageError
from datasets_client._cli.output import Format, print_records
from datasets_client._client import Client
from datasets_client._errors import Conflict, LockError
from datasets_client._lock import LOCK_NAME, Lock, LockedDataset, read_lock
from datasets_client._operations import locking
from datasets_client._operations.locking import LockFinding
from datasets_client._specs import split_spec

COLUMNS = ("name", "revision", "items", "digest")


def lock(
    datasets: Annotated[list[str] | None, typer.Argument(metavar="[DATASET[@REVISION]]...")] = None,
    check: Annotated[bool, typer.Option("--check", help="Compare the locked revisions with the server.")] = False,
    latest: Annotated[bool, typer.Option("--latest", help="With --check: fail where a newer revision exists.")] = False,
    update: Annotated[
        bool, typer.Option("--update", help="Move the pins of these datasets (all without names).")
    ] = False,
    lock_file: Annotated[Path, typer.Option("--file", help="The lock file.")] = Path(LOCK_NAME),
    dry_run: DryRunOption = False,
    output_format: FormatOption = Format.auto,
) -> None:
    """Pin datasets in datasets.lock, check the pins, or move them."""
    use(output_format)
    if (latest and not check) or (check and (update or dry_run)):
        raise UsageError("--latest belongs to --check, and --check stands without --update and --dry-run.")
    if check:
        check_lock(read_lock(lock_file), datasets or [], output_format, fail_on_newer=latest)
        return
    found = read_lock(lock_file, missing_ok=not update)
    specs = list(datasets or (sorted(found.datasets) if update else ()))
    if not specs:
        raise UsageError("Name the datasets to lock, such as `dsets lock golden` or `dsets lock golden@release-1`.")
    with open_client() as client:
        entries = [make_entry(client, found, spec, update=update) for spec in specs]
    for entry in entries:
        found.put(entry)
    if not dry_run:
        found.save()
    print_records((asdict(entry) for entry in entries), output_format, COLUMNS, "revision")


def make_entry(client: Client, found: Lock, spec: str, *, update: bool) -> LockedDataset:
    """Return the entry for NAME or NAME@REVISION; raises Conflict for one that is locked, unless it is to be moved."""
    name, _ = (spec, None) if spec in found.datasets else split_spec(spec)
    locked = found.datasets.get(name)
    if locked is not None and not update:
        raise Conflict(
            f"{name!r} is locked at revision {locked.revision} already. Move it by `dsets lock --update {spec}`."
        )
    if locked is None and update:
        raise LockError(f"{found.path} does not lock {name!r}. Add it by `dsets lock {spec}`.")
    dataset = open_dataset(client, spec)
    if locked is not None:
        # Keep the locked dataset, even if another one has the name now.
        dataset._subject.identity.id = locked.id
        dataset._subject.identity.name = name
    return client._driver.run(locking.lock_dataset(dataset._subject))


def check_lock(found: Lock, names: list[str], output_format: Format, *, fail_on_newer: bool) -> None:
    """Print a finding for each locked dataset; raises Failed where one is not as locked."""
    entries = [found.get(name) for name in names] or [found.datasets[name] for name in sorted(found.datasets)]
    if not entries:
        raise LockError(f"{found.path} locks no dataset.")
    with open_client() as client:
        findings = [client._driver.run(locking.check_locked(client._subject, entry)) for entry in entries]
    print_records((finding_record(finding) for finding in findings), output_format, ("name", "state", "text"), "state")
    bad = {"failed", "newer"} if fail_on_newer else {"failed"}
    if failures := [finding for finding in findings if finding.state in bad]:
        raise Failed(f"{len(failures)} of {len(findings)} locked datasets: {failures[0].name}: {failures[0].text}")


def finding_record(finding: LockFinding) -> dict[str, object]:
    return asdict(finding)
