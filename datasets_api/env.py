"""Reads typed settings from the environment. All functions raise ImproperlyConfigured for an invalid value."""

import importlib
import math
import os
import re
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
# No empty segment, and none of dots alone.
BASE_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")


def text(name: str, default: str = "") -> str:
    """Return the variable without surrounding whitespace; an empty one counts as unset."""
    return os.environ.get(name, "").strip() or default


def secret(name: str) -> str:
    """Like text, but NAME_FILE may name a file with the value, which keeps it out of the environment."""
    value, file = text(name), text(f"{name}_FILE")
    if value and file:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    if not file:
        return value
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error


def folder(name: str) -> str | None:
    """Return a folder that files can be created in, or None if the variable is unset."""
    path = text(name)
    if not path:
        return None
    try:
        tempfile.TemporaryFile(dir=path).close()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name} must be a folder that files can be created in, not {path!r}: {error.strerror}."
        ) from error
    return path


def base_path(name: str) -> str:
    """Return the path under which a proxy serves the service, such as /one or /one/two, without a trailing slash."""
    path = text(name).rstrip("/")
    if path and not BASE_PATH.fullmatch(path):
        raise ImproperlyConfigured(f"{name} must be a path such as /datasets, with letters, digits and . _ ~ - only.")
    return path


def boolean(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in TRUE | FALSE:
        return value in TRUE
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")


def integer(name: str, default: int, *, minimum: int = 0, maximum: int | None = None) -> int:
    value = text(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        number = minimum - 1
    if number < minimum or (maximum is not None and number > maximum):
        bounds = f"of at least {minimum}" if maximum is None else f"from {minimum} to {maximum}"
        raise ImproperlyConfigured(f"{name} must be a whole number {bounds}, not {value!r}.")
    return number


def seconds(name: str, default: float) -> float:
    number = _decimal(name, default)
    if not 0 <= number < math.inf:
        raise ImproperlyConfigured(f"{name} must be a number of seconds, 0 or more, not {text(name)!r}.")
    return number


def fraction(name: str, default: float) -> float:
    number = _decimal(name, default)
    if not 0 < number <= 1:
        raise ImproperlyConfigured(f"{name} must be a number above 0 and at most 1, not {text(name)!r}.")
    return number


def _decimal(name: str, default: float) -> float:
    """Return NaN, which is within no bounds, for a value that is not a number."""
    try:
        return float(text(name) or default)
    except ValueError:
        return math.nan


def csv(name: str, default: str = "") -> list[str]:
    """Return the parts of a comma-separated list, without empty ones."""
    return [word for part in text(name, default).split(",") if (word := part.strip())]


def require_package(name: str, value: str, package: str) -> None:
    if not value:
        return
    try:
        importlib.import_module(package)
    except ImportError as error:
        raise ImproperlyConfigured(
            f"{name} needs packages that are not installed: "
            ".venv/bin/pip install --require-hashes -r requirements-extras.lock"
        ) from error


def choice(name: str, default: str, choices: set[str]) -> str:
    value = text(name, default).upper()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(sorted(choices))}, not {value!r}.")
    return value
