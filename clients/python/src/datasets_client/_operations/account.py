"""The API keys of the user."""

from __future__ import annotations

from typing import Any

from datasets_client._commands import Request, Response, Steps
from datasets_client._json_text import read_json
from datasets_client._refs import Connection


def list_keys(connection: Connection) -> Steps[list[dict[str, Any]]]:
    """Return the user's API keys, without their secrets."""
    response: Response = yield from connection.send(Request("GET", "/api/personal_api_keys/"))
    body = read_json(response.text)
    return list(body["results"] if isinstance(body, dict) else body)


def current_key(connection: Connection) -> Steps[dict[str, Any]]:
    """Return the key that this client uses; raises AuthenticationFailed where it is wrong."""
    response: Response = yield from connection.send(Request("GET", "/api/personal_api_keys/@current/"))
    return dict(read_json(response.text))
