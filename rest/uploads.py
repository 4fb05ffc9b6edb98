"""The file in a request's body, read in chunks and never held in memory."""

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from rest.content_types import MultiPartParser
from rest.database_errors import Failure
from rest.errors import DISK_FULL_ERRORS, ServiceUnavailable
from rest.state import get_state

logger = logging.getLogger("rest.uploads")

CHUNK_BYTES = 1024 * 1024
STAGING_FULL = Failure(
    "import_storage_full", "The disk for imported files is full; nothing was imported. Please try again later.", 10
)
STAGING_UNAVAILABLE = Failure(
    "import_storage_unavailable",
    "The folder for imported files is missing or not writable; nothing was imported.",
    10,
)


class Upload:
    """An uploaded file; `name` is "" if the client sent none."""

    def __init__(self, source: Any, media_type: str, name: str = "") -> None:
        self.source = source
        self.media_type = media_type
        self.name = name
        self.handle: IO[bytes] | None = None

    @property
    def file(self) -> IO[bytes]:
        """A seekable handle that stays open until `close`, even if the server closes the source."""
        if self.handle is None:
            self.handle = dup_file(self.source) if is_seekable(self.source) else seekable_copy(self.source)
        return self.handle

    def close(self) -> None:
        """Close the handle; the source belongs to the server."""
        if self.handle and self.handle is not self.source:
            self.handle.close()


def is_seekable(source: Any) -> bool:
    return hasattr(source, "seekable") and source.seekable()


class FileParser(BaseParser):
    """Accepts any media type and defers reading."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        # DRF passes the request itself, or a buffer if the body was read before.
        source = stream.META["wsgi.input"] if hasattr(stream, "META") else stream
        # A source that is not a file may never end; the request stops at Content-Length.
        return Upload(source if is_seekable(source) else stream, media_type or "")


# MultiPartParser is for forms with one file, as browsers and `curl -F` send them.
PARSERS = [MultiPartParser, FileParser]


def dup_file(file: Any) -> IO[bytes]:
    """Return a second handle of a file on disk; a file in memory is returned unchanged."""
    try:
        number = file.fileno()
    except OSError:
        return file  # type: ignore[no-any-return]
    return os.fdopen(os.dup(number), "rb")


def storage_error(error: OSError) -> ServiceUnavailable:
    """Return the error to report when the folder for imported files fails."""
    logger.error("%s: %s", settings.IMPORT_DIR or tempfile.gettempdir(), error)
    return ServiceUnavailable(STAGING_FULL if error.errno in DISK_FULL_ERRORS else STAGING_UNAVAILABLE)


@contextmanager
def staging_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise storage_error(error) from error


def temporary_file() -> IO[bytes]:
    """Return an unnamed file, which disappears when it is closed. Raises ServiceUnavailable."""
    with staging_errors():
        return tempfile.TemporaryFile(dir=settings.IMPORT_DIR)


def seekable_copy(source: Any) -> IO[bytes]:
    """Copy the source to a temporary file, positioned at its start; the caller closes it.

    Raises ServiceUnavailable, and whatever the source raises.
    """
    copy = temporary_file()
    try:
        while chunk := source.read(CHUNK_BYTES):
            with staging_errors():
                copy.write(chunk)
        with staging_errors():
            copy.seek(0)
    except BaseException:
        with suppress(OSError):
            copy.close()
        raise
    return copy


def get_upload(request: Request) -> Upload:
    """Return the file that one of the PARSERS has found, the same object each time. Raises ValidationError."""
    state = get_state(request)
    if state.upload is None:
        state.upload = request.data if isinstance(request.data, Upload) else get_form_upload(request)
    return state.upload


def get_form_upload(request: Request) -> Upload:
    media_type = request.content_type or ""
    if not media_type.startswith("multipart/"):
        return Upload(BytesIO(), media_type)  # no body
    files_sent = [file for _, files in request.FILES.lists() for file in files]
    if len(files_sent) != 1:
        raise ValidationError({"file": [f"A form must have one file, not {len(files_sent)}."]}, code="invalid")
    return Upload(files_sent[0].file, files_sent[0].content_type or "", files_sent[0].name or "")


def file_digest(file: IO[bytes]) -> bytes:
    """Return the SHA-256 digest of the file, and rewind it."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]
    file.seek(0)
    return digest.digest()
