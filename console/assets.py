"""The files of the built console, each read and packed once in a process."""

import functools
import gzip
import mimetypes
from pathlib import Path
from typing import NamedTuple

DIST = Path(__file__).parent / "dist"
# Where the build leaves room for the path below which the service is seen.
BASE_PATH_MARK = "__BASE_PATH__"
# Not left to the machine's own table of types, which may lack them.
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


class Asset(NamedTuple):
    content_type: str
    plain: bytes
    packed: bytes


@functools.cache
def asset_names() -> frozenset[str]:
    """The only names that are ever opened: a name from a URL never becomes a path."""
    return frozenset(path.name for path in (DIST / "assets").glob("*") if path.is_file())


@functools.cache
def read_asset(name: str) -> Asset:
    content = (DIST / "assets" / name).read_bytes()
    suffix = Path(name).suffix
    content_type = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(content_type, content, gzip.compress(content, mtime=0))


@functools.lru_cache(maxsize=32)
def index_page(base_path: str = "") -> str:
    """The page below that path: its files are there, and its script reads it."""
    page = (DIST / "index.html").read_text()
    return page.replace(BASE_PATH_MARK, base_path).replace('"./assets/', f'"{base_path}/console/assets/')
