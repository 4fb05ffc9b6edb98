"""A small file system that a test can fill."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

DISK_BYTES = 200 * 1024**2


class SmallDisk:
    """A small file system, filled with a ballast file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ballast = folder, folder / "ballast"

    def mount(self) -> None:
        options = f"size={DISK_BYTES},mode=0755"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", self.folder], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            pytest.skip(
                f"containers may not mount, unless privileged; on other machines this runs: {done.stderr.strip()}"
            )

    def unmount(self) -> None:
        subprocess.run(["umount", "--lazy", self.folder], check=True)

    def fill(self) -> None:
        with suppress(OSError), self.ballast.open("ab", buffering=0) as file:
            while True:
                file.write(b"\0" * 65536)

    def make_room(self) -> None:
        self.ballast.unlink()

    @property
    def room(self) -> int:
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize


@contextmanager
def mounted_disk(folder: Path) -> Iterator[SmallDisk]:
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system; as root, outside unprivileged containers, this runs")
    folder.mkdir()
    disk = SmallDisk(folder)
    disk.mount()
    try:
        yield disk
    finally:
        disk.unmount()
