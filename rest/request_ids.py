"""Which request is worked on here: its id, for whoever writes a line of the log on its behalf."""

import re
from contextvars import ContextVar

from uuid_utils import uuid4

HEADER = "X-Request-Id"
VALID = re.compile(r"[\x21-\x7e]{1,200}")

# Each thread has its own. It is not taken back when the request is answered: what runs at the answer's closing belongs
# to the request too, and the thread's next request sets it anew.
current_request_id: ContextVar[str] = ContextVar("current_request_id", default="")


def request_id_for(requested: str | None) -> str:
    """The client's own, or a new one where it sent none that will do."""
    return requested if requested and VALID.fullmatch(requested) else uuid4().hex
