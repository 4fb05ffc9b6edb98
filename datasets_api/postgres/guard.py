"""Stops PostgreSQL when the process that started it has ended, in whatever way."""

import os
import subprocess
from contextlib import suppress

from datasets_api.postgres.account import Account
from datasets_api.postgres.binaries import ENVIRONMENT, WORKING_DIRECTORY

# Reads PostgreSQL's process ids from a pipe, whose end means that the owner has ended. Then stops the last one: a fast
# shutdown, and after 7 seconds an immediate one. An empty id means that there is nothing to stop.
SCRIPT = """
while read -r line; do pid=$line; done
[ -n "$pid" ] && kill -s INT "$pid" || exit 0
for _ in $(seq 70); do kill -s 0 "$pid" || exit 0; sleep 0.1; done
kill -s QUIT "$pid"
"""
END_SECONDS = 5


_pipes: set[int] = set()


def _close_in_child() -> None:
    """Close inherited pipes: a forked child would keep them open after its parent's death. exec closes them itself."""
    while _pipes:
        os.close(_pipes.pop())


os.register_at_fork(after_in_child=_close_in_child)


class Guard:
    """A shell script that runs as PostgreSQL's user and outlives us, since a killed process cannot clean up itself."""

    def __init__(self, account: Account) -> None:
        read_end, self.pipe = os.pipe()
        _pipes.add(self.pipe)
        self.process = subprocess.Popen(  # noqa: S603
            account.command("/bin/sh", "-c", SCRIPT),
            stdin=read_end, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT,
            cwd=WORKING_DIRECTORY,
            start_new_session=True,  # Ctrl-C in the terminal must only reach the service
        )  # fmt: skip
        os.close(read_end)

    def watch(self, pid: int | None) -> None:
        """Tell the guard PostgreSQL's process id, or None once it has stopped."""
        # If the guard was killed, PostgreSQL runs without it.
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
