"""What holds in every database, whatever has been written: one rule, one statement that finds what breaks it.

The rules by what they are about: heads.py, revisions.py, items.py, changes.py, tags.py, schemas.py, erasures.py,
digests.py; violations.py finds what breaks one.
"""

from items.integrity.changes import CHANGES
from items.integrity.digests import DIGESTS
from items.integrity.erasures import ERASURES
from items.integrity.heads import HEADS
from items.integrity.items import ITEMS
from items.integrity.revisions import REVISIONS
from items.integrity.rule import Rule
from items.integrity.schemas import SCHEMAS
from items.integrity.tags import TAGS
from items.integrity.violations import MAX_EXAMPLES, RuleViolation, check_rule

RULES = (*HEADS, *REVISIONS, *ITEMS, *CHANGES, *TAGS, *SCHEMAS, *ERASURES, *DIGESTS)

__all__ = ["MAX_EXAMPLES", "RULES", "Rule", "RuleViolation", "check_rule"]
