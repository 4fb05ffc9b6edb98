"""Backups: one file with all that the database holds, made while the service works and restored as a whole.

pg_dump and pg_restore do the work. programs.py chooses and runs them, archives.py makes and examines a file,
restoring.py restores it, verify.py restores it on trial, and signals.py has a signal end a command in good order.
"""

from django.core.management import CommandError


class BackupError(CommandError):
    """With a message for the person at the terminal."""
