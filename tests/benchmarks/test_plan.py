"""The benchmark, as far as it goes without measuring: its settings, and the statements of the service."""

import subprocess
import sys

from tests.service_process import PROJECT_DIR


def test_all_that_can_be_measured_is_prepared() -> None:
    command = [sys.executable, "-m", "benchmarks", "--only", "no_such_operation"]
    done = subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith("--only: 'no_such_operation' is none of: retrieve, list10,"), done.stderr
