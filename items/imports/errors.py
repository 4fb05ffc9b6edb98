"""Errors about a file. Errors in the values of a row are DRF's ValidationErrors, as everywhere."""

from rest_framework.exceptions import ErrorDetail, ValidationError


class UnreadableFile(Exception):
    """The file cannot be read beyond this row."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def file_error(detail: str, *, attr: str | None = None, code: str = "invalid") -> ValidationError:
    """Build the error for a file that is not what it claims to be, or that does not fit the parameters."""
    return ValidationError({attr: [detail]} if attr else ErrorDetail(detail, code), code=code)


def invalid_row(detail: str, column: str | None = None) -> ValidationError:
    """Build the error for a row; other rows can still be read."""
    return file_error(detail, attr=column)
