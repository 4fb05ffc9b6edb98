"""The error of backups and restores."""

from django.core.management import CommandError


class BackupError(CommandError):
    """A backup cannot be made, verified or restored; the message is for the command's user."""
