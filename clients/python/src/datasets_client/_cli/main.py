"""The command line: options, commands, and the one place where errors become exit codes."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from typing import Annotated

import typer

from datasets_client._cli import account, locking, reading, writing
from datasets_client._cli.context import GLOBALS
from datasets_client._cli.exits import EXPECTED, exit_code, report_error
from datasets_client._cli.output import say, write_out
from datasets_client._version import __version__

app = typer.Typer(
    name="dsets",
    help="Evaluation datasets: read, push, pin and compare them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
COMMANDS: dict[str, Callable[..., None]] = {
    "list": reading.list_datasets,
    "items": reading.list_items,
    "show": reading.show,
    "create": writing.create,
    "push": writing.push,
    "pull": reading.pull,
    "diff": reading.diff,
    "tag": writing.tag,
    "lock": locking.lock,
    "rollback": writing.rollback,
    "fork": writing.fork,
    "erase": writing.erase,
    "keys": reading.keys,
    "login": account.login,
    "skill": account.skill,
}
for name, command in COMMANDS.items():
    app.command(name)(command)


def show_version(value: bool) -> None:
    if value:
        write_out(__version__)
        raise typer.Exit


@app.callback()
def options(
    url: Annotated[str | None, typer.Option(help="The server (DATASETS_URL).")] = None,
    api_key: Annotated[str | None, typer.Option(help="The key (DATASETS_API_KEY); safer in the environment.")] = None,
    project: Annotated[str | None, typer.Option(help="The project (DATASETS_PROJECT).")] = None,
    max_wait: Annotated[float, typer.Option(help="Seconds to keep trying while the server is away.", min=0)] = 120.0,
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that all commands share."""
    GLOBALS.url, GLOBALS.api_key, GLOBALS.project, GLOBALS.max_wait = url, api_key, project, max_wait


def main() -> None:
    """Run the command line."""
    warnings.showwarning = show_warning
    try:
        app()
    except BrokenPipeError:
        # Whoever read has seen enough; Python would complain once more when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except EXPECTED as error:
        report_error(error, GLOBALS.output_format)
        sys.exit(int(exit_code(error)))


def show_warning(message: Warning | str, *_: object, **__: object) -> None:
    say(f"dsets: warning: {message}")


if __name__ == "__main__":
    main()
