"""Finds the project of a request from its path, before the request has a thread."""

import re
import time

PATH = re.compile(r"/(?:v2/)?api/(?:projects|environments)/([^/.]+)")
CURRENT = "@current"
# A user may choose another current project at any time.
KNOWN_SECONDS = 10
MAX_KNOWN = 10_000


def project_in_path(path: str) -> str | None:
    """Return the project's id or @current, or None for a path that is not below a project."""
    match = PATH.match(path)
    segment = match[1] if match else ""
    if segment.isascii() and segment.isdecimal():
        # Leading zeros are allowed.
        return segment.lstrip("0") or "0"
    return CURRENT if segment == CURRENT else None


class CurrentProjects:
    """Caches the project that @current means by the Authorization header. Only the event loop uses it."""

    def __init__(self) -> None:
        # The project and its expiry by the header's hash, the oldest first.
        self.known: dict[int, tuple[str, float]] = {}

    def get(self, authorization: str) -> str | None:
        project, valid_until = self.known.get(hash(authorization), (None, 0.0))
        return project if time.monotonic() < valid_until else None

    def put(self, authorization: str, project: str) -> None:
        key = hash(authorization)
        self.known.pop(key, None)
        self.known[key] = project, time.monotonic() + KNOWN_SECONDS
        if len(self.known) > MAX_KNOWN:
            del self.known[next(iter(self.known))]
