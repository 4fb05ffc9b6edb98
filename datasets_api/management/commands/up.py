"""Starts the whole service: database, migrations, on the first run a project and a key, and the HTTP server."""

import argparse
import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.checks import Error
from django.core.management import BaseCommand, CommandError

from auth.accounts import ProvisioningError
from database.advisory_lock import migration_lock, run_migrations
from database.management import report_database_errors
from datasets_api.citus import current_messages
from datasets_api.first_run import FirstKey, first_key, welcome
from datasets_api.observability.metrics_dir import metrics_dir
from datasets_api.postgres.errors import PostgresError
from datasets_api.server.addresses import Address, free_address
from datasets_api.server.run import ignores_hangup, serve

MAX_PORT = 65_535
# Each thread has a connection, and the embedded PostgreSQL allows a hundred; more workers need --workers.
MAX_DEFAULT_WORKERS = 12


class Command(BaseCommand):
    help = "Starts the service."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        workers = min(os.cpu_count() or 1, MAX_DEFAULT_WORKERS)
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=port_number, default=8000, help="port to listen on (default: %(default)s)")
        parser.add_argument(
            "--workers", type=positive_integer, default=workers, help="worker processes (default: %(default)s)"
        )
        parser.add_argument(
            "--start-method", choices=["fork", "spawn"], help="how worker processes are started (default: by platform)"
        )
        parser.add_argument(
            "--threads", type=positive_integer, default=4, help="threads of each worker (default: %(default)s)"
        )

    @report_database_errors()
    def handle(self, *args: Any, **options: Any) -> None:
        for number in stop_signals():
            signal.signal(number, exit_on_signal)
        try:
            address = free_address(options["host"], options["port"])
            if options["start_method"]:
                multiprocessing.set_start_method(options["start_method"], force=True)
            with metrics_dir(), database():
                issued = prepare_database()
                self.check_tables()
                serve(
                    address,
                    workers=options["workers"],
                    threads=options["threads"],
                    announce=lambda: self.announce(issued, address),
                )
        except (OSError, PostgresError, ProvisioningError) as error:
            raise CommandError(str(error)) from error

    def check_tables(self) -> None:
        """Raises CommandError where the service would fail on the tables as they are."""
        messages = current_messages()
        if any(isinstance(each, Error) for each in messages):
            raise CommandError("\n".join(map(str, messages)))
        for each in messages:
            self.stderr.write(str(each))

    def announce(self, issued: FirstKey | None, address: Address) -> None:
        self.stdout.write(welcome(issued, address.url))
        self.stdout.flush()


def stop_signals() -> list[signal.Signals]:
    return [signal.SIGINT, signal.SIGTERM, *([] if ignores_hangup() else [signal.SIGHUP])]


def exit_on_signal(*_: Any) -> NoReturn:
    """Exit, until the server handles the signals itself. Further signals must not interrupt stopping the database."""
    for number in stop_signals():
        signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


@contextlib.contextmanager
def database() -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        if settings.EMBEDDED_POSTGRES:
            with defer_stop_signals():
                stack.enter_context(settings.EMBEDDED_POSTGRES.serve())
        yield


@contextlib.contextmanager
def defer_stop_signals() -> Iterator[None]:
    """Defer the first stop signal while PostgreSQL starts, since exiting could leave it running; a second one exits."""
    received: list[int] = []

    def receive(number: int, frame: FrameType | None) -> None:
        if received:
            exit_on_signal()
        received.append(number)

    for number in stop_signals():
        signal.signal(number, receive)
    try:
        yield
    except PostgresError:
        # Ctrl-C reaches PostgreSQL's programs too, and made one of them fail.
        if not received:
            raise
    for number in stop_signals():
        signal.signal(number, exit_on_signal)
    if received:
        exit_on_signal()


def prepare_database() -> FirstKey | None:
    # Several services may start at once on one database.
    with migration_lock():
        run_migrations()
        return first_key()


def positive_integer(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def port_number(text: str) -> int:
    number = positive_integer(text)
    if number > MAX_PORT:
        raise argparse.ArgumentTypeError(f"must be at most {MAX_PORT}")
    return number
