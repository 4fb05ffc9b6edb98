"""Stops PostgreSQL when the process that has started it is gone, however that one ended."""

import os
import subprocess
from contextlib import suppress

from datasets_api.postgres.account import Account
from datasets_api.postgres.binaries import ENVIRONMENT, WORKING_DIRECTORY

# Reads process numbers of PostgreSQL until the pipe ends, which is when its owner has ended. The last one is stopped:
# in order within 7 seconds, or at once. An empty number means that there is nothing to stop.
SCRIPT = """
while read -r line; do pid=$line; done
[ -n "$pid" ] && kill -s INT "$pid" || exit 0
for _ in $(seq 70); do kill -s 0 "$pid" || exit 0; sleep 0.1; done
kill -s QUIT "$pid"
"""
END_SECONDS = 5


_pipes: set[int] = set()


def _close_in_child() -> None:
    """A forked child would otherwise keep the pipe after its parent's death; exec closes descriptors by itself."""
    while _pipes:
        os.close(_pipes.pop())


os.register_at_fork(after_in_child=_close_in_child)


class Guard:
    """A shell that waits beside PostgreSQL, as the same user, since a killed process can do nothing itself."""

    def __init__(self, account: Account) -> None:
        read_end, self.pipe = os.pipe()
        _pipes.add(self.pipe)
        self.process = subprocess.Popen(  # noqa: S603
            account.command("/bin/sh", "-c", SCRIPT),
            stdin=read_end, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT,
            cwd=WORKING_DIRECTORY,
            start_new_session=True,  # Ctrl-C in the terminal is for the service alone
        )  # fmt: skip
        os.close(read_end)

    def watch(self, pid: int | None) -> None:
        """None once PostgreSQL is stopped."""
        # The guard may have been killed: then PostgreSQL goes on without it.
        with suppress(BrokenPipeError):
            os.write(self.pipe, f"{pid or ''}\n".encode())

    def end(self) -> None:
        self.watch(None)
        _pipes.discard(self.pipe)
        os.close(self.pipe)
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
