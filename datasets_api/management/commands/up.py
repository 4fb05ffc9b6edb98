"""Starts the whole service: database, migrations, on the first run a project and a key, then the HTTP server."""

import argparse
import contextlib
import os
import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from datasets_api.first_run import first_key, welcome
from datasets_api.postgres import PostgresError
from datasets_api.serving import check_port, serve


class Command(BaseCommand):
    help = "Starts the service."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes (default: one a core)")
        parser.add_argument("--threads", type=int, default=4, help="threads in each (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        # Until the server takes the signals over, a stop must pass through the database's own stop.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        embedded = settings.EMBEDDED_POSTGRES
        try:
            check_port(host, port)
            with embedded.serve() if embedded else contextlib.nullcontext():
                call_command("migrate", verbosity=0)
                self.stdout.write(welcome(first_key(), host, port))
                self.stdout.flush()
                serve(host=host, port=port, workers=options["workers"], threads=options["threads"])
        except (OSError, PostgresError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            return
