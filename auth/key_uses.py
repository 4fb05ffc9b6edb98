"""Records when a key was last used, without delaying more than one request at a time.

The table of keys is a reference table on Citus: a write to it needs every worker, and waits for one that hangs.
"""

import threading
import time
from datetime import UTC, datetime, timedelta

from django.db import Error
from django.db.models import Q

from auth.models import PersonalAPIKey

USE_IS_DUE_AFTER = timedelta(hours=1)
PAUSE_SECONDS = 60.0


class KeyUses:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.paused_until = 0.0

    def record(self, key_id: str) -> None:
        """Record the use, unless another thread is recording one, or failed to a moment ago."""
        if time.monotonic() < self.paused_until or not self.lock.acquire(blocking=False):
            return
        try:
            set_last_used(key_id)
        except Error:
            self.paused_until = time.monotonic() + PAUSE_SECONDS
            raise
        finally:
            self.lock.release()


key_uses = KeyUses()


def set_last_used(key_id: str) -> None:
    now = datetime.now(UTC)
    is_due = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_IS_DUE_AFTER)
    PersonalAPIKey.objects.filter(is_due, id=key_id).update(last_used_at=now)
