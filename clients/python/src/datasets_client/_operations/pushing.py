"""Pushing rows: in parts that can be repeated, or as one file where the dataset is to mirror them."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasets_client._commands import Request, Response, Steps
from datasets_client._errors import APIError, Conflict, InvalidRequest, InvalidRow, RowsRejected
from datasets_client._journal import Journal
from datasets_client._json_text import read_json, write_json
from datasets_client._mapping import RowMapping
from datasets_client._operations.datasets import message_header
from datasets_client._operations.resolving import resolve
from datasets_client._progress import Progress
from datasets_client._refs import DatasetRef
from datasets_client._results import PushExample, PushReport, RowError
from datasets_client._rows import Cells, read_rows

PART_ROWS = 5_000
PART_BYTES = 8 * 1024 * 1024
LINES = {"Content-Type": "application/x-ndjson"}
# Examples of each status in the report of a dry run, as many as an import has.
MAX_EXAMPLES = 10
# An import answers when all of it is stored; the longest one takes its time.
IMPORT_SECONDS = 3600.0
MATCH = {"match_on": "ref_source_id", "on_conflict": "update"}


@dataclass(frozen=True)
class PushOptions:
    key: str | None = None
    mapping: Mapping[str, str] | None = None
    mirror: bool = False
    allow_empty: bool = False
    dry_run: bool = False
    partial: bool = False
    message: str | None = None
    resume: bool = True
    cells: Cells = "json"
    file_format: str | None = None


@dataclass
class Part:
    """Some rows as the body of one request."""

    first_row: int
    lines: list[bytes] = field(default_factory=list[bytes])
    size: int = 0

    def is_full(self, line: bytes) -> bool:
        return bool(self.lines) and (len(self.lines) == PART_ROWS or self.size + len(line) > PART_BYTES)

    def add(self, line: bytes) -> None:
        self.lines.append(line)
        self.size += len(line)

    @property
    def body(self) -> bytes:
        return b"".join(self.lines)


def push(  # noqa: PLR0913  each has its own default, and most calls give one
    ref: DatasetRef,
    rows: Any,
    *,
    key: str | None = None,
    mapping: Mapping[str, str] | None = None,
    mirror: bool = False,
    allow_empty: bool = False,
    dry_run: bool = False,
    partial: bool = False,
    message: str | None = None,
    resume: bool = True,
    cells: Cells = "json",
    file_format: str | None = None,
) -> Steps[PushReport]:
    """Store rows and return what became of them.

    rows: an iterable of dicts or items, a DataFrame, a Hugging Face dataset, or the path of a .jsonl, .json, .csv, .tsv
    or .parquet file. key: the column whose value becomes ref_source_id, by which rows match items: matched items
    are changed, others created. Without a key all rows are created. mapping: where columns go, such as
    {"question": "input.question", "*": "metadata"}. mirror: also archive the items without a row; needs a key.
    dry_run: store nothing. partial: store the rows that are right, and report the others. message: kept with the
    revision. resume: go on with an interrupted push of the same rows. cells: "text" keeps each CSV cell the text it is.

    Raises InvalidRow for rows that cannot be sent, RowsRejected for rows that the server refuses.
    """
    if ref.pin is not None or ref.conditions:
        raise ValueError("Rows are pushed to a dataset, not to a revision or a choice of its items.")
    if mirror and key is None:
        raise ValueError("mirror=True needs key=…: items whose key has no row are archived.")
    options = PushOptions(key, mapping, mirror, allow_empty, dry_run, partial, message, resume, cells, file_format)
    lines = encode_rows(rows, options)
    dataset_id = yield from resolve(ref)
    if mirror:
        return (yield from push_mirror(ref, dataset_id, lines, options))
    return (yield from push_parts(ref, dataset_id, lines, options))


def encode_rows(rows: Any, options: PushOptions) -> Iterator[bytes]:
    """Yield the items as lines of JSON; raises InvalidRow, also for a key that stands twice."""
    row_mapping = RowMapping(options.mapping, options.key)
    keys: dict[str, int] = {}
    for number, row in enumerate(read_rows(rows, options.cells, options.file_format), 1):
        item = row_mapping.item(row, number)
        if options.key is not None and keys.setdefault(item["ref_source_id"], number) != number:
            first = keys[item["ref_source_id"]]
            raise InvalidRow(f"The key {item['ref_source_id']!r} stands in row {first} already.", row=number)
        yield encode_item(item, number)


def encode_item(item: Mapping[str, Any], number: int) -> bytes:
    try:
        return (write_json(item) + "\n").encode()
    except UnicodeEncodeError:
        raise InvalidRow("A text holds half of a surrogate pair, which is no character.", row=number) from None
    except (ValueError, TypeError) as error:
        raise InvalidRow(
            str(error).replace("Out of range float values are not JSON compliant", NAN), row=number
        ) from None


NAN = "A number is NaN or infinite, which JSON does not have"


def split_parts(lines: Iterator[bytes]) -> Iterator[Part]:
    part = Part(1)
    for number, line in enumerate(lines, 1):
        if part.is_full(line):
            yield part
            part = Part(number)
        part.add(line)
    if part.lines:
        yield part


def push_parts(ref: DatasetRef, dataset_id: str, lines: Iterator[bytes], options: PushOptions) -> Steps[PushReport]:
    report = PushReport(dry_run=options.dry_run)
    progress = Progress("Pushing")
    journal: Journal | None = None
    try:
        for index, part in enumerate(split_parts(lines)):
            if index == 0 and options.key is None and not options.dry_run:
                target = f"{ref.connection.settings.project_url}\n{dataset_id}\n{options.partial}\n"
                journal = Journal.open(ref.connection.cache.folder, target, part.body, resume=options.resume)
            yield from push_part(ref, dataset_id, index, part, journal, report, options)
            progress.add(len(part.lines))
    finally:
        progress.close()
    if journal is not None:
        journal.remove()
    return report


def push_part(
    ref: DatasetRef, dataset_id: str, index: int, part: Part, journal: Journal | None, report: PushReport,
    options: PushOptions,
) -> Steps[None]:  # fmt: skip
    """Store one part and add it to the report."""
    headers = {**LINES, **message_header(options.message)}
    if journal is not None:
        headers["Idempotency-Key"] = journal.key(index, part.body)
    answer = journal.answer(index, part.body) if journal is not None else None
    if answer is not None:
        report.resumed_parts += 1
    else:
        params = {"dataset": dataset_id, **bulk_params(options)}
        request = Request("POST", "dataset_items/bulk/", params, headers, part.body, read_timeout=300.0)
        try:
            answer = yield from send_part(ref, dataset_id, request, part, report)
        except (InvalidRequest, Conflict):
            if journal is not None:
                journal.forget(index)
            raise
        if journal is not None:
            journal.record(index, answer)
    report.add(answer)
    report.errors += row_errors(answer.get("results") or [], part.first_row)
    if options.dry_run:
        add_examples(report, answer.get("results") or [], part)
    report.rows += len(part.lines)
    report.parts += 1


def bulk_params(options: PushOptions) -> dict[str, str]:
    flags = {"dry_run": options.dry_run, "partial": options.partial or options.dry_run}
    return {**(MATCH if options.key is not None else {}), **{name: "true" for name, is_set in flags.items() if is_set}}


def send_part(
    ref: DatasetRef, dataset_id: str, request: Request, part: Part, report: PushReport
) -> Steps[dict[str, Any]]:
    try:
        response: Response = yield from ref.connection.send(request)
    except APIError as error:
        if (place := refused_row(error, part)) is not None:
            raise rejected(error, [place], report) from None
        raise
    ref.connection.note_revision(dataset_id, response)
    answer: dict[str, Any] = read_json(response.text)
    return answer


def refused_row(error: APIError, part: Part) -> RowError | None:
    """Return which row a refused part is refused for: `attr` is `items.3.ref_timestamp`."""
    head, _, rest = (error.attr or "").partition(".")
    index, _, attr = rest.partition(".")
    if head != "items" or not index.isdigit():
        return None
    return RowError(part.first_row + int(index), attr or None, error.code, error.detail)


def row_errors(results: list[dict[str, Any]], first_row: int) -> list[RowError]:
    return [
        RowError(
            first_row + result["index"],
            str(result["error"].get("attr") or "").removeprefix(f"items.{result['index']}").lstrip(".") or None,
            result["error"]["code"],
            result["error"]["detail"],
        )
        for result in results
        if result["status"] == "error"
    ]


def add_examples(report: PushReport, results: list[dict[str, Any]], part: Part) -> None:
    """Add the first results of each status to the report."""
    shown = Counter(example.status for example in report.examples)
    for result in results:
        status = result["status"]
        if status != "error" and shown[status] < MAX_EXAMPLES:
            shown[status] += 1
            source_id = read_json(part.lines[result["index"]].decode()).get("ref_source_id")
            row = part.first_row + result["index"]
            example = PushExample(status, row, result["id"], source_id, tuple(result.get("fields", ())))
            report.examples.append(example)


def import_examples(examples: Any) -> list[PushExample]:
    return [
        PushExample(each["status"], each["row"], each["id"], each["ref_source_id"], tuple(each["fields"]))
        for each in examples or []
    ]


def rejected(error: APIError, errors: list[RowError], report: PushReport) -> RowsRejected:
    stored = f" {report.rows} rows before it are stored." if report.rows and not report.dry_run else ""
    text = f"{str(errors[0])[0].upper()}{str(errors[0])[1:]}{stored}"
    return RowsRejected(
        text, errors=errors, report=report, status=error.status, code=error.code, attr=None,
        request_id=error.request_id, members=error.members,
    )  # fmt: skip


def push_mirror(ref: DatasetRef, dataset_id: str, lines: Iterator[bytes], options: PushOptions) -> Steps[PushReport]:
    """Send all rows as one file: one revision, in which the dataset becomes what the rows are."""
    with tempfile.TemporaryDirectory(prefix="datasets-client-") as folder:
        path = Path(folder) / "rows.jsonl"
        rows = write_lines(path, lines)
        if rows == 0 and not options.allow_empty:
            raise ValueError(
                "There are no rows: a mirror of nothing archives every item. Pass allow_empty=True to do so."
            )
        params = {
            "import_format": "jsonl",
            "mirror": "true",
            **MATCH,
            **({"dry_run": "true"} if options.dry_run else {}),
        }
        headers = {**LINES, **message_header(options.message)}
        request = Request("POST", f"datasets/{dataset_id}/import/", params, headers, path, read_timeout=IMPORT_SECONDS)
        report = PushReport(dry_run=options.dry_run)
        try:
            response: Response = yield from ref.connection.send(request)
        except APIError as error:
            if found := import_errors(error.members.get("errors")):
                raise rejected(error, found, report) from None
            raise
    answer = read_json(response.text)
    report.add(answer)
    report.rows, report.parts, report.errors = rows, 1, import_errors(answer.get("errors"))
    report.examples = import_examples(answer.get("examples"))
    return report


def write_lines(path: Path, lines: Iterator[bytes]) -> int:
    count = 0
    with path.open("wb") as file:
        for line in lines:
            file.write(line)
            count += 1
    return count


def import_errors(errors: Any) -> list[RowError]:
    return [RowError(error["row"], error["attr"], error["code"], error["detail"]) for error in errors or []]
