"""Every operation of the OpenAPI file against the service, inside the test's process: nothing gets a 5xx, and answers
have the statuses, media types, headers and bodies that the file declares.

FUZZING_EXAMPLES says how many requests are drawn for each operation; the edges of all values are tried in any case.
"""

from typing import Any

import pytest
from schemathesis import GenerationMode

from tests.auth.two_tenants import TwoTenants
from tests.fuzzing.generated import INSIDE, Requests
from tests.fuzzing.schemathesis_runner import EXAMPLES, OPERATION_MODES, SchemathesisRunner
from tests.people import key


@pytest.fixture
def runner(tenants: TwoTenants, application: Any) -> SchemathesisRunner:
    INSIDE.app = application
    return SchemathesisRunner(key(tenants.people.owner))


# The other prefix is the same code, and its edges the same.
@pytest.mark.parametrize(
    ("name", "mode"), [each for each in OPERATION_MODES if not each[0].startswith("environments_")]
)
def test_the_edges_of_every_value_are_answered_as_declared(
    name: str, mode: GenerationMode, tenants: TwoTenants, runner: SchemathesisRunner
) -> None:
    for case in Requests(name, tenants).at_the_edges(mode):
        runner.ask(case)


@pytest.mark.parametrize(("name", "mode"), OPERATION_MODES)
def test_whatever_is_sent_is_answered_as_declared(
    name: str, mode: GenerationMode, tenants: TwoTenants, runner: SchemathesisRunner
) -> None:
    # The other prefix leads to the same code.
    runner.ask_all_drawn(
        name, mode, tenants, examples=1 + EXAMPLES // 3 if name.startswith("environments_") else EXAMPLES
    )
