"""Creates the folder in which all workers of a service count, unless PROMETHEUS_MULTIPROC_DIR names one."""

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
    """Provide the folder to workers that are started inside this context."""
    if settings.METRICS_DIR:
        yield
        return
    remove_abandoned()
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as path,
        Path(path, "new.lock").open("wb") as lock,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Renamed after locking, so that another service that starts at the same time never finds it unlocked.
        Path(lock.name).rename(Path(path, OWNER))
        settings.METRICS_DIR = path
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = path
        try:
            yield
        finally:
            settings.METRICS_DIR = ""


def remove_abandoned() -> None:
    """Remove the folders of services that were killed, whose locks are free."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if path.stat().st_uid != os.geteuid():
                continue
            with (path / OWNER).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
