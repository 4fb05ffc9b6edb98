"""The id of the current request, for log lines and response headers."""

import re
from contextvars import ContextVar

from uuid_utils import uuid4

HEADER = "X-Request-Id"
VALID = re.compile(r"[\x21-\x7e]{1,200}")

# Each thread has its own. It is not reset after the response: closing callbacks still belong to the request, and the
# thread's next request overwrites it.
current_request_id: ContextVar[str] = ContextVar("current_request_id", default="")


def request_id_for(requested: str | None) -> str:
    """Return the client's own id if it is valid, otherwise a new one."""
    return requested if requested and VALID.fullmatch(requested) else uuid4().hex
