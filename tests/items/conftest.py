"""Fixtures of the tests of items and datasets: a client with a dataset, and the statements that it causes."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.dataset_client import DatasetClient
from tests.statement_counter import StatementCounter


@pytest.fixture(scope="module")
def shared_client(django_db_setup: None, django_db_blocker: Any) -> Iterator[DatasetClient]:
    """Shared by the tests of a file, which must then not use a live database."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield DatasetClient()
        transaction.set_rollback(True)


@pytest.fixture
def client(shared_client: DatasetClient, db: None) -> DatasetClient:
    """Each test's writes are rolled back: it runs in a transaction inside that of the file."""
    return shared_client


@pytest.fixture
def statements(client: DatasetClient) -> StatementCounter:
    return StatementCounter(client)
