"""Docstrings and comments are plain, idiomatic English: subject first, verb first, present tense."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.test_vocabulary import ROOT, python_files

# A docstring names its subject or starts with a verb.
FIRST_WORDS = re.compile(r"(?:Of|What|Those|Whose|That|Which|Where|How)\b")
# Each has an idiomatic word instead: again, expensive, zero, unchanged, report.
PHRASES = re.compile(
    r"\b(?:anew|dear|nought|whence|wherein|as (?:it was|they were)(?! (?:at|before|when))|(?:is|are) told)\b",
    re.IGNORECASE,
)


def docstrings(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (text := ast.get_docstring(node)):
            yield node.body[0].lineno, text


def comments(source: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.lstrip("# ")


def violations(source: str) -> Iterator[str]:
    documented = [*docstrings(source)]
    for line, text in documented:
        if found := FIRST_WORDS.match(text):
            yield f"{line}: a docstring starts with {found[0]}"
    for line, text in [*documented, *comments(source)]:
        if found := PHRASES.search(text):
            yield f"{line}: {found[0]}"


def test_docstrings_and_comments_are_plain_english() -> None:
    found = [f"{name}:{violation}" for name in python_files() for violation in violations((ROOT / name).read_text())]

    assert not found


@pytest.mark.parametrize(
    "source",
    [
        'def fetch():\n    """Of rows that match."""',
        'class Row:\n    """What a row holds."""',
        '"""Whose keys these are."""',
        "x = 1  # planned anew each time",
        "# The item as it was.\nx = 1",
    ],
)
def test_other_prose_is_found(source: str) -> None:
    assert [*violations(source)]


def test_plain_prose_is_accepted() -> None:
    assert not [*violations('"""Rows of the list."""\n# Planned for each execution.\nx = "What is it?"\n')]
