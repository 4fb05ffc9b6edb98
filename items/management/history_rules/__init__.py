"""What holds in every database, whatever has been written: one rule, one statement that finds what breaks it.

The rules by what they are about: heads.py, revisions.py, items.py, changes.py, tags.py, schemas.py; breaches.py finds
what breaks one.
"""

from items.management.history_rules.breaches import MAX_EXAMPLES, Breach, breach_of
from items.management.history_rules.changes import CHANGES
from items.management.history_rules.heads import HEADS
from items.management.history_rules.items import ITEMS
from items.management.history_rules.revisions import REVISIONS
from items.management.history_rules.rule import Rule
from items.management.history_rules.schemas import SCHEMAS
from items.management.history_rules.tags import TAGS

RULES = (*HEADS, *REVISIONS, *ITEMS, *CHANGES, *TAGS, *SCHEMAS)

__all__ = ["MAX_EXAMPLES", "RULES", "Breach", "Rule", "breach_of"]
