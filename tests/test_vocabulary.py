"""Identifiers use the field's standard terms: docs/glossary.md says which word names which thing."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Each names a thing that has a standard name, which is given in docs/glossary.md or is the field's own.
OLD_WORDS = {
    "along", "anew", "breach", "dear", "fewest", "intake", "misfit", "misfits", "moment", "moments", "patience",
    "presence", "presences", "shelf", "silence", "spool", "stretch", "told", "trash", "turns", "walked", "wanted",
    "whence", "wherein",
}  # fmt: skip
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def python_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split() if (ROOT / name).exists()]


def identifiers(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        for attribute in ("id", "attr", "arg", "name", "asname"):
            name = getattr(node, attribute, None)
            if isinstance(name, str):
                yield name, getattr(node, "lineno", 0)


def test_identifiers_use_no_private_words():
    found = [
        f"{name}:{line}: {identifier}"
        for name in python_files()
        for identifier, line in identifiers(ast.parse((ROOT / name).read_text()))
        if OLD_WORDS & {word.lower() for word in WORD.findall(identifier)}
    ]

    assert not found


def test_an_old_word_is_found_in_any_form():
    tree = ast.parse("def find_wanted(): pass\nclass ItemPresence: pass\nx.toldTwice = 1")

    words = {word.lower() for name, _ in identifiers(tree) for word in WORD.findall(name)}

    assert {"wanted", "presence", "told"} <= words & OLD_WORDS
