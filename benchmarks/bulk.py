"""10,000 items in one request, beside a bare COPY of the same rows through psycopg into the same table and indexes."""

import http.client
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
from uuid_utils.compat import uuid7

from benchmarks import content
from benchmarks.load import LoadError, Sample
from benchmarks.operations import ITEMS_PATH
from benchmarks.processes import cpu_time, others_percent
from benchmarks.repeats import Run
from benchmarks.servers import Server
from benchmarks.statements import INPUT_TEXT, MAIN_DATASET, METADATA_TEXT, OUTPUT_TEXT
from items.rows import ItemRow

ITEMS = 10_000
COPY = f"COPY dataset_item ({', '.join(ItemRow._fields)}) FROM STDIN"
TYPES = (
    "int8", "uuid", "uuid", "text", "text", "text", "text", "timestamptz", "text", "bool", "timestamptz",
    "timestamptz", "int8", "int8", "int8",
)  # fmt: skip
TIME = datetime(2026, 1, 5, 12, tzinfo=UTC)
# A COPY alone makes no history, and its rows must not stay.
CLEAR = "DELETE FROM dataset_item WHERE team_id = %s AND id BETWEEN %s AND %s"

# Does its work once, and returns how long that took, without what comes before and after it.
Once = Callable[[], float]


def bulk_and_copies(server: Server) -> dict[str, Run]:
    return {
        "bulk": repeated(lambda: request(server)),
        "copy": repeated(lambda: copy(server, binary=True)),
        "copy_as_text": repeated(lambda: copy(server, binary=False)),
    }


def repeated(once: Once) -> Run:
    """Its rate is that of items."""

    def run(seconds: float) -> Sample:
        times: list[float] = []
        before = cpu_time()
        while sum(times) < seconds:
            times.append(once())
        middle = 1000 * statistics.median(times)
        rate = ITEMS * len(times) / sum(times)
        return Sample(rate, middle, 1000 * max(times), 1000 * max(times), others_percent(before, cpu_time()))

    return run


def body() -> bytes:
    item = (
        f'{{"input":{INPUT_TEXT},"output":{OUTPUT_TEXT},"metadata":{METADATA_TEXT},"ref_trace_id":"trace-%d",'
        f'"ref_timestamp":"{TIME.isoformat()}","ref_source_id":"source-%d"}}'
    )
    items = ",".join(item % (number, number) for number in range(ITEMS))
    return f'{{"dataset":"{MAIN_DATASET}","items":[{items}]}}'.encode()


BODY = body()


def request(server: Server) -> float:
    connection = http.client.HTTPConnection(urlsplit(server.base).netloc, timeout=60)
    headers = {"Authorization": f"Bearer {content.CALLER_KEY}", "Content-Type": "application/json"}
    start = time.monotonic()
    connection.request("POST", f"{ITEMS_PATH}bulk/", BODY, headers)
    response = connection.getresponse()
    answer = response.read()
    taken = time.monotonic() - start
    connection.close()
    if response.status != 200 or answer.count(b'"created"') != ITEMS + 1:
        raise LoadError(f"bulk: {response.status}: {answer[:1000]!r}")
    return taken


def copy(server: Server, *, binary: bool) -> float:
    rows = new_rows()
    with server.database.connected() as connection:
        start = time.monotonic()
        copy_rows(connection, rows, binary=binary)
        taken = time.monotonic() - start
        connection.execute(CLEAR, [content.PROJECT, rows[0][1], rows[-1][1]])
    return taken


def copy_rows(connection: psycopg.Connection, rows: list[tuple[Any, ...]], *, binary: bool) -> None:
    statement = f"{COPY} (FORMAT BINARY)" if binary else COPY
    with connection.cursor() as cursor, cursor.copy(statement) as sink:
        if binary:
            sink.set_types(TYPES)
        for row in rows:
            sink.write_row(row)


def new_rows() -> list[tuple[Any, ...]]:
    now, dataset = datetime.now(UTC), UUID(MAIN_DATASET)
    return [
        (
            content.PROJECT, uuid7(), dataset, INPUT_TEXT, OUTPUT_TEXT, METADATA_TEXT, f"trace-{number}", TIME,
            f"source-{number}", False, now, now, content.CALLER, 1, 1,
        )
        for number in range(ITEMS)
    ]  # fmt: skip
