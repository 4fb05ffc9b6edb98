"""scripts/bench --instructions"""

import sys
import tempfile
from pathlib import Path

from benchmarks.instructions.figures import RECORDED_FILE, find_losses, read_figures, table, write_figures
from benchmarks.instructions.measure import measure
from benchmarks.machine import describe_machine, print_machine


def run(json_file: Path | None, *, check: bool) -> None:
    """Print the table. With `check`, exit with 1 if an operation costs more than its recorded figure allows."""
    machine = describe_machine(Path(tempfile.gettempdir()))
    try:
        figures = measure()
    except RuntimeError as error:
        sys.exit(f"scripts/bench: {error}")
    print_machine(machine)
    recorded = read_figures(RECORDED_FILE) if RECORDED_FILE.exists() else {}
    print(table(figures, recorded))
    if json_file:
        write_figures(json_file, figures)
    if check and (losses := find_losses(figures, recorded)):
        sys.exit("\n".join([*losses, f"Make it cheaper, or record the new figures on purpose in {RECORDED_FILE}."]))
