"""Starts the service on example data and says how to look at it: scripts/try.

The data are 48 word problems (arithmetic.jsonl) in three revisions: loaded and tagged, two answers corrected, three
harder problems added. A second start finds them and changes nothing.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROWS = ROOT / "examples" / "arithmetic.jsonl"
ADMIN = "admin@localhost.localdomain"  # whom the first start creates
MAPPING = {"case_id": "ref_source_id", "question": "input.question", "answer": "output", "*": "metadata"}
CORRECTED = [{"ref_source_id": "arithmetic-07", "output": "25"}, {"ref_source_id": "arithmetic-18", "output": "13"}]
HARDER = [
    ("A tank holds 90 liters. It fills at 12 liters a minute and leaks 3. In how many minutes is it full?", "10"),
    ("Kira is twice as old as Leo. In 6 years they are 48 together. How old is Leo now?", "12"),
    ("A train of 200 meters passes a post in 10 seconds. How many meters does it travel in a minute?", "1200"),
]
START_SECONDS = 120


class Service:
    """The calls that the example needs, by the standard library alone."""

    def __init__(self, url: str, key: str) -> None:
        self.base, self.key = f"{url}/api/projects/@current", key

    def ask(self, method: str, path: str, body: Any = None, *, message: str = "") -> Any:
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        if message:
            headers["Revision-Message"] = message
        request = urllib.request.Request(f"{self.base}/{path}", content, headers, method=method)  # noqa: S310  http
        with urllib.request.urlopen(request) as response:  # noqa: S310
            return json.load(response)


def load(service: Service) -> str:
    """Create the dataset in three revisions, unless it is there. Returns its id."""
    found = service.ask("GET", "datasets/?name=arithmetic&strict=true")["results"]
    if found:
        return str(found[0]["id"])
    description = "Word problems with known answers"
    dataset = str(service.ask("POST", "datasets/", {"name": "arithmetic", "description": description})["id"])
    query = urllib.parse.urlencode({"import_format": "jsonl", "mapping": json.dumps(MAPPING)})
    path = f"datasets/{dataset}/import/?{query}"
    loaded = service.ask("POST", path, ROWS.read_bytes(), message="Load arithmetic.jsonl")
    service.ask("PUT", f"datasets/{dataset}/tags/release-1/", {"revision": loaded["dataset_revision"]})
    service.ask(
        "POST", "dataset_items/bulk/?match_on=ref_source_id&on_conflict=update",
        {"dataset": dataset, "items": CORRECTED}, message="Correct two answers",
    )  # fmt: skip
    items = [
        {
            "ref_source_id": f"arithmetic-{number}",
            "input": {"question": question},
            "output": answer,
            "metadata": {"topic": "hard", "level": 4, "split": "test"},
        }
        for number, (question, answer) in enumerate(HARDER, 49)
    ]
    service.ask("POST", "dataset_items/bulk/", {"dataset": dataset, "items": items}, message="Add harder problems")
    return dataset


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_readyz", timeout=5):  # noqa: S310
                return
        except OSError:
            if time.monotonic() > deadline:
                break
            time.sleep(0.2)
    raise SystemExit("The service did not start; its messages are above.")


def get_key(data_dir: Path) -> str:
    """Return the key of the example, created at the first start and kept beside the data."""
    file = data_dir / "try-key"
    if not file.exists():
        command = [sys.executable, "manage.py", "create_api_key", "--email", ADMIN, "--label", "scripts/try"]
        made = subprocess.run([*command, "--scopes", "*", "--json"], cwd=ROOT, check=True, capture_output=True)  # noqa: S603
        value = json.loads(made.stdout)["key"]
        file.touch(mode=0o600)
        file.write_text(value, encoding="utf-8")
    return file.read_text(encoding="utf-8")


def describe(url: str, key: str, dataset: str) -> str:
    return f"""
Datasets API with example data. The console, signed in:

  {url}/#key={key}

The dataset "arithmetic" has three revisions; the first is tagged release-1. From a shell:

  export DATASETS_URL={url} DATASETS_API_KEY={key}
  curl -H "Authorization: Bearer $DATASETS_API_KEY" \\
      "$DATASETS_URL/api/projects/@current/datasets/{dataset}/diff/?from=release-1&to=latest"

Ctrl-C stops the service.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/try", description="Starts the service on example data.")
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    url = f"http://127.0.0.1:{port}"
    data_dir = ROOT / os.environ.setdefault("DATA_DIR", ".try")
    command = [sys.executable, "manage.py", "up", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            wait_until_ready(url, process)
            key = get_key(data_dir)
            print(describe(url, key, load(Service(url, key))), flush=True)
            return process.wait()
        except KeyboardInterrupt:
            # The terminal sends Ctrl-C to the service too; a second one would cut its stop short.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            return process.wait()
        except BaseException:
            process.terminate()
            raise


if __name__ == "__main__":
    sys.exit(main())
