"""The figures, beside those that are recorded in instructions.json."""

import json
from pathlib import Path
from typing import TypedDict

RECORDED_FILE = Path(__file__).resolve().parent.parent / "instructions.json"
MAX_RISE = 0.05
# Repeated counts of the empty view differ by less; builds of Python differ by more.
SAME_PYTHON = 0.02


class Figure(TypedDict):
    """Instructions of a request, and those of the two empty views in the same run."""

    instructions: int
    empty_drf: int
    empty_django: int


Figures = dict[str, Figure]


def read_figures(file: Path) -> Figures:
    figures: Figures = json.loads(file.read_text(encoding="utf-8"))
    return figures


def write_figures(file: Path, figures: Figures) -> None:
    file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def python_factor(figure: Figure, recorded: Figure) -> float:
    """Return the interpreter's cost relative to the record's, by the frozen empty view; 1 if it is the same one."""
    factor = figure["empty_drf"] / recorded["empty_drf"]
    return 1 if abs(factor - 1) < SAME_PYTHON else factor


def rise(figure: Figure, recorded: Figure) -> float:
    """0.06 for 6 % more than recorded, for this interpreter."""
    return figure["instructions"] / (recorded["instructions"] * python_factor(figure, recorded)) - 1


def max_rise(figure: Figure, recorded: Figure) -> float:
    """Wider for another interpreter, since work done in C does not scale with it."""
    return MAX_RISE + abs(python_factor(figure, recorded) - 1) / 2


def find_losses(figures: Figures, recorded: Figures) -> list[str]:
    """A sentence for each operation that costs too much, or that has no recorded figure."""
    losses = [f"{name} has no recorded figure." for name in figures if name not in recorded]
    losses += [f"{name} is recorded and no longer measured." for name in recorded if name not in figures]
    for name in figures.keys() & recorded.keys():
        figure, record = figures[name], recorded[name]
        if (risen := rise(figure, record)) > max_rise(figure, record):
            losses.append(f"{name} takes {risen:.1%} more instructions than recorded.")
    return sorted(losses)


def table(figures: Figures, recorded: Figures) -> str:
    lines = [f"{'thousand instructions':22}{'a request':>12}{'× empty DRF':>14}{'recorded':>12}{'rise':>9}"]
    for name, figure in figures.items():
        count, before = figure["instructions"], recorded.get(name)
        line = f"{name:22}{count / 1000:12,.0f}{count / figure['empty_drf']:14.2f}"
        lines.append(line + (f"{before['instructions'] / 1000:12,.0f}{rise(figure, before):9.1%}" if before else ""))
    first = next(iter(figures.values()))
    lines += [f"{'empty DRF view':22}{first['empty_drf'] / 1000:12,.0f}{1:14.2f}"]
    lines += [f"{'empty Django view':22}{first['empty_django'] / 1000:12,.0f}"]
    return "\n".join(lines)
