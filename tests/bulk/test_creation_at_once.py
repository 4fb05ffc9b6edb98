"""create_items by several at once: they take turns."""

import pytest
from django.db import connection

from items.models import DatasetItem
from tests.bulk.test_creation import fill, numbered
from tests.history.check import assert_history_holds
from tests.history.scene import Scene
from tests.history.wire import at_once

EACH = 2000


@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_turns() -> None:
    scene = Scene()

    def work() -> int:
        try:
            return fill(scene, numbered(EACH)).dataset_revision
        finally:
            connection.close()

    revisions = at_once([work] * 4)

    assert sorted(revisions) == [2, 3, 4, 5]
    items = DatasetItem.objects.order_by("created_at")
    assert [item.revision for item in items] == [revision for revision in (2, 3, 4, 5) for _ in range(EACH)]
    assert_history_holds()
