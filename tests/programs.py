"""System programs that some tests need; scripts/system-packages installs them."""

import os
import shutil

import pytest

# Debian's folder for servers, which may not be on PATH.
SERVER_FOLDERS = ("/usr/sbin", "/usr/local/sbin")


def find_program(name: str) -> str:
    """Return the program's path. If it is missing, skip the test or, in CI, fail it."""
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), *SERVER_FOLDERS]))
    if found is None and "CI" not in os.environ:
        pytest.skip(f"{name} is not installed: run scripts/system-packages")
    assert found, f"{name} is not installed: scripts/system-packages should have done it"
    return found
