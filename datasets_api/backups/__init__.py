"""Backups: one file with all that the database holds, made while the service works, and put back as a whole.

programs.py (which pg_dump), archives.py (making and examining a file), checksum.py (whether it is as it was made),
restoring.py (putting it back), verify.py (putting it back elsewhere, to see whether it can be), progress.py.
"""

from django.core.management import CommandError


class BackupError(CommandError):
    """With a message for the person at the terminal."""
