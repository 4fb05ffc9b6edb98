"""The same against the running service, where the front and the server have their say: fewer requests."""

from schemathesis import GenerationMode

from tests.auth.world import World
from tests.hostile.asking import MEANT, Asker
from tests.people import key
from tests.service_process import ServiceProcess


def test_the_running_service_answers_as_declared(service: ServiceProcess, live_database: None) -> None:
    world = World()
    asker = Asker(key(world.people.owner), service.base)

    for name, mode in MEANT:
        asker.ask_all_drawn(name, mode, world, examples=2 if mode is GenerationMode.POSITIVE else 3)

    assert "Unhandled error" not in service.output()
