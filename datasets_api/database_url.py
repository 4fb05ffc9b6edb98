"""Parses database URLs by libpq's rules, and never repeats any part of one in a message.

With an unencoded special character, the rest of a password would be parsed as the host, the port or the name, which
libpq and Django show in their messages. So an ambiguous URL is rejected.
"""

import re
from typing import Any
from urllib.parse import quote, urlencode

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

SCHEME = re.compile(r"postgres(?:ql)?://")
# URLs in which libpq, URL libraries and people agree on the end of the password.
UNAMBIGUOUS = re.compile(r"(?:[^@/?#]*@)?[^@]*")
BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
EXPECTED = "expected postgresql://USER:PASSWORD@HOST:PORT/NAME"
HINT = "write @ as %40, / as %2F, % as %25, ? as %3F and # as %23 in the user and the password"
DJANGO_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
Parameters = dict[str, str]


def parse_database_url(url: str, name: str = "DATABASE_URL") -> Parameters:
    """Return libpq's parameters. Raises ImproperlyConfigured, naming the setting and nothing of its value."""
    scheme = SCHEME.match(url)
    if not scheme:
        raise ImproperlyConfigured(f"{name} must name a PostgreSQL database: {EXPECTED}.")
    rest = url[scheme.end() :]
    if BROKEN_ESCAPE.search(rest) or not UNAMBIGUOUS.fullmatch(rest):
        raise ImproperlyConfigured(f"{name} is invalid: {HINT}.")
    try:
        parameters = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except ProgrammingError:
        parameters = {}
    if not all(port.isdecimal() for port in parameters.get("port", "0").split(",") if port):
        parameters = {}
    if not parameters:
        # Without the cause, whose message quotes a part of the URL.
        raise ImproperlyConfigured(f"{name} is invalid: {EXPECTED}; {HINT}.")
    if not {"dbname", "service"} & parameters.keys():
        raise ImproperlyConfigured(f"{name} names no database: {EXPECTED}.")
    return parameters


def format_database_url(parameters: Parameters) -> str:
    return f"postgresql:///?{urlencode(parameters, quote_via=quote, safe='')}"


def django_settings(parameters: Parameters) -> dict[str, Any]:
    """Return an entry of DATABASES, without its engine."""
    own = {django: parameters.get(libpq, "") for libpq, django in DJANGO_NAMES.items()}
    return own | {"OPTIONS": {key: value for key, value in parameters.items() if key not in DJANGO_NAMES}}
