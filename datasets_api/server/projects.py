"""Which project a request concerns, known before it has a thread: its path says so."""

import re
import time

PATH = re.compile(r"/(?:v2/)?api/(?:projects|environments)/([^/.]+)")
CURRENT = "@current"
# A user may choose another current project at any time.
KNOWN_SECONDS = 10
MAX_KNOWN = 10_000


def project_in_path(path: str) -> str | None:
    """Its number, or @current; None for a path below no project."""
    match = PATH.match(path)
    segment = match[1] if match else ""
    if segment.isascii() and segment.isdecimal():
        # However many zeros stand before it.
        return segment.lstrip("0") or "0"
    return CURRENT if segment == CURRENT else None


class CurrentProjects:
    """Remembers for a while which project @current is, by the Authorization header. Used on the event loop alone."""

    def __init__(self) -> None:
        # By the header's hash, the oldest first; with the time until which it holds.
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
