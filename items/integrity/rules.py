"""All rules, in the order in which they are checked."""

from items.integrity.changes import CHANGES
from items.integrity.digests import DIGESTS
from items.integrity.erasures import ERASURES
from items.integrity.heads import HEADS
from items.integrity.items import ITEMS
from items.integrity.revisions import REVISIONS

RULES = (*HEADS, *REVISIONS, *ITEMS, *CHANGES, *ERASURES, *DIGESTS)
