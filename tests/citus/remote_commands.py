"""Records the commands that the coordinator sends to workers for this process."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psycopg
from django.db import connection


class RemoteCommand(NamedTuple):
    text: str
    node: str

    @property
    def kind(self) -> str:
        return self.text.split(maxsplit=1)[0].upper()


class RemoteCommands(list[RemoteCommand]):
    def note(self, notice: psycopg.errors.Diagnostic) -> None:
        message, detail = notice.message_primary or "", notice.message_detail or ""
        if message.startswith("issuing "):
            self.append(RemoteCommand(message.removeprefix("issuing "), detail.split(" connectionId")[0]))

    @property
    def nodes(self) -> set[str]:
        return {each.node for each in self}

    @property
    def kinds(self) -> Counter[str]:
        return Counter(each.kind for each in self)


@contextmanager
def remote_commands() -> Iterator[RemoteCommands]:
    found = RemoteCommands()
    connection.ensure_connection()
    raw = connection.connection
    with connection.cursor() as cursor:
        cursor.execute("SET citus.log_remote_commands = on")
    raw.add_notice_handler(found.note)
    try:
        yield found
    finally:
        raw.remove_notice_handler(found.note)
        with connection.cursor() as cursor:
            cursor.execute("RESET citus.log_remote_commands")
