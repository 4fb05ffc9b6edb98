"""Report two items of a dataset with the same client_item_id, which a unique index prevents."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import IntegrityError, connection, transaction
from rest_framework.exceptions import APIException

from database.query import sqlstate

UNIQUE_VIOLATION = "23505"


class ClientItemIdTaken(APIException):
    """Another item of the dataset, perhaps archived, has the client_item_id."""

    status_code = 409
    default_code = "client_item_id_conflict"
    default_type = "invalid_request"
    default_detail = "An item with this client item ID already exists in that dataset."


@contextmanager
def client_item_ids_checked(*, is_needed: bool) -> Iterator[None]:
    """Raises ClientItemIdTaken if the writes inside would give a client_item_id twice in a dataset."""
    try:
        with transaction.atomic() if is_needed and connection.in_atomic_block else nullcontext():
            yield
    except IntegrityError as error:
        if is_needed and sqlstate(error) == UNIQUE_VIOLATION:
            raise ClientItemIdTaken from error
        raise
