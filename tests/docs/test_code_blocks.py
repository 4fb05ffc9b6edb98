"""Every code block of the documents is run by a test, or says why not."""

import configparser
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.docs.documents import DOCS, DOCUMENTS, PAGES_WITH_CALLS, README, Block, blocks_of, text_of
from tests.service_process import PROJECT_DIR

TESTS = PROJECT_DIR / "tests"
CLIENT_TESTS = PROJECT_DIR / "clients" / "python" / "tests" / "test_docs.py"
# Which test runs the blocks of a language on a page.
RUN_BY = {
    **{(page, "sh"): TESTS / "docs" / "test_calls.py" for page in PAGES_WITH_CALLS},
    **{(README, language): TESTS / "docs" / "test_readme.py" for language in ("sh", "python")},
    (DOCS / "bulk.md", "python"): TESTS / "items" / "bulk" / "test_python_example.py",
    (DOCS / "export.md", "python"): TESTS / "items" / "exports" / "test_export_docs.py",
    (DOCS / "import.md", "python"): TESTS / "items" / "imports" / "test_import_docs.py",
    (DOCS / "history.md", "python"): TESTS / "examples" / "test_follow_changes.py",
    (DOCS / "posthog_v2.md", "python"): TESTS / "posthog_v2" / "test_docs.py",
    **{(DOCS / "scaling.md", language): TESTS / "citus" / "test_scaling_document.py" for language in ("sh", "sql")},
    **{
        (page, language): CLIENT_TESTS
        for page in (DOCS / "python.md", DOCS / "ci.md", PROJECT_DIR / "clients" / "python" / "README.md")
        for language in ("sh", "python", "yaml")
    },
}
PROGRAMS = {"sh", "bash", "python", "sql"}


def all_blocks() -> Iterator[tuple[Path, Block]]:
    for document in DOCUMENTS:
        for block in blocks_of(document):
            yield document, block


def test_each_program_is_run_or_says_why_not() -> None:
    neither = [
        f"{page.name}: {block.text[:60]}"
        for page, block in all_blocks()
        if block.language in PROGRAMS and not block.is_skipped and (page, block.language) not in RUN_BY
    ]

    assert neither == []


def test_each_skipped_block_has_a_reason() -> None:
    client_pages = {page for (page, _), test in RUN_BY.items() if test == CLIENT_TESTS}
    without = [
        f"{page.name}: {block.text[:60]}"
        for page, block in all_blocks()
        if block.is_skipped and page not in client_pages and not block.options.startswith(" skip: ")
    ]

    assert without == []


@pytest.mark.parametrize(
    "page", sorted({page for page, _ in RUN_BY} - set(PAGES_WITH_CALLS)), ids=lambda page: page.name
)
def test_the_test_of_a_page_reads_it(page: Path) -> None:
    for test in {test for (each, _), test in RUN_BY.items() if each == page}:
        source = text_of(test)
        assert page.name in source or "README" in source or "GUIDE" in source


def test_examples_of_data_can_be_read() -> None:
    """Blocks with an ellipsis leave something out, and are skipped."""
    for page, block in all_blocks():
        if "…" in block.text:
            continue
        if block.language == "json":
            assert is_json(block.text), f"{page.name}: {block.text[:60]}"
        elif block.language == "yaml":
            yaml.safe_load(block.text)
        elif block.language == "ini":
            configparser.ConfigParser(interpolation=None).read_string(block.text)


def is_json(text: str) -> bool:
    """Whether it is one JSON value, or one on each line."""
    for values in ([text], text.splitlines()):
        try:
            list(map(json.loads, values))
        except ValueError:
            continue
        return True
    return False
