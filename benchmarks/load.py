"""Drives an HTTP server with wrk, whose connections each send the next request when they have the last one's answer."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import content
from benchmarks.processes import cpu_time, others_percent
from benchmarks.servers import Server

SCRIPT = Path(__file__).with_name("load.lua")
CONNECTIONS = 16
# The time that wrk may take beyond its measurement.
EXTRA_SECONDS = 40
MAX_SECONDS = 30


class LoadError(RuntimeError):
    """The measurement did not measure what it was meant to."""


@dataclass(frozen=True)
class Request:
    """{item}, {project}, {dataset} and {unique} stand for values that differ from request to request: see load.lua."""

    path: str
    method: str = "GET"
    body: str = ""
    key: str = content.CALLER_KEY
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()  # {etag} stands for that of an answer to the same request without them


@dataclass(frozen=True)
class Sample:
    rps: float
    p50_ms: float
    p99_ms: float
    slowest_ms: float
    others: float  # percent of the machine's CPU that went to processes other than ours
    errors: int = 0
    cpu_ms: float = 0  # of the server and of PostgreSQL, for each request; 0 where it was not measured


def drive(server: Server, request: Request, *, seconds: float) -> Sample:
    """Raises LoadError for any answer of another status."""
    sample = until_answered(lambda longer: measure(server, request, seconds=longer), seconds)
    if sample.errors or not sample.rps:
        raise LoadError(f"{request.method} {server.base}{request.path}: {sample}")
    return sample


def until_answered(measure: Callable[[float], Sample], seconds: float) -> Sample:
    """Measure for longer where the machine is too slow for a single answer in that time."""
    sample = measure(seconds)
    while not sample.rps and not sample.errors and seconds < MAX_SECONDS:
        seconds *= 2
        sample = measure(seconds)
    return sample


def measure(server: Server, request: Request, *, seconds: float) -> Sample:
    """Wrong answers, and connections that broke, are counted."""
    before = cpu_time()
    result = run_wrk(server, request, seconds=seconds)
    after = cpu_time()
    refusals = result["requests"] if request.status >= 400 else 0
    return Sample(
        rps=1e6 * result["requests"] / result["duration"],
        p50_ms=result["p50"] / 1000,
        p99_ms=result["p99"] / 1000,
        slowest_ms=result["slowest"] / 1000,
        others=others_percent(before, after),
        errors=abs(result["refused"] - refusals) + result["broken"],
    )


def run_wrk(server: Server, request: Request, *, seconds: float) -> dict[str, int]:
    command = [
        "wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds:.0f}s", "--timeout", "30s",
        "--header", f"Authorization: Bearer {request.key}", "--script", str(SCRIPT), server.base,
        "--", request.method, request.path, request.body,
        str(server.database.items), str(content.FIRST_SMALL_PROJECT), str(content.SMALL_PROJECTS),
        *(f"{name}: {value}" for name, value in request.headers),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + EXTRA_SECONDS, check=False)
    _, found, line = done.stdout.partition("\nRESULT ")
    if done.returncode or not found:
        raise LoadError(f"wrk failed: {done.stdout}{done.stderr}")
    result: dict[str, int] = json.loads(line)
    return result
