"""The processor time that checks against schemas may take in one request, however many there are."""

from contextvars import ContextVar
from dataclasses import dataclass

from rest.context_value import ContextValue

# For all checks of a request, in addition to the allowance for its values.
REQUEST_SECONDS = 6.0
# For one check, unless less is left of the request's budget; and the allowance per value and character.
CHECK_SECONDS, SECONDS_PER_VALUE, SECONDS_PER_CHARACTER = 2.0, 1e-3, 1e-7


@dataclass
class Budget:
    seconds: float = REQUEST_SECONDS

    def grant(self, values: int, characters: int) -> float:
        """Return the seconds that a check of this size may take; 0 if the budget is spent."""
        allowance = SECONDS_PER_VALUE * values + SECONDS_PER_CHARACTER * characters
        return min(CHECK_SECONDS + allowance, self.seconds + allowance) if self.seconds > 0 else 0.0

    def spend(self, seconds: float, values: int, characters: int) -> None:
        """Charge the seconds beyond the allowance for the values."""
        allowance = SECONDS_PER_VALUE * values + SECONDS_PER_CHARACTER * characters
        self.seconds -= max(0.0, seconds - allowance)


current_budget: ContextVar[Budget | None] = ContextVar("validation_budget", default=None)


def validation_budget() -> ContextValue[Budget | None]:
    """Share one budget among all checks inside."""
    return ContextValue(current_budget, Budget())
