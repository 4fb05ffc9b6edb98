"""Compares what clients know with what is there: nothing is lost, nothing half done, nothing done twice."""

from tests.faults.clients import WritingClient
from tests.faults.mirror import Mirror, fields_of
from tests.faults.things import Thing, Write


def check_acknowledged(mirror: Mirror, client: WritingClient) -> None:
    for thing in [*client.writer.items, *client.writer.datasets]:
        if not thing.is_unsure:
            check_thing(mirror, thing)


def check_thing(mirror: Mirror, thing: Thing) -> None:
    if thing.state is None:
        assert not mirror.items_by_marker[thing.marker] | mirror.datasets_by_marker[thing.marker], thing
        return
    version, state = mirror.found(thing, fields_of(thing.state))
    assert (version, state) == (thing.version, thing.state), thing
    if thing.contents is not None:
        check_contents(mirror, thing)


def check_contents(mirror: Mirror, fork: Thing) -> None:
    found, known = set(mirror.contents_of(fork)), set(fork.contents or [])
    assert found == known, (fork, "too much", found - known, "lost", known - found)


def was_done(mirror: Mirror, write: Write) -> bool:
    """Wholly or not at all."""
    done = set()
    for thing, after in write.effects:
        version, state = mirror.found(thing, fields_of(after))
        if version == thing.version:
            assert state == thing.state, ("it changed without a version", thing, state)
            done.add(False)
        else:
            assert (version, state) == (thing.version + 1, after), ("it was half done", write, version, state)
            if thing.contents is not None:
                check_contents(mirror, thing)
            done.add(True)
    assert len(done) == 1, ("some was done and some was not", write)
    return done == {True}
