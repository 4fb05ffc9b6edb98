"""The architecture page names each folder, files stay short, decisions are numbered."""

from tests.docs.documents import DOCS, PACKAGES, is_ours, table_rows, text_of
from tests.service_process import PROJECT_DIR

MAX_LINES = 400
MAX_GLOSSARY_WORDS = 25


def test_architecture_names_each_folder() -> None:
    at_the_top = [each for each in PROJECT_DIR.iterdir() if each.is_dir() and not each.name.startswith(".")]
    packages = [file.parent for package in PACKAGES for file in (PROJECT_DIR / package).rglob("__init__.py")]
    folders = {str(each.relative_to(PROJECT_DIR)) for each in [*at_the_top, *packages] if is_ours(each)}
    text = text_of(DOCS / "architecture.md")

    assert [folder for folder in sorted(folders) if f"`{folder}/`" not in text] == []


def test_no_file_is_too_long_to_be_read() -> None:
    folders = [*PACKAGES, "benchmarks", "examples", "tests"]
    files = [file for folder in folders for file in (PROJECT_DIR / folder).rglob("*.py")]

    assert [str(file) for file in files if len(text_of(file).splitlines()) > MAX_LINES] == []


def test_each_decision_has_its_number_once() -> None:
    files = sorted((DOCS / "decisions").glob("[0-9]*.md"))

    numbers = [file.name[:4] for file in files]
    assert numbers == sorted(set(numbers))
    assert all(text_of(file).startswith(f"# {file.name[:4]}: ") for file in files)


def test_the_glossary_is_short() -> None:
    words = [row[0] for row in table_rows(text_of(DOCS / "glossary.md"))][1:]

    assert len(set(words)) == len(words) <= MAX_GLOSSARY_WORDS
