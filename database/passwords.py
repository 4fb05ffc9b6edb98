"""Masks the databases' passwords in messages from any source."""

from urllib.parse import quote

from django.conf import settings

# Shorter passwords may occur in ordinary words.
MIN_LENGTH = 6
MASK = "********"


def mask_passwords(text: str) -> str:
    for each in settings.DATABASES.values():
        password = str(each.get("PASSWORD") or "")
        if len(password) >= MIN_LENGTH:
            text = text.replace(password, MASK).replace(quote(password, safe=""), MASK)
    return text
