"""Locked revisions from the cache, without a server, an address or a key."""

from __future__ import annotations

from pathlib import Path

from datasets_client._cache import Cache, CachedRevision
from datasets_client._config import Settings
from datasets_client._json_text import Numbers
from datasets_client._lock import LockedDataset
from datasets_client._refs import Connection
from datasets_client._retry import Retry


def offline_connection(cache_folder: Path, numbers: Numbers = "python") -> Connection:
    """Return a connection that only parses what is here."""
    return Connection(Settings("http://offline.invalid", "", "@current"), Retry(0), numbers, Cache(cache_folder))


def cached_locked(cache: Cache, locked: LockedDataset) -> CachedRevision | None:
    """Return a locked revision if the cache has it with the locked digest."""
    found = cache.find(locked.id, locked.revision)
    return found if found is not None and cache.digest_of(found) == locked.digest else None
