"""The pytest plugin: `@pytest.mark.dataset("golden", split="pr")` makes one test of each item of a locked dataset."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

import pytest

from datasets_client._cache import Cache, CachedRevision
from datasets_client._client import Client
from datasets_client._conditions import matches, parameters
from datasets_client._config import cache_path
from datasets_client._errors import DatasetsError, LockError
from datasets_client._item import ItemValues
from datasets_client._json_text import JSON, read_json, write_json
from datasets_client._lock import LOCK_NAME, LockedDataset, read_lock
from datasets_client._offline import cached_locked, offline_connection
from datasets_client._operations import locking, reading
from datasets_client._operations.reading import Row
from datasets_client._refs import Connection, parse_pin
from datasets_client._retry import Retry
from datasets_client._specs import split_spec

PROPERTY = "dataset_case"
MARKER = 'dataset(name, **conditions): one test for each item of a locked dataset, given as the argument "case".'


class Case(ItemValues):
    """One item as a test's argument."""

    def __init__(self, connection: Connection, row: Row, dataset: str, revision: int) -> None:
        super().__init__(connection, row)
        self.dataset = dataset
        self.revision = revision
        self.recorded: dict[str, JSON] = {}
        # Known where a report is written.
        self.version_in_report: int | None = None

    def record(self, **values: JSON) -> None:
        """Keep values, such as a score, for the report; they must be JSON."""
        for value in values.values():
            write_json(value)
        self.recorded.update(values)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("datasets")
    group.addoption("--datasets-lock", metavar="FILE", help=f"the lock file (default: {LOCK_NAME} at the root)")
    group.addoption(
        "--datasets-frozen",
        action="store_true",
        default=None,
        help="use locked revisions alone (default where CI is set)",
    )
    group.addoption(
        "--no-datasets-frozen", action="store_false", dest="datasets_frozen", help="also allow NAME@REVISION"
    )
    group.addoption("--dataset-sample", type=int, metavar="N", help="use N items of each dataset, always the same")
    group.addoption("--dataset-seed", type=int, default=0, metavar="SEED", help="choose another sample")
    group.addoption("--dataset-report", metavar="FILE", help="write one JSON line for each case")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    path = config.getoption("dataset_report")
    # The workers of pytest-xdist leave the report to their controller.
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(CaseReport(Path(path)), "datasets-report")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    markers = list(metafunc.definition.iter_markers("dataset"))
    if not markers:
        return
    try:
        cases = load_cases(metafunc, markers)
    except (DatasetsError, ValueError, TypeError, OSError) as error:
        raise pytest.Collector.CollectError(f"{metafunc.definition.nodeid}: {error}") from None
    metafunc.parametrize("case", cases, ids=[case.case_id for case in cases])


def load_cases(metafunc: pytest.Metafunc, markers: list[pytest.Mark]) -> list[Case]:
    """Return the cases that a test's marker asks for; raises ValueError where there is none."""
    if len(markers) > 1 or len(markers[0].args) != 1 or not isinstance(markers[0].args[0], str):
        raise ValueError('The marker takes one dataset: @pytest.mark.dataset("golden", split="pr").')
    if "case" not in metafunc.fixturenames:
        raise ValueError('A test of a dataset takes the argument "case".')
    name, conditions = markers[0].args[0], parameters(markers[0].kwargs)
    cases = [case for case in all_cases(metafunc.config, name) if is_chosen(case, conditions)]
    if not cases:
        raise ValueError(f"No item of {name!r} matches {conditions}." if conditions else f"{name!r} has no items.")
    check_ids(cases)
    return sample(cases, metafunc.config)


def is_chosen(case: Case, conditions: Mapping[str, str]) -> bool:
    if not conditions:
        return True
    needed = {name.partition("__")[0] for name in conditions}
    members = {name: case._read(name) for name in needed}
    return matches({"id": case.id, **members}, conditions)


def check_ids(cases: list[Case]) -> None:
    seen: set[str] = set()
    for case in cases:
        if case.case_id in seen:
            raise ValueError(f"Two items have the id {case.case_id!r}: tests could not be distinguished.")
        seen.add(case.case_id)


def sample(cases: list[Case], config: pytest.Config) -> list[Case]:
    """Return the cases that the sample holds, in their order."""
    size, seed = config.getoption("dataset_sample"), config.getoption("dataset_seed")
    if size is None:
        return cases
    if size < 1:
        raise ValueError("--dataset-sample takes a number of at least 1.")
    chosen = sorted(cases, key=lambda case: hashlib.sha256(f"{seed}:{case.case_id}".encode()).digest())[:size]
    ids = {case.case_id for case in chosen}
    return [case for case in cases if case.case_id in ids]


def is_frozen(config: pytest.Config) -> bool:
    given = config.getoption("datasets_frozen")
    return os.environ.get("CI", "").lower() not in {"", "0", "false"} if given is None else bool(given)


def lock_path(config: pytest.Config) -> Path:
    given = config.getoption("datasets_lock")
    return Path(given) if given else config.rootpath / LOCK_NAME


def all_cases(config: pytest.Config, spec: str) -> list[Case]:
    """Return all items of a dataset: locked, or with NAME@REVISION at that revision unless frozen."""
    lock = read_lock(lock_path(config))
    name, at = (spec, None) if spec in lock.datasets else split_spec(spec)
    if at is None:
        return locked_cases(lock.get(name), with_versions=config.getoption("dataset_report") is not None)
    if is_frozen(config):
        raise LockError(f"{spec!r} names a revision beside the lock, which --datasets-frozen (or CI) forbids.")
    return unlocked_cases(name, at)


def locked_cases(locked: LockedDataset, *, with_versions: bool) -> list[Case]:
    connection = offline_connection(cache_path())
    cached = cached_locked(connection.cache, locked)
    if cached is None:
        with Client() as client:
            cached = client._driver.run(locking.fetch_locked(client._subject, locked))
    versions = locked_versions(connection.cache, locked) if with_versions else {}
    return cases_from(cached, connection, locked.name, locked.id, locked.revision, versions)


def locked_versions(cache: Cache, locked: LockedDataset) -> Mapping[str, int]:
    """Return the items' versions for the report; they are no condition of a run, so a server that is away is none."""
    known = cache.find_versions(locked.id, locked.revision)
    if known is not None:
        return known
    try:
        with Client(retry=Retry(5)) as client:
            return client._driver.run(locking.versions_at(client._subject, locked))
    except DatasetsError:
        return {}


def unlocked_cases(name: str, at: str) -> list[Case]:
    with Client() as client:
        ref = client.dataset(name)._subject.at(parse_pin(at))
        cached = client._driver.run(reading.fetch_revision(ref))
        revision, dataset_id = ref.snapshot.revision or 0, ref.identity.id or ""
    return cases_from(cached, offline_connection(cache_path()), name, dataset_id, revision, {})


def cases_from(
    cached: CachedRevision,
    connection: Connection,
    name: str,
    dataset_id: str,
    revision: int,
    versions: Mapping[str, int],
) -> list[Case]:
    cases = [Case(connection, Row(line, dataset_id), name, revision) for line in cached.lines()]
    for case in cases:
        case.version_in_report = versions.get(case.id) if versions else None
    return cases


def case_of(item: pytest.Item) -> Case | None:
    callspec = getattr(item, "callspec", None)
    case = callspec.params.get("case") if callspec is not None else None
    return case if isinstance(case, Case) else None


def pytest_runtest_setup(item: pytest.Item) -> None:
    if case := case_of(item):
        case.recorded = {}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach the facts and recorded values of the case to the last report, as text that pytest-xdist can send."""
    if call.when == "teardown" and (case := case_of(item)):
        facts = {
            "dataset": case.dataset,
            "revision": case.revision,
            "id": case.id,
            "ref_source_id": case.ref_source_id,
            "version": case.version_in_report,
            "recorded": case.recorded,
        }
        item.user_properties.append((PROPERTY, write_json(facts)))
    return (yield)


@dataclass
class Phases:
    """The combined result of a test's phases."""

    outcome: str = "passed"
    duration: float = 0.0
    message: str | None = None

    def add(self, report: pytest.TestReport) -> None:
        self.duration += report.duration if report.when == "call" else 0.0
        if report.failed:
            self.outcome = "failed" if report.when == "call" else "error"
            self.message = last_line(report)
        elif report.skipped and self.outcome == "passed":
            self.outcome = "xfailed" if hasattr(report, "wasxfail") else "skipped"


def last_line(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash is not None else report.longreprtext).strip()[:1000]


@dataclass
class CaseReport:
    """Writes a JSON line for each case, as soon as its test has ended."""

    path: Path
    phases: dict[str, Phases] = field(default_factory=dict[str, Phases])
    file: IO[str] | None = None

    def pytest_sessionstart(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = self.path.open("w", encoding="utf-8")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        phases = self.phases.setdefault(report.nodeid, Phases())
        phases.add(report)
        if report.when != "teardown":
            return
        del self.phases[report.nodeid]
        for facts in recorded_facts(report):
            self.write({**facts, "test": report.nodeid, **self.values(phases)})

    def values(self, phases: Phases) -> dict[str, JSON]:
        return {"outcome": phases.outcome, "duration": round(phases.duration, 6), "message": phases.message}

    def write(self, line: dict[str, JSON]) -> None:
        if self.file is not None:
            self.file.write(write_json(line) + "\n")
            self.file.flush()

    def pytest_sessionfinish(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None


def recorded_facts(report: pytest.TestReport) -> Iterator[dict[str, JSON]]:
    for name, value in report.user_properties:
        if name == PROPERTY:
            yield read_json(cast("str", value), "decimal")
