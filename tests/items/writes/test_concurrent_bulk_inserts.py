"""Concurrent calls of create_items take turns."""

import pytest
from django.db import connection

from items.models import DatasetItem
from tests.dataset_client import DatasetClient
from tests.history_check import assert_history_holds
from tests.http_connection import at_once
from tests.items.writes.test_bulk_insert import fill, numbered

EACH = 2000


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_calls_wait_for_each_other() -> None:
    client = DatasetClient()

    def work() -> int:
        try:
            return fill(client, numbered(EACH)).dataset_revision
        finally:
            connection.close()

    revisions = at_once([work] * 4)

    assert sorted(revisions) == [1, 2, 3, 4]
    items = DatasetItem.objects.order_by("created_at")
    assert [item.revision for item in items] == [revision for revision in (1, 2, 3, 4) for _ in range(EACH)]
    assert_history_holds()
