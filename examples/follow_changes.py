"""Keeps a copy of a dataset's items in step with the service, by following its changes.

    python -m examples.follow_changes DATASET --url http://127.0.0.1:8000 --key phx_... --project 1

Asks every few seconds until it is stopped. Where the copy has to survive a stop, keep the revision with it.
"""

import argparse
import time
from typing import Any

import httpx


def follow(client: httpx.Client, dataset: str, items: dict[str, Any], since: int = 0, limit: int = 1000) -> int:
    """Brings the copy up to date; returns the revision at which it is then, to go on from."""
    page: dict[str, Any] = {"next": f"datasets/{dataset}/changes/?since_revision={since}&limit={limit}"}
    while page["next"]:
        page = client.get(page["next"]).raise_for_status().json()
        for change in page["results"]:
            item = change["item"]
            if item.get("deleted", True):  # soft-deleted; or moved out, which leaves the id alone
                items.pop(item["id"], None)
            else:
                items[item["id"]] = item
    return int(page["next_since_revision"])


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Keeps a copy of a dataset's items in step with the service.")
    parser.add_argument("dataset")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--key", required=True)
    parser.add_argument("--project", default="@current")
    parser.add_argument("--seconds", type=float, default=5, help="between two looks")
    options = parser.parse_args(arguments)

    items: dict[str, Any] = {}
    revision = 0
    base = f"{options.url}/api/projects/{options.project}/"
    with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {options.key}"}) as client:
        while True:
            revision = follow(client, options.dataset, items, revision)
            print(f"Revision {revision}: {len(items)} items")
            time.sleep(options.seconds)


if __name__ == "__main__":
    main()
