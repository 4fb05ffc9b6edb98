"""The lock files pin everything, and agree with each other and with the SBOM."""

import json
import re

import pytest

from tests.service_process import PROJECT_DIR

REQUIREMENT = re.compile(r"([a-z0-9-]+)==([\w.!+]+)( ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
LOCKS = ("requirements.lock", "requirements-extras.lock", "requirements-dev.lock")
# What the benchmark compares with, each in an environment of its own.
PEER_LOCKS = ("benchmarks/peers/locks/mlflow.lock", "benchmarks/peers/locks/phoenix.lock")


def pins(lock: str) -> set[tuple[str, str]]:
    """Return names and versions. Any other line fails: a URL, a range, an option, a package without a hash.

    A package may have several versions, for different versions of Python or systems.
    """
    found: set[tuple[str, str]] = set()
    unconditional: list[str] = []
    is_hash_due = False
    for line in (PROJECT_DIR / lock).read_text().splitlines():
        if match := REQUIREMENT.fullmatch(line):
            found.add((match[1], match[2]))
            unconditional += [] if match[3] else [match[1]]
            is_hash_due = True
        elif match := HASH.fullmatch(line):
            is_hash_due = bool(match[1])
        else:
            assert line.startswith("    #"), line
            assert not is_hash_due, line
    names = [name for name, _ in found]
    assert [name for name in unconditional if names.count(name) > 1] == []
    return found


@pytest.mark.parametrize("lock", LOCKS + PEER_LOCKS)
def test_every_package_has_one_version_and_hashes(lock: str) -> None:
    assert len(pins(lock)) > 20


def test_tests_use_the_versions_that_run() -> None:
    runs, with_extras, tested = map(pins, LOCKS)

    assert runs <= with_extras <= tested


def test_the_sbom_matches_the_lock() -> None:
    sbom = json.loads((PROJECT_DIR / "sbom.json").read_text())

    assert (sbom["bomFormat"], sbom["specVersion"]) == ("CycloneDX", "1.6")
    assert {(each["name"], each["version"]) for each in sbom["components"]} == pins("requirements.lock")
    assert all(each["externalReferences"][0]["hashes"] for each in sbom["components"])
