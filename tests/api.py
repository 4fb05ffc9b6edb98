"""An HTTP client for the service inside the test's process."""

import json
from collections.abc import Mapping
from typing import Any

from django.test import Client

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class Api:
    """A client that sends a key as its bearer token, or no key.

    >>> Api(key).post("/api/projects/1/datasets/", {"name": "Golden set"}).json()
    """

    def __init__(self, key: str | None = None, **environ: Any) -> None:
        self.client = Client(**environ)
        self.headers = {"authorization": f"Bearer {key}"} if key is not None else {}

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        content_type: str = JSON,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Send a request; a body other than text or bytes is encoded as JSON."""
        data = body if isinstance(body, str | bytes) else b"" if body is None else json.dumps(body)
        return self.client.generic(method, path, data, content_type, headers={**self.headers, **(headers or {})})

    def get(self, path: str, **more: Any) -> Any:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.ask("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.ask("PUT", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.ask("PATCH", path, body, **more)

    def delete(self, path: str, **more: Any) -> Any:
        return self.ask("DELETE", path, **more)


def envelope(answer: Any) -> dict[str, Any]:
    """Return a response's error, and check that it has exactly the envelope's four members."""
    error: dict[str, Any] = answer.json()
    assert list(error) == ["type", "code", "detail", "attr"]
    return error
