"""Mirror a CSV file every night: new rows are created, changed ones changed, missing ones archived.

    python examples/mirror_csv.py cases.csv nightly --key id --map question=input.question --map answer=output
    python examples/mirror_csv.py cases.csv nightly --key id --dry-run

One run is one revision, and none if nothing changed. A file that lost more than --max-archived of its rows stops the
run, since it was more likely cut short than edited.
"""

import argparse
import sys
from pathlib import Path

from datasets_client import Client, Dataset, PushReport


def mirror(dataset: Dataset, options: argparse.Namespace) -> PushReport:
    """Look first what would be archived, then do it."""
    mapping = dict(text.rsplit("=", 1) for text in options.map) or None
    values = {"key": options.key, "mapping": mapping, "mirror": True}
    planned = dataset.push(options.file, dry_run=True, **values)
    if planned.archived > options.max_archived * max(len(dataset), 1):
        sys.exit(f"{planned.archived} items would be archived: is {options.file} whole? Nothing was changed.")
    return planned if options.dry_run else dataset.push(options.file, message=f"Mirror {options.file.name}", **values)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("dataset")
    parser.add_argument("--key", required=True)
    parser.add_argument("--map", action="append", default=[], metavar="COLUMN=PLACE")
    parser.add_argument("--max-archived", type=float, default=0.2, metavar="SHARE")
    parser.add_argument("--dry-run", action="store_true")
    options = parser.parse_args()
    with Client() as client:
        report = mirror(client.create(options.dataset, exist_ok=True), options)
    counts = (
        f"{report.created} created, {report.updated} changed, {report.archived} archived, {report.unchanged} unchanged"
    )
    print(f"{counts}; revision {report.revision}")


if __name__ == "__main__":
    main()
