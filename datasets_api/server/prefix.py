"""The path below which clients see the service: BASE_PATH, or what a trusted proxy names in X-Forwarded-Prefix.

It becomes SCRIPT_NAME, which Django puts before every path that it builds.
"""

from django.conf import settings

from datasets_api.env import BASE_PATH


def split_prefix(path: str, forwarded: str = "") -> tuple[str, str]:
    """Return the prefix, and the path below it, whether or not the proxy has taken the prefix off."""
    base: str = settings.BASE_PATH
    if base and path.startswith(base) and path[len(base) :][:1] in {"", "/"}:
        path = path[len(base) :] or "/"
    forwarded = forwarded.rstrip("/")
    if settings.PROXY_COUNT and BASE_PATH.fullmatch(forwarded):
        return forwarded, path
    return base, path
