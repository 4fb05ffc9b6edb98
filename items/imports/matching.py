"""Options for rows that match existing items, and an index of the rows' keys."""

import os
import sqlite3
import tempfile
from collections.abc import Mapping
from typing import NamedTuple, Self

from django.conf import settings

from items.bulk.existing import MATCH_KEYS
from items.bulk.upsert import OnConflict
from items.imports.errors import file_error, invalid_row
from rest.query_params import parse_boolean
from rest.uploads import staging_errors


class MatchOptions(NamedTuple):
    """With an empty match_on, every row is a new item."""

    match_on: str = ""
    on_conflict: OnConflict = OnConflict.ERROR
    is_mirror: bool = False  # archive live items whose key the file lacks


def parse_match_options(params: Mapping[str, str]) -> MatchOptions:
    match_on, policy = params.get("match_on", ""), params.get("on_conflict", "")
    is_mirror = parse_boolean("mirror", params.get("mirror"))
    if match_on and match_on not in MATCH_KEYS:
        raise file_error(f'"{match_on[:60]}" is not a valid choice.', attr="match_on", code="invalid_choice")
    if policy and policy not in set(OnConflict):
        raise file_error(f'"{policy[:60]}" is not a valid choice.', attr="on_conflict", code="invalid_choice")
    if (is_mirror or policy not in {"", OnConflict.ERROR}) and not match_on:
        name = "mirror" if is_mirror else "on_conflict"
        raise file_error(f"{name} requires match_on=id or match_on=ref_source_id.", attr="match_on", code="required")
    if is_mirror and policy == OnConflict.ERROR:
        raise file_error("mirror=true requires on_conflict=update or skip.", attr="on_conflict")
    return MatchOptions(
        match_on, OnConflict(policy or (OnConflict.UPDATE if is_mirror else OnConflict.ERROR)), is_mirror
    )


class KeyIndex:
    """The keys of a file's rows, in a nameless file on disk that is gone once closed."""

    def __init__(self) -> None:
        with staging_errors():
            handle, path = tempfile.mkstemp(dir=settings.IMPORT_DIR)
        try:
            os.close(handle)
            self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self.connection.execute("PRAGMA journal_mode = OFF")
            self.connection.execute("PRAGMA synchronous = OFF")
            self.connection.execute("CREATE TABLE keys (key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")
        finally:
            os.unlink(path)  # noqa: PTH108

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def add(self, key: str, row: int) -> None:
        """Raises ValidationError if an earlier row has the key."""
        try:
            self.connection.execute("INSERT INTO keys VALUES (?, ?)", (key, row))
        except sqlite3.IntegrityError:
            [(earlier,)] = self.connection.execute("SELECT row FROM keys WHERE key = ?", (key,))
            raise invalid_row(f"Row {earlier} has the same key.") from None

    def __contains__(self, key: object) -> bool:
        return self.connection.execute("SELECT 1 FROM keys WHERE key = ?", (key,)).fetchone() is not None
