"""Compares what clients know with what is stored: nothing is lost, incomplete or done twice."""

from tests.chaos.clients import WritingClient
from tests.chaos.replica_copy import ReplicaCopy, fields_of
from tests.chaos.tracked_objects import TrackedObject, Write


def check_acknowledged(replica_copy: ReplicaCopy, client: WritingClient) -> None:
    for tracked in [*client.writer.items, *client.writer.datasets]:
        if not tracked.is_unsure:
            check_object(replica_copy, tracked)


def check_object(replica_copy: ReplicaCopy, tracked: TrackedObject) -> None:
    if tracked.state is None:
        assert not replica_copy.items_by_marker[tracked.marker] | replica_copy.datasets_by_marker[tracked.marker], (
            tracked
        )
        return
    version, state = replica_copy.found(tracked, fields_of(tracked.state))
    assert (version, state) == (tracked.version, tracked.state), tracked
    if tracked.contents is not None:
        check_contents(replica_copy, tracked)


def check_contents(replica_copy: ReplicaCopy, fork: TrackedObject) -> None:
    found, known = set(replica_copy.contents_of(fork)), set(fork.contents or [])
    assert found == known, (fork, "too much", found - known, "lost", known - found)


def was_done(replica_copy: ReplicaCopy, write: Write) -> bool:
    """Return whether the write was done; fail if it was only partly done."""
    done = set()
    for tracked, after in write.effects:
        version, state = replica_copy.found(tracked, fields_of(after))
        if version == tracked.version:
            assert state == tracked.state, ("it changed without a new version", tracked, state)
            done.add(False)
        else:
            assert (version, state) == (tracked.version + 1, after), ("it was half done", write, version, state)
            if tracked.contents is not None:
                check_contents(replica_copy, tracked)
            done.add(True)
    assert len(done) == 1, ("the write was only partly done", write)
    return done == {True}
