"""Invalid or unsafe settings stop the start with a message; `check --deploy` warns about doubtful ones."""

import re
from pathlib import Path

import pytest

from tests.service.up_process import manage

SECRET_KEY = "tests-only-abcdefghijklmnopqrstuvwxyz-0123456789-abcdefgh"  # noqa: S105
NEEDED = {"DATABASE_URL": "postgresql:///unused", "SECRET_KEY": SECRET_KEY}
OPEN_NETWORK = {"ALLOWED_HOSTS": "datasets.example.com", "RATE_LIMIT_ENABLED": "true", "PROXY_COUNT": "1"}


def test_settings_for_a_public_network_have_no_warnings() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **NEEDED, **OPEN_NETWORK)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("System check identified no issues")


def test_default_settings_have_warnings_for_deployment() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **NEEDED)

    assert done.returncode == 1
    assert re.findall(r"\((\S+)\) ", done.stderr) == ["datasets_api.W001", "datasets_api.W002", "datasets_api.W003"]


def test_default_settings_have_no_warnings_locally() -> None:
    assert manage("check", "--fail-level", "WARNING", **NEEDED).returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "too short"),
        ("SECRET_KEY", "x" * 60),
        ("METRICS_TOKEN", "short"),
        ("METRICS_TOKEN", "\u00e9" * 20),
        ("SLOW_QUERY_SECONDS", "-1"),
        ("SLOW_QUERY_SECONDS", "nan"),
        ("SLOW_REQUEST_SECONDS", "soon"),
        ("LOG_FORMAT", "xml"),
        ("LOG_REQUESTS", "perhaps"),
        ("CORS_ALLOWED_ORIGINS", "example.com"),
        ("DATABASE_URL", "postgresql://localhost"),
        ("STATEMENT_TIMEOUT_SECONDS", "1000001"),
        ("SEARCH_TIMEOUT_SECONDS", "1000001"),
        ("IMPORT_DIR", "/proc"),
        ("SENTRY_DSN", "https://key@host"),
    ],
)
def test_an_invalid_or_unsafe_setting_stops_the_start(name: str, value: str) -> None:
    done = manage("up", "--port", "1", **NEEDED | {name: value})

    assert done.returncode == 1
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert "Listening" not in done.stdout


def test_a_secret_file_that_is_not_text_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"\xff" * 60)

    done = manage("check", DATABASE_URL="postgresql:///unused", SECRET_KEY_FILE=str(file))

    assert done.returncode == 1
    assert done.stderr.startswith("manage.py: SECRET_KEY_FILE cannot be read: ")
