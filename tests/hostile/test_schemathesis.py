"""Every operation of the OpenAPI file against the service, inside the test's process: nothing gets a 5xx, and answers
have the statuses, media types, headers and bodies that the file declares.

HOSTILE_EXAMPLES says how many requests are drawn for each operation; the edges of all values are tried in any case.
"""

from typing import Any

import pytest
from schemathesis import GenerationMode

from tests.auth.world import World
from tests.hostile.asking import EXAMPLES, MEANT, Asker
from tests.hostile.generated import INSIDE, Requests
from tests.people import key


@pytest.fixture
def asker(world: World, application: Any) -> Asker:
    INSIDE.app = application
    return Asker(key(world.people.owner))


# The other prefix is the same code, and its edges the same.
@pytest.mark.parametrize(("name", "mode"), [each for each in MEANT if not each[0].startswith("environments_")])
def test_the_edges_of_every_value_are_answered_as_declared(
    name: str, mode: GenerationMode, world: World, asker: Asker
) -> None:
    for case in Requests(name, world).at_the_edges(mode):
        asker.ask(case)


@pytest.mark.parametrize(("name", "mode"), MEANT)
def test_whatever_is_sent_is_answered_as_declared(name: str, mode: GenerationMode, world: World, asker: Asker) -> None:
    # The other prefix leads to the same code.
    asker.ask_all_drawn(name, mode, world, examples=1 + EXAMPLES // 3 if name.startswith("environments_") else EXAMPLES)
