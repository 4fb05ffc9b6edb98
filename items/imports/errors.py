"""What can be wrong with a file. Errors of a row's values are DRF's ValidationErrors, as everywhere."""

from rest_framework.exceptions import ErrorDetail, ValidationError


class UnreadableFile(Exception):
    """The file cannot be read any further. The rows before this one could be."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def file_error(detail: str, *, attr: str | None = None, code: str = "invalid") -> ValidationError:
    """Nothing of the file can be read: it is not what it is said to be, or the parameters do not fit it."""
    return ValidationError({attr: [detail]} if attr else ErrorDetail(detail, code), code=code)


def invalid_row(detail: str, column: str | None = None) -> ValidationError:
    """The others can still be read."""
    return file_error(detail, attr=column)
