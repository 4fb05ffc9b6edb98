"""Evaluate a model on GSM8K: push the file once, then run a plain function over a pinned revision.

    python examples/gsm8k.py gsm8k_test.jsonl --limit 100

The file is the one of https://github.com/openai/grade-school-math: lines of {"question", "answer"}, where the answer
ends in "#### 18".
"""

import argparse
import json
import re
from pathlib import Path

from datasets_client import Client, Dataset, Item


def load(client: Client, path: Path, name: str) -> Dataset:
    """Push the questions; rows that are there already change nothing."""
    dataset = client.create(name, exist_ok=True)
    rows = (
        {"case_id": f"gsm8k-{number}", "input": row["question"], "output": last_number(row["answer"])}
        for number, row in enumerate(read_lines(path))
    )
    report = dataset.push(rows, key="case_id", message="GSM8K")
    print(f"{report.created} created, {report.unchanged} unchanged")
    return dataset.latest


def read_lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def model(question: str) -> str:
    """Stand in for a model: guess the sum of all numbers. Put your own here."""
    return str(sum(int(number) for number in re.findall(r"\d+", question)))


def last_number(text: str) -> str:
    """Return the last whole number of an answer, without commas."""
    numbers = re.findall(r"-?\d[\d,]*", text)
    return numbers[-1].replace(",", "") if numbers else ""


def is_right(item: Item) -> bool:
    return bool(last_number(model(item.input)) == item.output)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--name", default="gsm8k")
    parser.add_argument("--limit", type=int, help="evaluate so many questions")
    options = parser.parse_args()
    with Client() as client:
        dataset = load(client, options.file, options.name)
        items = dataset[: options.limit]
        right = sum(is_right(item) for item in items)
        print(f"{right} of {len(items)} right, at revision {dataset.revision} of {options.name}")


if __name__ == "__main__":
    main()
