"""Report two items of a dataset with the same client_item_id, which a unique index prevents."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

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


def client_item_ids_checked(*, is_needed: bool) -> AbstractContextManager[None]:
    """Raises ClientItemIdTaken if the writes inside would give a client_item_id twice in a dataset."""
    return unique_client_item_ids() if is_needed else nullcontext()


@contextmanager
def unique_client_item_ids() -> Iterator[None]:
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            yield
    except IntegrityError as error:
        if sqlstate(error) == UNIQUE_VIOLATION:
            raise ClientItemIdTaken from error
        raise
