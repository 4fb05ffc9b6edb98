"""The file that a request has as its body: read piece by piece, and never held in memory."""

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

logger = logging.getLogger("rest.files")

CHUNK_BYTES = 1024 * 1024
STAGING_FULL = Failure(
    "import_storage_full", "The disk for imported files is full, and nothing was imported. Please try again later.", 10
)
STAGING_UNAVAILABLE = Failure(
    "import_storage_unavailable",
    "The folder for imported files is missing or cannot be written, and nothing was imported.",
    10,
)


class Upload:
    """The file of a request; name is "" where none was told."""

    def __init__(self, source: Any, media_type: str, name: str = "") -> None:
        self.source = source
        self.media_type = media_type
        self.name = name
        self.handle: IO[bytes] | None = None

    @property
    def file(self) -> IO[bytes]:
        """One that can be read from any place, and stays open until this is closed, whatever the server does."""
        if self.handle is None:
            self.handle = dup_file(self.source) if is_seekable(self.source) else seekable_copy(self.source)
        return self.handle

    def close(self) -> None:
        """Whose the source is, closes it."""
        if self.handle and self.handle is not self.source:
            self.handle.close()


def is_seekable(source: Any) -> bool:
    return hasattr(source, "seekable") and source.seekable()


class FileParser(BaseParser):
    """Takes any media type, and reads nothing yet."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        # The body itself where somebody has read it before, as for methods that take no file.
        source = stream.META["wsgi.input"] if hasattr(stream, "META") else stream
        # What is no file may have no end either: the request knows where to stop.
        return Upload(source if is_seekable(source) else stream, media_type or "")


# The first is for forms with one file, as browsers and `curl -F` send it.
PARSERS = [MultiPartParser, FileParser]


def dup_file(file: Any) -> IO[bytes]:
    """Of the same file on the disk; what is in memory alone is its own."""
    try:
        number = file.fileno()
    except OSError:
        return file  # type: ignore[no-any-return]
    return os.fdopen(os.dup(number), "rb")


def storage_error(error: OSError) -> ServiceUnavailable:
    """Says what is wrong with the folder for files."""
    logger.error("%s: %s", settings.IMPORT_DIR or tempfile.gettempdir(), error)
    return ServiceUnavailable(STAGING_FULL if error.errno in DISK_FULL_ERRORS else STAGING_UNAVAILABLE)


@contextmanager
def staging_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise storage_error(error) from error


def temporary_file() -> IO[bytes]:
    """Without a name, so that it is gone when it is closed. Raises ServiceUnavailable."""
    with staging_errors():
        return tempfile.TemporaryFile(dir=settings.IMPORT_DIR)


def seekable_copy(source: Any) -> IO[bytes]:
    """A temporary file at its start; to be closed. Raises ServiceUnavailable, and what the source raises."""
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
    """The file that a request has sent by one of the PARSERS, the same one each time. Raises ValidationError."""
    state = get_state(request)
    if state.upload is None:
        state.upload = request.data if isinstance(request.data, Upload) else get_form_upload(request)
    return state.upload


def get_form_upload(request: Request) -> Upload:
    media_type = request.content_type or ""
    if not media_type.startswith("multipart/"):
        return Upload(BytesIO(), media_type)  # no body at all
    files_sent = [file for _, files in request.FILES.lists() for file in files]
    if len(files_sent) != 1:
        raise ValidationError({"file": [f"A form must have one file, not {len(files_sent)}."]}, code="invalid")
    return Upload(files_sent[0].file, files_sent[0].content_type or "", files_sent[0].name or "")


def file_digest(file: IO[bytes]) -> bytes:
    """Tells one file from another. The file is at its start afterwards."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]
    file.seek(0)
    return digest.digest()
