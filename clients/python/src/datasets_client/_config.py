"""Settings: arguments first, then the environment, then the user's configuration file."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from datasets_client._errors import ConfigurationError
from datasets_client._version import __version__

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pyright: ignore[reportMissingImports]  only Python 3.10 has it

VARIABLES = {"url": "DATASETS_URL", "api_key": "DATASETS_API_KEY", "project": "DATASETS_PROJECT"}


@dataclass(frozen=True)
class Settings:
    url: str
    api_key: str
    project: str

    @property
    def user_agent(self) -> str:
        return f"datasets-api-client/{__version__}"

    @property
    def project_url(self) -> str:
        return f"{self.url}/api/projects/{quote(self.project, safe='@')}"

    def address(self, path: str) -> str:
        """Return the URL of a path below the project, or below the server if it begins with a slash."""
        return f"{self.url}{path}" if path.startswith("/") else f"{self.project_url}/{path}"

    def __repr__(self) -> str:
        return f"Settings(url={self.url!r}, project={self.project!r}, api_key=…)"


def config_path() -> Path:
    """Return the path of the user's configuration file."""
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "datasets-client" / "config.toml"


def cache_path() -> Path:
    """Return the folder of cached revisions and of the journals of pushes."""
    if given := os.environ.get("DATASETS_CACHE"):
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "datasets-client"


def read_config() -> dict[str, Any]:
    path = config_path()
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from None


def load_settings(url: str | None = None, api_key: str | None = None, project: str | int | None = None) -> Settings:
    """Return the settings; raises ConfigurationError with what to do where one is missing."""
    given = {"url": url, "api_key": api_key, "project": None if project is None else str(project)}
    file = read_config()
    values = {name: given[name] or os.environ.get(VARIABLES[name]) or str(file.get(name) or "") for name in VARIABLES}
    for name in ("url", "api_key"):
        if not values[name]:
            raise ConfigurationError(f"No {name} is set. {advice(name)}")
    check_key(values["api_key"])
    return Settings(check_url(values["url"]), values["api_key"], values["project"] or "@current")


def advice(name: str) -> str:
    return f"Pass {name}=…, set the environment variable {VARIABLES[name]}, or run `dsets login`."


def check_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ConfigurationError(f"{url!r} is not an address such as https://datasets.example.com.")
    return url.rstrip("/")


def check_key(key: str) -> None:
    if not key.isascii() or any(character.isspace() for character in key):
        raise ConfigurationError("The API key contains characters that no key has; check that it was copied whole.")
