"""How much processor time the checks against schemas may take for one request, however many there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

# For a request, and besides for each value and each character that it brings.
REQUEST_SECONDS = 6.0
# For one check; the rest of the request's budget may be less.
CHECK_SECONDS, SECONDS_PER_VALUE, SECONDS_PER_CHARACTER = 2.0, 1e-3, 1e-7


@dataclass
class Budget:
    seconds: float = REQUEST_SECONDS

    def grant(self, values: int, characters: int) -> float:
        """What a check of so many values may take; 0 where the budget is used up."""
        allowance = SECONDS_PER_VALUE * values + SECONDS_PER_CHARACTER * characters
        return min(CHECK_SECONDS + allowance, self.seconds + allowance) if self.seconds > 0 else 0.0

    def spend(self, seconds: float, values: int, characters: int) -> None:
        """What the values themselves allow is not taken from the request's own seconds."""
        allowance = SECONDS_PER_VALUE * values + SECONDS_PER_CHARACTER * characters
        self.seconds -= max(0.0, seconds - allowance)


current_budget: ContextVar[Budget | None] = ContextVar("validation_budget", default=None)


@contextmanager
def validation_budget() -> Iterator[None]:
    """One budget for all checks inside."""
    token = current_budget.set(Budget())
    try:
        yield
    finally:
        current_budget.reset(token)
