"""scripts/bench --instructions"""

import sys
from pathlib import Path

from benchmarks.instructions.figures import RECORDED_FILE, find_losses, read_figures, table, write_figures
from benchmarks.instructions.measure import measure


def run(json_file: Path | None, *, check: bool) -> None:
    """Print the table. With `check`, exit with 1 if an operation costs more than its recorded figure allows."""
    try:
        figures = measure()
    except RuntimeError as error:
        sys.exit(f"scripts/bench: {error}")
    recorded = read_figures(RECORDED_FILE) if RECORDED_FILE.exists() else {}
    print(table(figures, recorded))
    if json_file:
        write_figures(json_file, figures)
    if check and (losses := find_losses(figures, recorded)):
        sys.exit("\n".join([*losses, f"Make it cheaper, or record the new figures on purpose in {RECORDED_FILE}."]))
