"""Shared parts of the commands: the client, and questions asked only at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

import typer

from datasets_client._cli.exits import UsageError
from datasets_client._cli.output import Format
from datasets_client._client import Client
from datasets_client._dataset import Dataset
from datasets_client._json_text import read_json
from datasets_client._retry import Retry
from datasets_client._specs import split_spec

FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="How to print: auto is human at a terminal, JSON otherwise.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would happen, and store nothing.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
MessageOption = Annotated[str | None, typer.Option("--message", "-m", help="Kept with the revision.")]
DatasetArgument = Annotated[
    str, typer.Argument(metavar="DATASET[@REVISION]", help="A name or id; a number, tag or time.")
]
WhereOption = Annotated[
    list[str] | None, typer.Option("--where", "-w", metavar="NAME=VALUE", help="split=test, input.q__icontains=tax.")
]


@dataclass
class Globals:
    """The options before the command."""

    url: str | None = None
    api_key: str | None = None
    project: str | None = None
    max_wait: float = 120.0
    # Set by the command, for errors.
    output_format: Format = Format.auto


GLOBALS = Globals()


def use(output_format: Format) -> None:
    GLOBALS.output_format = output_format


def open_client() -> Client:
    """Return the client that the options and the environment describe. Numbers keep their digits."""
    return Client(GLOBALS.url, GLOBALS.api_key, GLOBALS.project, numbers="decimal", retry=Retry(GLOBALS.max_wait))


def open_dataset(client: Client, spec: str) -> Dataset:
    """Return DATASET, or DATASET@REVISION."""
    name, at = split_spec(spec)
    dataset = client.dataset(name)
    return dataset if at is None else dataset.at(at)


def open_live_dataset(client: Client, spec: str) -> Dataset:
    """Return the dataset of a command that writes."""
    name, at = split_spec(spec)
    if at is not None:
        raise UsageError(f"This command writes to a dataset, not to a revision: give {name}, without @{at}.")
    return client.dataset(name)


def parse_conditions(where: Iterable[str] | None) -> dict[str, str]:
    """Return the conditions of --where; dots separate keys, as in the API."""
    found: dict[str, str] = {}
    for text in where or ():
        name, mark, value = text.partition("=")
        if not mark or not name or not value:
            raise UsageError(f"--where takes NAME=VALUE, not {text!r}.")
        found[name.replace(".", "__")] = read_condition(name, value)
    return found


def read_condition(name: str, value: str) -> str:
    return read_json(value, "decimal") if name.endswith("__contains") else value


def confirm(question: str, *, yes: bool) -> None:
    """Ask at a terminal; without one, --yes is needed."""
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"{question} Pass --yes to do so without a terminal.")
    if not typer.confirm(question, err=True):
        raise UsageError("Nothing was changed.")
