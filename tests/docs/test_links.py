"""Links of the documents lead to files and headings that exist; so do paths in backticks."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.docs.documents import BLOCK, DOCUMENTS, PACKAGES, anchors, text_of
from tests.service_process import PROJECT_DIR

FOLDERS = "|".join([*PACKAGES, "clients", "deploy", "docs", "examples", "scripts", "tests"])
EACH_DOCUMENT = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(PROJECT_DIR)))


@EACH_DOCUMENT
def test_links_lead_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", BLOCK.sub("", text_of(document))):
        name, _, anchor = link.partition("#")
        if not urlsplit(link).scheme:
            target = document.parent / name if name else document
            assert target.exists(), link
            assert not anchor or anchor in anchors(text_of(target)), link


@EACH_DOCUMENT
def test_files_that_are_named_exist(document: Path) -> None:
    for path in re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", text_of(document)):
        assert (PROJECT_DIR / path).exists() or (document.parent / path).exists(), path
    for name in re.findall(r"`(test_\w+\.py)`", text_of(document)):
        assert list((PROJECT_DIR / "tests").rglob(name)), name


def test_each_page_can_be_reached_from_the_readme() -> None:
    seen, open_pages = set(), [PROJECT_DIR / "README.md"]
    while open_pages:
        page = open_pages.pop()
        if page in seen:
            continue
        seen.add(page)
        links = re.findall(r"\]\(([^)\s#]+\.md)", text_of(page))
        open_pages += [target for link in links if (target := (page.parent / link).resolve()).exists()]

    unreachable = {page for page in DOCUMENTS if "decisions" not in page.parts} - seen
    assert unreachable == set()
