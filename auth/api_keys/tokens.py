"""What a personal API key looks like, and the two things kept of it: its hash and its mask. Pure.

Shapes and names are PostHog's: phx_ and base62 of 35 random bytes, kept as sha256$<hex>, shown as phx_...abcd.
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
    """One SHA-256 is enough: a key has 280 random bits, so no slower hash makes guessing harder."""
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
