"""Revision-Message: a client's comment on a write, stored with the revision that the write makes."""

import re
from contextvars import ContextVar
from urllib.parse import unquote_to_bytes

from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from rest.context_value import ContextValue
from rest.headers import get_header

HEADER = "Revision-Message"
MAX_MESSAGE_CHARACTERS = 500
VISIBLE_ASCII = re.compile(r"[\x20-\x7e]+")
# RFC 8187, section 3.2: the charset, an optional language, and the text with everything else percent-encoded.
EXTENDED_VALUE = re.compile(r"UTF-8'[A-Za-z0-9-]*'((?:%[0-9A-Fa-f]{2}|[A-Za-z0-9!#$&+.^_`|~-])*)", re.IGNORECASE)
EXTENDED_PREFIX = re.compile(r"[A-Za-z0-9-]+'[A-Za-z0-9-]*'")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

# The message of the request that this thread handles.
revision_message: ContextVar[str | None] = ContextVar("revision_message", default=None)


def keep_message(request: Request) -> ContextValue[str | None]:
    """Give the request's message to revisions that are made inside. Raises ValidationError."""
    return ContextValue(revision_message, message_from_header(request))


def message_from_header(request: Request) -> str | None:
    """Return None without the header. Raises ValidationError."""
    value = get_header(request, HEADER)
    if value is None:
        return None
    message = decode_message(value.strip())
    if len(message) > MAX_MESSAGE_CHARACTERS:
        detail = f"Ensure this field has no more than {MAX_MESSAGE_CHARACTERS} characters."
        raise ValidationError({HEADER: [detail]}, code="max_length")
    if not message or CONTROL_CHARACTERS.search(message):
        raise invalid_message(f"{HEADER} must not be empty or contain control characters.")
    return message


def decode_message(value: str) -> str:
    if EXTENDED_PREFIX.match(value):
        return decode_extended(value)
    if value and not VISIBLE_ASCII.fullmatch(value):
        raise invalid_message(f"Encode other characters than ASCII in {HEADER} as RFC 8187 says: UTF-8''na%C3%AFve.")
    return value


def decode_extended(value: str) -> str:
    found = EXTENDED_VALUE.fullmatch(value)
    try:
        if found:
            return unquote_to_bytes(found[1]).decode()
    except UnicodeDecodeError:
        pass
    raise invalid_message(f"{HEADER} is not UTF-8 encoded as RFC 8187 says: UTF-8''na%C3%AFve.")


def invalid_message(detail: str) -> ValidationError:
    return ValidationError({HEADER: [detail]}, code="invalid")
