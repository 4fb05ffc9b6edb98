"""How many statements a request costs."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.history.scene import Scene

TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")


class Counter:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> list[str]:
        """The statements but for those that begin and end transactions."""
        with CaptureQueriesContext(connection) as captured:
            answer = self.scene.api.ask(method, path, body, headers=headers)
        assert answer.status_code == status, answer.content
        return [each["sql"] for each in captured if not each["sql"].startswith(TRANSACTIONS)]
