"""Standalone program that checks JSON values against JSON Schemas: requests on stdin, responses on stdout.

A few lines of schema can keep a validator busy for years, and a thread cannot be stopped from outside. So values are
checked in a process that ends itself: SIGPROF kills it when its processor time is up, and its memory is limited. It
runs as a file, without Django or any module of ours, because it is started over and over.

A request is a line of JSON: a list of [schema, [value, …], seconds], where schema and values are JSON text. The
response is a line too: {"reports", "seconds", "memory"}. A report is a list of a schema's violations, [index of the
value, path, detail], or {"path", "detail"} for an invalid schema; seconds are those that the values of each schema
took; memory is what the program uses now, in bytes.
"""

import functools
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import jsonschema_rs

# Processor time to compile a schema. To check values, the request says how much.
SCHEMA_SECONDS = 1.0
MEMORY_BYTES = 1024**3
PAGE_BYTES = resource.getpagesize()
# Beyond any stored number. A larger exponent compares only by sign, and as huge or close to zero.
MAX_EXPONENT = 200_000
MAX_CACHED_SCHEMAS = 64
# The bounds of one regular expression: backtracking steps, and bytes.
PATTERN_OPTIONS = jsonschema_rs.FancyRegexOptions(backtrack_limit=100_000, size_limit=1_000_000)


class UnreadableSchema(Exception):
    def __init__(self, path: list[Any], detail: str) -> None:
        super().__init__(detail)
        self.report = {"path": path, "detail": detail}


@functools.lru_cache(MAX_CACHED_SCHEMAS)
def compile_schema(text: str) -> jsonschema_rs.Validator:
    """Compare numbers by their digits, fetch no other document, and check formats in every draft."""
    signal.setitimer(signal.ITIMER_PROF, SCHEMA_SECONDS)
    try:
        return jsonschema_rs.validator_for(
            text, pattern_options=PATTERN_OPTIONS, offline=True, validate_formats=True, mask="this value"
        )
    except jsonschema_rs.ValidationError as error:
        raise UnreadableSchema(error.instance_path, error.message) from None
    except ValueError as error:
        raise UnreadableSchema([], str(error)) from None


def parse_value(text: str) -> Any:
    """Parse JSON exactly, whatever the length of a number."""
    return json.loads(text, parse_float=parse_decimal)


def parse_decimal(text: str) -> int | Decimal:
    """Return zero for zero with any exponent. Decimal takes exponents of at most 18 digits."""
    digits, _, exponent = text.lower().partition("e")
    if not digits.strip("-0."):
        return 0
    if len(exponent) > len(str(MAX_EXPONENT)) + 1:
        return Decimal(f"{digits}e{'-' if exponent.startswith('-') else ''}{MAX_EXPONENT}")
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(f"{digits}e{MAX_EXPONENT}")


def violations(validator: jsonschema_rs.Validator, values: list[str]) -> Iterable[tuple[int, list[Any], str]]:
    for index, text in enumerate(values):
        try:
            validator.validate(parse_value(text))
        except jsonschema_rs.ValidationError as error:
            yield index, error.instance_path, error.message


def check_values(schema: str, values: list[str], seconds: float) -> Any:
    try:
        validator = compile_schema(schema)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        return list(violations(validator, values))
    except UnreadableSchema as error:
        return error.report
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def handle(message: bytes) -> bytes:
    reports, seconds = [], []
    for schema, values, limit in json.loads(message):
        start = time.process_time()
        reports.append(check_values(schema, values, limit))
        seconds.append(time.process_time() - start)
    return json.dumps({"reports": reports, "seconds": seconds, "memory": memory_bytes()}).encode() + b"\n"


def memory_bytes() -> int:
    """Return the current memory use, or its peak on systems without /proc."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  no module more than needed
            return int(file.read().split()[1]) * PAGE_BYTES
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> NoReturn:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Stored numbers have up to 131,072 digits, which parse in milliseconds.
    sys.set_int_max_str_digits(0)
    # Ctrl-C is for the parent: when it ends, stdin ends, and so does this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for message in sys.stdin.buffer:
            sys.stdout.buffer.write(handle(message))
            sys.stdout.buffer.flush()
    except MemoryError:
        # End by a signal, like everything that costs too much.
        os.kill(os.getpid(), signal.SIGKILL)
    sys.exit()


if __name__ == "__main__":
    main()
