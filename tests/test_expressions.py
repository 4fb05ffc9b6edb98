"""Every regular expression of the service takes linear time, not quadratic time, in the length of a text."""

import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator

import pytest

PACKAGES = ("auth", "database", "datasets_api", "items", "rest")
LENGTH = 100_000
# A quadratic expression takes minutes, so this limit tolerates a busy machine.
SECONDS = 2.0

Use = Callable[[re.Pattern[str], str], object]


def fullmatch(pattern: re.Pattern[str], text: str) -> object:
    return pattern.fullmatch(text)


def match(pattern: re.Pattern[str], text: str) -> object:
    return pattern.match(text)


def substitute(pattern: re.Pattern[str], text: str) -> object:
    return pattern.sub("", text)


def find_all(pattern: re.Pattern[str], text: str) -> object:
    return [each.span() for each in pattern.finditer(text)]


# By module and name: how the code uses the expression, and pieces of the worst texts.
USES: dict[str, tuple[Use, tuple[str, ...]]] = {
    "auth.authentication.BEARER": (fullmatch, ("Bearer ", " ", "\n")),
    "auth.management.command.UNSTORABLE": (substitute, ("\0", "x")),
    "auth.serializers.CONTROL_CHARACTER": (find_all, ("\x01", "a")),
    "auth.scopes.SCOPE": (fullmatch, ("a", "a:", ":read", "_")),
    "database.prepared.PLACEHOLDER": (substitute, ("%", "%(", "%(a", "%(a)", "%s")),
    "datasets_api.backups.programs.VERSION": (find_all, (")", ") ", "1", ") 1")),
    "datasets_api.database_url.BROKEN_ESCAPE": (find_all, ("%", "%4", "%41", "a")),
    "datasets_api.database_url.SCHEME": (match, ("postgres", "postgresql", "://")),
    "datasets_api.database_url.UNAMBIGUOUS": (fullmatch, ("a", "@", "a@", "/", "?")),
    "datasets_api.env.BASE_PATH": (fullmatch, ("/", "a", "/a", ".", "/.")),
    "datasets_api.server.projects.PATH": (match, ("/", "/v2/", "/api/", "projects/", "a")),
    "items.cursors.CURSOR_PATTERN": (fullmatch, ("A", "A.")),
    "items.digest.canonical.JSON_NUMBER": (fullmatch, ("1", "-", "1.", ".1", "1e", "e+1")),
    "items.digest.canonical.PLAIN_INTEGER": (fullmatch, ("0", "1", "-", "10")),
    "items.exports.formats.UNSAFE_CHARACTERS": (substitute, ("/", "a", "/a")),
    "items.history.snapshots.REVISION_NUMBER": (fullmatch, ("1", "1a")),
    "items.history.snapshots.TAG_PATTERN": (fullmatch, ("1", "a", "1a")),
    "items.idempotency.KEY_PATTERN": (fullmatch, ("a", "a ")),
    "items.imports.file_kinds.CONTROL_CHARACTERS": (find_all, ("\x01", "a")),
    "items.imports.file_kinds.HTML": (match, (" ", "<!--", "-->", "<!-- -->", "<!doctype", "<html")),
    "items.imports.file_kinds.LINE_END": (find_all, ("\r", "\n", "a")),
    "items.imports.xlsx_archive.SHEET": (fullmatch, ("/xl/worksheets/", "a", ".xml")),
    "items.imports.xlsx_archive.UNREAD": (match, ("/xl/", "xl/media", "a")),
    "items.imports.xlsx_file.END_OF_ROWS": (find_all, ("</", "</a", "a", ":", "</a:", "sheetData", "</sheetData", " ")),
    "items.json_text.BRACKETS": (find_all, ("[", "a")),
    "items.json_text.JSON_NUMBER": (fullmatch, ("1", "1.", "-", "1e", ".1")),
    "items.json_text.JSON_STRING": (substitute, ('"', "\\", '"\\', '\\"', 'a"', '"\n')),
    "items.json_text.SURROGATE": (find_all, ("\ud800", "a")),
    "items.query_params.JSON_NUMBER": (fullmatch, ("1", "-", "1.", ".1", "1e", "0")),
    "items.query_params.JSON_SCALAR": (fullmatch, ("1", "-", "1.", ".1", "1e", "true")),
    "items.query_params.NUMBER": (fullmatch, ("1", "1a")),
    "items.query_params.UNENCODED_PLUS": (substitute, ("T", " ", "T ", "T 00", " 00:", " 00:0")),
    "items.search.text_search.NUMBER_CHARACTERS": (fullmatch, ("1", "e", "1a")),
    "items.search.text_search.PUNCTUATION": (substitute, ("!", "a")),
    "items.revision_message.CONTROL_CHARACTERS": (find_all, ("\x01", "a")),
    "items.revision_message.EXTENDED_PREFIX": (match, ("a", "'", "a'", "-")),
    "items.revision_message.EXTENDED_VALUE": (fullmatch, ("UTF-8'", "'", "%41", "%4", "a", "''")),
    "items.revision_message.VISIBLE_ASCII": (fullmatch, ("a", "a\n")),
    "rest.cors.HEADER_NAMES": (fullmatch, ("a", "a,", "a ", "a , ", ",")),
    "rest.etags.ENTITY_TAG": (find_all, ('"', "W/", 'W/"', '"a', '",')),
    "rest.etags.ENTITY_TAG_LIST": (fullmatch, ('"', "W/", '"",', '"" ', " ", ", ", '"a')),
    "rest.pagination.PLAIN_PATH": (fullmatch, ("a", "/", "a%")),
    "rest.plain_query.PLAIN_QUERY": (fullmatch, ("a", "=", "a=", "a=b&", "&", "a&")),
    "rest.parsers.COLON": (match, (" ", " :")),
    "rest.parsers.COMMA_OR_END": (match, (" ", " }")),
    "rest.parsers.WHITESPACE": (match, (" ", " a")),
    "rest.request_ids.VALID": (fullmatch, ("a", "a ")),
    "rest.body_limits.UPLOAD_PATHS": (fullmatch, ("/", "/api/", "/projects/", "/datasets/", "/import")),
}


def expressions() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Return the expressions of all modules, by the name of the module that compiles them."""
    for name in sorted(module_names()):
        module = importlib.import_module(name)
        found = {each: value for each, value in vars(module).items() if isinstance(value, re.Pattern)}
        source = inspect.getsource(module) if found else ""
        yield from ((f"{name}.{each}", found[each]) for each in found if f"\n{each} = re.compile(" in source)


def module_names() -> Iterator[str]:
    for package in PACKAGES:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if ".migrations." not in module.name and not module.name.endswith("wsgi"):
                yield module.name


EXPRESSIONS = dict(expressions())


def texts(pieces: tuple[str, ...]) -> Iterator[str]:
    """Yield each piece repeated, alone and between other pieces."""
    for piece in pieces:
        repeated = piece * (LENGTH // len(piece))
        for start in ("", *pieces):
            for end in ("", "!", *pieces):
                yield f"{start}{repeated}{end}"


def test_every_expression_has_its_worst_texts() -> None:
    assert sorted(EXPRESSIONS) == sorted(USES)


@pytest.mark.parametrize("name", sorted(EXPRESSIONS.keys() & USES.keys()))
def test_an_expression_takes_linear_time(name: str) -> None:
    pattern, (use, pieces) = EXPRESSIONS[name], USES[name]
    for text in texts(pieces):
        subject = text.encode() if isinstance(pattern.pattern, bytes) else text

        start = time.process_time()
        use(pattern, subject)  # type: ignore[arg-type]  # bytes with an expression of bytes
        seconds = time.process_time() - start

        assert seconds < SECONDS, f"{text[:20]!r} … {text[-20:]!r} took {seconds:.1f} s"
