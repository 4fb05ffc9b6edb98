"""Sends what was generated, and checks the answer with all checks of schemathesis that apply.

It runs each check that it has. Those of a sequence of requests (what was deleted stays away, what was made is there)
need more than one, and are tested in tests/history and tests/contract.
"""

import os
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup

from tests.auth.two_tenants import TwoTenants
from tests.contract.openapi_file import OPERATIONS
from tests.fuzzing.generated import INSIDE, LIVE, Requests, can_be_wrong
from tests.fuzzing.known_deviations import is_known_deviation

# How many requests are drawn for each operation. A longer run sets more and draws others each time; the usual one draws
# the same ones, so that a change of the code alone can make it fail.
REQUESTED_EXAMPLES = os.environ.get("FUZZING_EXAMPLES")
EXAMPLES = int(REQUESTED_EXAMPLES or 6)
# Each operation with the ways in which its requests may be meant.
OPERATION_MODES = [
    (name, mode) for name in OPERATIONS for mode in GenerationMode if mode.is_positive or can_be_wrong(OPERATIONS[name])
]


class SchemathesisRunner:
    """Inside the process, or at the address of a running service."""

    def __init__(self, key: str, base: str | None = None) -> None:
        self.headers = {"Authorization": f"Bearer {key}"}
        self.base = base

    def ask(self, case: Case) -> None:
        response = case.call(base_url=self.base, headers=self.headers) if self.base else self.ask_and_roll_back(case)
        sent = {"headers": self.headers} | ({"base_url": self.base} if self.base else {})
        try:
            case.validate_response(response, headers=self.headers, transport_kwargs=sent)
        except FailureGroup as group:
            left = [each for each in group.exceptions if not is_known_deviation(each, case, response)]
            if left:
                raise FailureGroup(left, str(group)) from None

    def ask_and_roll_back(self, case: Case) -> Any:
        """Undo all writes, so that the next request finds the same rows."""
        with transaction.atomic():
            response = case.call(headers=self.headers)
            transaction.set_rollback(True)
        return response

    def ask_all_drawn(self, name: str, mode: GenerationMode, tenants: TwoTenants, *, examples: int = EXAMPLES) -> None:
        def run_case(case: Case) -> None:
            self.ask(case)

        drawn = given(Requests(name, tenants, LIVE if self.base else INSIDE).drawn(mode))(run_case)
        settings(
            max_examples=examples,
            suppress_health_check=list(HealthCheck),
            deadline=None,
            derandomize=not REQUESTED_EXAMPLES,
        )(drawn)()
