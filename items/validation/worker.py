"""A program of its own that checks JSON values against JSON Schemas: what it is asked comes on stdin, answers go out.

A few lines of schema can keep a validator busy for years, and no thread can be stopped from outside. So values are
checked in a process that ends by itself: SIGPROF kills it when its processor time is up, and it may take so much memory
and no more. Run as a file, without Django and without a module of ours, since it is started again and again.

A message is a line of JSON: a list of [schema, [value, …]], each a text of JSON. The answer is a line too, with a list
for each schema: of its violations, [index of the value, path, detail]; or {"path", "detail"} for a schema that is none.
"""

import functools
import json
import os
import resource
import signal
import sys
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NoReturn

import jsonschema_rs

# Of the processor, to read a schema; and to check values: so much, and a little more for each and each character.
SCHEMA_SECONDS = 1.0
CHECK_SECONDS, SECONDS_PER_VALUE, SECONDS_PER_CHARACTER = 2.0, 1e-3, 1e-7
MEMORY_BYTES = 2 * 1024**3
MAX_CACHED_SCHEMAS = 64
# Bounds of one regular expression: in steps back, and in bytes.
PATTERN_OPTIONS = jsonschema_rs.FancyRegexOptions(backtrack_limit=100_000, size_limit=1_000_000)


class UnreadableSchema(Exception):
    def __init__(self, path: list[Any], detail: str) -> None:
        super().__init__(detail)
        self.report = {"path": path, "detail": detail}


@functools.lru_cache(MAX_CACHED_SCHEMAS)
def compile_schema(text: str) -> jsonschema_rs.Validator:
    """Numbers are compared by their digits; no other document is fetched; formats are checked in every draft."""
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
    """Exact: int() refuses what is longer than some thousand digits, Decimal does not."""
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def violations(validator: jsonschema_rs.Validator, values: list[str]) -> Iterable[tuple[int, list[Any], str]]:
    for index, text in enumerate(values):
        try:
            validator.validate(parse_value(text))
        except jsonschema_rs.ValidationError as error:
            yield index, error.instance_path, error.message


def time_budget(values: list[str]) -> float:
    return CHECK_SECONDS + SECONDS_PER_VALUE * len(values) + SECONDS_PER_CHARACTER * sum(map(len, values))


def check_values(schema: str, values: list[str]) -> Any:
    try:
        validator = compile_schema(schema)
        signal.setitimer(signal.ITIMER_PROF, time_budget(values))
        return list(violations(validator, values))
    except UnreadableSchema as error:
        return error.report
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def main() -> NoReturn:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The end of the asking process, which is the end of stdin, ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for message in sys.stdin.buffer:
            reports = [check_values(schema, values) for schema, values in json.loads(message)]
            sys.stdout.buffer.write(json.dumps(reports).encode() + b"\n")
            sys.stdout.buffer.flush()
    except MemoryError:
        # As whatever costs too much ends: by a signal.
        os.kill(os.getpid(), signal.SIGKILL)
    sys.exit()


if __name__ == "__main__":
    main()
