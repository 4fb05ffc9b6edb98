"""The documents and what is in them: code blocks, rows of tables, headings."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.service_process import PROJECT_DIR

README = PROJECT_DIR / "README.md"
DOCS = PROJECT_DIR / "docs"
# The calls of these pages are one script, in this order: the tour sets the variables that the others use.
PAGES_WITH_CALLS = [
    DOCS / f"{name}.md"
    for name in (
        "tour", "history", "editing", "search", "bulk", "import", "export", "quality", "posthog_v2", "operating",
        "commands", "upgrading", "coming_from",
    )
]  # fmt: skip
DOCUMENTS = [
    README,
    PROJECT_DIR / "CHANGELOG.md",
    PROJECT_DIR / "SECURITY.md",
    PROJECT_DIR / "benchmarks" / "README.md",
    PROJECT_DIR / "clients" / "python" / "README.md",
    *sorted(DOCS.glob("**/*.md")),
]
PACKAGES = ("auth", "console", "database", "datasets_api", "items", "mcp_api", "posthog_v2", "rest")
NOT_OUR_FOLDERS = {"build", "node_modules", "__pycache__"}

BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    language: str
    options: str
    text: str

    @property
    def is_skipped(self) -> bool:
        return self.options.startswith(" skip")


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def blocks_of(file: Path) -> list[Block]:
    return [Block(*match) for match in BLOCK.findall(text_of(file))]


def table_rows(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def named_in_first_cells(file: Path, pattern: str) -> set[str]:
    """Return the names in backticks in the first column of a page's tables."""
    return {name for row in table_rows(text_of(file)) for name in re.findall(f"`({pattern})`", row[0])}


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub makes of headings."""
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_ours(path: Path) -> bool:
    return NOT_OUR_FOLDERS.isdisjoint(path.relative_to(PROJECT_DIR).parts)
