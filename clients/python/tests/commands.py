"""The command line as its users run it: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def run(*command: str, cwd: Path | None = None, text: str | None = None, **environment: str) -> Ran:
    done = subprocess.run(
        command, cwd=cwd, input=text or "", capture_output=True, text=True, check=False, timeout=600,
        env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1"} | environment,

    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


def dsets(*arguments: str, cwd: Path | None = None, text: str | None = None, **environment: str) -> Ran:
    return run(sys.executable, "-m", "datasets_client", *arguments, cwd=cwd, text=text, **environment)


def git(folder: Path, *arguments: str) -> str:
    names = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com"}
    names |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in names.items()}
    done = run("git", *arguments, cwd=folder, **names)
    assert done.code == 0, done.err
    return done.out
