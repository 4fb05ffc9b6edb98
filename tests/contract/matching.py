"""Compare responses with expected ones by the "match_rules" and "header_rules" of cases.json."""

import re
from typing import Any

PATTERNS = {
    "<<uuid7>>": r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "<<timestamp>>": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z",
    "<<int>>": r"[1-9]\d*",
}
SETS = {"allow", "access-control-allow-methods"}
# Members with a client's own JSON, whose order of keys is the client's.
FREE = {"input", "output", "metadata"}


def text_matches(expected: str, actual: str) -> bool:
    parts = re.split("(" + "|".join(PATTERNS) + ")", expected)
    pattern = "".join(PATTERNS.get(part) or re.escape(part) for part in parts)
    return re.fullmatch(pattern, actual) is not None


def differences(expected: Any, actual: Any, path: str = "", *, subset: bool = False) -> list[str]:
    if isinstance(expected, str) and "<<" in expected:
        matches = actual > 0 if expected == "<<int>>" and type(actual) is int else text_matches(expected, str(actual))
        return [] if matches else [f"{path}: {actual!r} is not {expected!r}"]
    if isinstance(expected, dict) and isinstance(actual, dict):
        return object_differences(expected, actual, path, subset=subset)
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual, strict=True))
        return [each for n, (e, a) in pairs for each in differences(e, a, f"{path}[{n}]")]
    same = expected == actual and isinstance(expected, bool) == isinstance(actual, bool)
    return [] if same else [f"{path}: {actual!r} is not {expected!r}"]


def object_differences(expected: Any, actual: Any, path: str, *, subset: bool) -> list[str]:
    is_free = path.rpartition(".")[2] in FREE
    if not subset and (sorted(expected) != sorted(actual) if is_free else list(expected) != list(actual)):
        return [f"{path}: keys {list(actual)} are not {list(expected)}"]
    missing = [f"{path}.{key} is missing" for key in expected if key not in actual]
    return missing or [each for key in expected for each in differences(expected[key], actual[key], f"{path}.{key}")]


def header_differences(expected: dict[str, str | None], actual: dict[str, str]) -> list[str]:
    return [
        f"header {name}: {actual.get(name)!r} is not {value!r}"
        for name, value in expected.items()
        if not header_matches(name, value, actual.get(name))
    ]


def header_matches(name: str, expected: str | None, actual: str | None) -> bool:
    if expected is None or actual is None:
        return expected is actual
    if name in SETS:
        return set(re.split(r",\s*", expected)) == set(re.split(r",\s*", actual))
    return text_matches(expected, actual)
