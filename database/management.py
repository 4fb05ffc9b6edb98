"""What a console command says of a database that fails it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import CommandError
from django.db import DatabaseError


@contextmanager
def report_database_errors(returncode: int = 1) -> Iterator[None]:
    """Also a decorator. The code is what the command then ends with."""
    try:
        yield
    except DatabaseError as error:
        raise CommandError(f"The database cannot be used: {str(error).strip()}", returncode=returncode) from error
