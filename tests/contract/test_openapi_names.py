"""Names of the OpenAPI files, as generators turn them into identifiers of five languages."""

import keyword
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
import yaml

from tests.service_process import PROJECT_DIR

FILES = ("openapi.yaml", "openapi-v2.yaml")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# The Go compiler takes files of such names for tests, or for one system or processor alone.
GO_FILE = re.compile(r"_(?:test|linux|darwin|windows|freebsd|android|ios|js|wasm|amd64|arm64|arm|386)$")
JAVA = {
    "abstract", "assert", "boolean", "break", "byte", "case", "catch", "char", "class", "const", "continue", "default",
    "do", "double", "else", "enum", "extends", "final", "finally", "float", "for", "goto", "if", "implements", "import",
    "instanceof", "int", "interface", "long", "native", "new", "package", "private", "protected", "public", "return",
    "short", "static", "strictfp", "super", "switch", "synchronized", "this", "throw", "throws", "transient", "try",
    "void", "volatile", "while", "true", "false", "null",
}  # fmt: skip
GO = {
    "break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "for", "func", "go",
    "goto", "if", "import", "interface", "map", "package", "range", "return", "select", "struct", "switch", "type",
    "var",
}  # fmt: skip
CSHARP = JAVA - {"assert", "boolean", "extends", "final", "implements", "import", "instanceof", "native", "package",
                 "strictfp", "super", "synchronized", "throws", "transient"} | {
    "as", "base", "bool", "checked", "decimal", "delegate", "event", "explicit", "extern", "fixed", "foreach",
    "implicit", "in", "internal", "is", "lock", "namespace", "object", "operator", "out", "override", "params",
    "readonly", "ref", "sbyte", "sealed", "sizeof", "stackalloc", "string", "struct", "typeof", "uint", "ulong",
    "unchecked", "unsafe", "ushort", "using", "virtual",
}  # fmt: skip
TYPESCRIPT = JAVA | {"arguments", "await", "debugger", "delete", "eval", "export", "function", "in", "let", "typeof",
                     "var", "with", "yield"}  # fmt: skip


def words(name: str) -> list[str]:
    return [word.lower() for word in WORD.findall(name)]


def snake(name: str) -> str:
    return "_".join(words(name))


def pascal(name: str) -> str:
    return "".join(word.capitalize() for word in words(name))


def camel(name: str) -> str:
    return pascal(name)[:1].lower() + pascal(name)[1:]


class Language(NamedTuple):
    """A language's spelling of members and functions, and its reserved words, which generators escape."""

    member: Callable[[str], str]
    function: Callable[[str], str]
    reserved: set[str]

    def escaped(self, identifier: str) -> str:
        return f"{identifier}_" if identifier in self.reserved else identifier


LANGUAGES = {
    "Python": Language(snake, snake, set(keyword.kwlist)),
    "TypeScript": Language(camel, camel, TYPESCRIPT),
    "Java": Language(camel, camel, JAVA),
    "Go": Language(pascal, pascal, GO),
    "C#": Language(pascal, pascal, CSHARP),
}
every_file = pytest.mark.parametrize("file", FILES)
every_language = pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES.keys())


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    return {file: yaml.safe_load((PROJECT_DIR / file).read_text(encoding="utf-8")) for file in FILES}


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """All objects of a document."""
    if isinstance(node, dict):
        yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(each)


def assert_distinct(names: list[str], spell: Callable[[str], str]) -> None:
    """All of them are identifiers when they are spelled so, and no two are the same."""
    spelled = [spell(name) for name in names]

    assert all(IDENTIFIER.fullmatch(each) for each in spelled), spelled
    assert len(set(spelled)) == len(spelled), sorted(spelled)


@every_file
@every_language
def test_names_of_operations(documents: dict[str, Any], file: str, language: Language) -> None:
    """Generators make the operations of a tag the methods of one class."""
    names: dict[str, list[str]] = {}
    for operation in operations(documents[file]):
        names.setdefault(operation["tags"][0], []).append(operation["operationId"])

    for each in names.values():
        assert_distinct(each, lambda name: language.escaped(language.function(name)))
    assert_distinct(list(names), lambda name: language.escaped(language.member(name)))


@every_file
def test_names_of_components(documents: dict[str, Any], file: str) -> None:
    """Each is a type, and a file of its name, on systems that take upper and lower case for the same."""
    names = list(documents[file]["components"]["schemas"])

    assert_distinct(names, lambda name: pascal(name).lower())
    assert not [name for name in names if GO_FILE.search(snake(name))]
    # What all programs of these languages use.
    assert not {pascal(name) for name in names} & {"Object", "String", "List", "Map", "Array", "Promise", "Any", "None"}


@every_file
@every_language
def test_names_of_members(documents: dict[str, Any], file: str, language: Language) -> None:
    for node in nodes(documents[file]):
        if isinstance(node.get("properties"), dict):
            assert_distinct(list(node["properties"]), lambda name: language.escaped(language.member(name)))


@every_file
@every_language
def test_names_of_parameters(documents: dict[str, Any], file: str, language: Language) -> None:
    """Generators make parameters and body of an operation the arguments of one function or members of one class."""
    for operation in operations(documents[file]):
        names = [each["name"] for each in operation.get("parameters", [])] + ["body"]
        assert_distinct(names, lambda name: language.escaped(language.member(name)))


@every_file
@every_language
def test_names_of_values(documents: dict[str, Any], file: str, language: Language) -> None:
    for node in nodes(documents[file]):
        if isinstance(node.get("enum"), list):
            values = [str(value) for value in node["enum"]]
            names = node.get("x-enum-varnames") or [value for value in values if value != "None"]
            assert not node.get("x-enum-varnames") or len(names) == len(values)
            assert_distinct(names, lambda name: language.escaped(language.member(name)))
