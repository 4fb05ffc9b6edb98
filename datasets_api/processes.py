"""Whether a process lives."""

import os


def is_alive(pid: int) -> bool:
    """Also true where another process has been given the number of a dead one."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # there is one, of another user
    return True
