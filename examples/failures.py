"""Keep the cases that failed in CI as a dataset of their own, for an agent or a person to work on.

    pytest --dataset-report report.jsonl
    python examples/failures.py report.jsonl failures

Reads the report of the pytest plugin and copies the failed items. Run again, a case that fails again is the same item,
and one that passes now is marked so.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from datasets_client import Client


def read_report(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def rows(client: Client, report: list[dict[str, Any]], known: set[str]) -> Iterator[dict[str, Any]]:
    """Yield a row for each case that failed, or that failed before."""
    for line in report:
        key = f"{line['dataset']}/{line['ref_source_id'] or line['id']}"
        if line["outcome"] in {"passed", "skipped"} and key not in known:
            continue
        item = client.dataset(line["dataset"]).at(line["revision"]).get(line["id"])
        facts = {
            name: line[name] for name in ("dataset", "revision", "version", "test", "outcome", "message", "recorded")
        }
        yield {"key": key, "input": item.input, "output": item.output, "metadata": facts}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=Path)
    parser.add_argument("dataset")
    options = parser.parse_args()
    with Client() as client:
        failures = client.create(options.dataset, exist_ok=True)
        known = {item.case_id for item in failures}
        report = failures.push(rows(client, read_report(options.report), known), key="key")
        open_cases = len(failures.where(outcome="failed"))
    print(f"{report.created} new, {report.updated} changed; {open_cases} cases fail")


if __name__ == "__main__":
    main()
