"""Compare names of columns: how names are folded, and what other tools call our fields. Pure."""

import functools
import unicodedata
from collections.abc import Iterable, Mapping

# The most names that a response lists, and the most characters of each.
MAX_NAMES = 1000
MAX_NAME_LENGTH = 200
# Longer names are compared unfolded.
MAX_FOLDED_LENGTH = 255
INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}

# Folded names that other evaluation tools, and people, use for these fields.
PEER_NAMES = {
    "input": {
        "inputs", "question", "questions", "prompt", "prompts", "query", "instruction", "instructions", "message",
        "messages", "problem", "request", "userinput", "text",
    },
    "output": {
        "outputs", "expectedoutput", "expectedoutputs", "expected", "reference", "referenceoutput",
        "referenceoutputs", "referenceanswer", "answer", "answers", "target", "targets", "label", "labels", "ideal",
        "groundtruth", "gold", "goldanswer", "response", "completion", "solution", "sourceoutput",
    },
    "metadata": {"meta", "metadatas", "info", "extra", "attributes", "properties", "tags"},
}  # fmt: skip


class UnnamedColumn(str):
    """Stands for a column without a name, as left by spreadsheets and the index of pandas."""

    __slots__ = ()


@functools.lru_cache(8192)
def visible(name: str) -> str:
    return "".join(character for character in name if unicodedata.category(character) not in INVISIBLE)


@functools.lru_cache(8192)
def fold(name: str) -> str:
    """Ignore case, spaces, invisible characters, hyphens and underscores."""
    if len(name) > MAX_FOLDED_LENGTH:
        return name
    return visible(unicodedata.normalize("NFKC", name)).casefold().replace("_", "").replace("-", "")


def name_columns(names: Iterable[str]) -> list[str]:
    """Return the names of a header, with a substitute for each empty one."""
    return [
        name if visible(name[:MAX_FOLDED_LENGTH]) else UnnamedColumn(f"column {number}, without a name")
        for number, name in enumerate(names, start=1)
    ]


def group_by_fold(names: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name in names:
        if not isinstance(name, UnnamedColumn):
            groups.setdefault(fold(name), []).append(name)
    return groups


def suggest_targets(ignored: Iterable[str], filled: set[str]) -> list[dict[str, str]]:
    """Suggest fields that no column fills for ignored columns."""
    open_fields: Mapping[str, set[str]] = {field: names for field, names in PEER_NAMES.items() if field not in filled}
    return [
        {"column": column, "target": field}
        for column in ignored
        for field, names in open_fields.items()
        if fold(column) in names
    ]
