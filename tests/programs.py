"""Programs outside Python that some tests need; scripts/system-packages installs them."""

import os
import shutil

import pytest

# Where Debian keeps servers, and not on everybody's path.
SERVER_FOLDERS = ("/usr/sbin", "/usr/local/sbin")


def find_program(name: str) -> str:
    """Its path. Where it is absent the test is skipped, but in CI, where nothing may be left out, it fails."""
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), *SERVER_FOLDERS]))
    if found is None and "CI" not in os.environ:
        pytest.skip(f"{name} is not installed: run scripts/system-packages")
    assert found, f"{name} is not installed: scripts/system-packages should have done it"
    return found
