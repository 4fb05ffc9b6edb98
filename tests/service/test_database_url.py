"""Database URLs: parameters, invalid ones, and messages without any part of a password."""

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from database.passwords import mask_passwords
from datasets_api.database_url import django_settings, format_database_url, parse_database_url
from tests.service.up_process import manage

SECRET_KEY = "tests-only-abcdefghijklmnopqrstuvwxyz-0123456789-abcdefgh"  # noqa: S105
PIECE = "kwt7piece"


def test_every_part_is_parsed() -> None:
    parameters = parse_database_url("postgresql://ada:p%40s%2Fs%25@db.example.com:5433/sets?sslmode=require")

    assert django_settings(parameters) == {
        "NAME": "sets",
        "USER": "ada",
        "PASSWORD": "p@s/s%",
        "HOST": "db.example.com",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(
    "url",
    [
        "postgres://db/sets",
        "postgresql:///sets?host=%2Fvar%2Frun",
        "postgresql://ada:p%40s@/sets?host=%2Frun&port=5433",
        "postgresql://ada@[::1]:5432/sets",
        "postgresql://one:5432,two:5433/sets?target_session_attrs=read-write",
        "postgresql://?service=sets",
    ],
)
def test_formatting_and_parsing_a_url_gives_the_same_parameters(url: str) -> None:
    parameters = parse_database_url(url)

    assert parse_database_url(format_database_url(parameters)) == parameters


@pytest.mark.parametrize(
    "password",
    [f"a@{PIECE}/b", f"a/{PIECE}@b", f"a@{PIECE}/b@c", f"{PIECE}%", f"{PIECE}%zz", f"a?{PIECE}", f"a#{PIECE}"],
)
def test_an_unencoded_password_is_rejected_with_a_hint(password: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^REPLICA_DATABASE_URL is invalid: write @ as %40") as raised:
        parse_database_url(f"postgresql://user:{password}@127.0.0.1:1/name", "REPLICA_DATABASE_URL")

    assert PIECE not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        (f"mysql://{PIECE}@db/sets", "must name a PostgreSQL database"),
        (f"host=db password={PIECE}", "must name a PostgreSQL database"),
        (f"postgresql://ada:{PIECE}@db", "names no database"),
        (f"postgresql://ada:{PIECE}/sets", "is invalid"),
        (f"postgresql://db/sets?{PIECE}=1", "is invalid"),
        ("", "must name a PostgreSQL database"),
    ],
)
def test_an_invalid_url_is_rejected_without_quoting_it(url: str, complaint: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=complaint) as raised:
        parse_database_url(url)

    assert PIECE not in str(raised.value)


@pytest.mark.parametrize("command", [("list_api_keys",), ("backup", "never.dump"), ("up", "--port", "1")])
@pytest.mark.parametrize("password", [f"first@{PIECE}/last", f"first/{PIECE}@last"])
def test_commands_and_the_service_only_name_the_setting(command: tuple[str, ...], password: str) -> None:
    done = manage(*command, DATABASE_URL=f"postgresql://user:{password}@127.0.0.1:1/name", SECRET_KEY=SECRET_KEY)

    assert done.returncode == 1
    assert done.stderr.startswith("manage.py: DATABASE_URL is invalid")
    assert PIECE not in done.stdout + done.stderr


def test_passwords_are_masked_in_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", "p@ssw/rd")

    assert mask_passwords("p@ssw/rd, also p%40ssw%2Frd; no password") == "********, also ********; no password"
