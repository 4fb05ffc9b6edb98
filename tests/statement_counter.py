"""Counts the statements of a request."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.dataset_client import DatasetClient

TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")


class StatementCounter:
    def __init__(self, client: DatasetClient) -> None:
        self.client = client

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> list[str]:
        """Send a request, and return its statements except those that begin and end transactions."""
        with CaptureQueriesContext(connection) as captured:
            answer = self.client.api.ask(method, path, body, headers=headers)
        assert answer.status_code == status, answer.content
        return [each["sql"] for each in captured if not each["sql"].startswith(TRANSACTIONS)]
