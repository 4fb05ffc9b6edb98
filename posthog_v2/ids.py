"""Ids of versions and revisions. They are derived, not stored: the same version has the same id for everybody."""

from functools import lru_cache
from uuid import UUID, uuid5


def version_id(item_id: UUID, version: int) -> UUID:
    return uuid5(item_id, str(version))


@lru_cache(maxsize=1000)  # a page has many items of one revision of one dataset, or the same page is read again
def revision_id(dataset_id: UUID, revision: int) -> UUID:
    return uuid5(dataset_id, str(revision))
