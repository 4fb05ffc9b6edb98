"""Generates, hashes and masks personal API keys, in PostHog's formats.

A key is phx_ and 35 random bytes in base62. It is stored as sha256$<hex> and shown as phx_...abcd.
"""

import hashlib
import secrets
import string

KEY_PREFIX = "phx_"
TOKEN_PREFIX = "phc_"  # noqa: S105  projects' public tokens
ENTROPY_BYTES = 35
MIN_LENGTH_TO_MASK = 16
DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase


def new_key() -> str:
    return KEY_PREFIX + base62(secrets.token_bytes(ENTROPY_BYTES))


def new_project_token() -> str:
    return TOKEN_PREFIX + base62(secrets.token_bytes(ENTROPY_BYTES))


def hash_key(key: str) -> str:
    """Hash a key. One SHA-256 is enough: with 280 random bits, a slower hash would not make guessing harder."""
    return "sha256$" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def mask_key(key: str) -> str:
    if len(key) < MIN_LENGTH_TO_MASK:
        return "********"
    return f"{key[:4]}...{key[-4:]}"


def base62(data: bytes) -> str:
    number, digits = int.from_bytes(data, "big"), []
    while number:
        number, digit = divmod(number, len(DIGITS))
        digits.append(DIGITS[digit])
    return "".join(reversed(digits))
