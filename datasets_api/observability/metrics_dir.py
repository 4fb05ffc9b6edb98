"""Makes the folder that all workers of a service count in, unless PROMETHEUS_MULTIPROC_DIR names one."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

PREFIX = "datasets-metrics-"
OWNER = "owner.lock"


@contextmanager
def metrics_dir() -> Iterator[None]:
    """For the workers that are started meanwhile."""
    if settings.METRICS_DIR:
        yield
        return
    remove_abandoned()
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as path,
        Path(path, "new.lock").open("wb") as lock,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Only now, so that a service that starts at the same time does not find it unlocked.
        Path(lock.name).rename(Path(path, OWNER))
        settings.METRICS_DIR = path
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = path
        try:
            yield
        finally:
            settings.METRICS_DIR = ""


def remove_abandoned() -> None:
    """Those of services that were killed: nobody holds their lock any more."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if path.stat().st_uid != os.geteuid():
                continue
            with (path / OWNER).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
