"""Which request is worked on here: its id, for whoever writes a line of the log on its behalf."""

from contextvars import ContextVar

# Each thread has its own. It is not taken back when the request is answered: what runs at the answer's closing belongs
# to the request too, and the thread's next request sets it anew.
current_request_id: ContextVar[str] = ContextVar("current_request_id", default="")
