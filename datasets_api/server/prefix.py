"""The path below which clients see the service: BASE_PATH, or what a trusted proxy names in X-Forwarded-Prefix.

It becomes SCRIPT_NAME, which Django puts before every path that it builds.
"""

import threading

from django.conf import settings
from django.urls import set_script_prefix

from datasets_api.env import BASE_PATH


class ThreadPrefix(threading.local):
    """The prefix that Django has in this thread."""

    value: str | None = None


thread_prefix = ThreadPrefix()


def use_prefix(prefix: str) -> None:
    """Make Django put the prefix before the paths that it builds in this thread."""
    if prefix != thread_prefix.value:
        set_script_prefix(prefix)
        thread_prefix.value = prefix


def split_prefix(path: str, forwarded: str = "") -> tuple[str, str]:
    """Return the prefix, and the path below it, whether or not the proxy has taken the prefix off."""
    base: str = settings.BASE_PATH
    if base and path.startswith(base) and path[len(base) :][:1] in {"", "/"}:
        path = path[len(base) :] or "/"
    forwarded = forwarded.rstrip("/")
    if settings.PROXY_COUNT and BASE_PATH.fullmatch(forwarded):
        return forwarded, path
    return base, path
