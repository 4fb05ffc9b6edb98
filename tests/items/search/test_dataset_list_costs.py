"""The cost of a page of the list of datasets in a large project."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from database.query import execute
from items.models import ProjectHead
from tests.dataset_client import DatasetClient, assert_error, ok

pytestmark = pytest.mark.django_db(transaction=True)

FILL = """
INSERT INTO dataset (team_id, id, name, metadata, created_at, updated_at, deleted, created_by_id, version)
SELECT %(project_id)s, md5(n::text)::uuid, 'Dataset ' || n, ('{"text": "' || repeat(md5(n::text), 30) || '"}')::json,
       now() - n * interval '1 second', now(), n %% 10 = 0, 1, 1
  FROM generate_series(1, 5000) n
"""


def filled_client() -> DatasetClient:
    client = DatasetClient()
    execute(FILL, {"project_id": client.project_id})
    ProjectHead.objects.update(dataset_count=F("dataset_count") + 4500, archived_dataset_count=500)
    execute("VACUUM FULL ANALYZE dataset", {})
    execute("VACUUM dataset", {})
    return client


def plan_of_list(client: DatasetClient, query: str) -> str:
    with CaptureQueriesContext(connection) as captured:
        ok(client.api.get(f"{client.datasets}?{query}"))
    (statement,) = [each["sql"] for each in captured if 'FROM "dataset"' in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("query", ["", "offset=200", "fields=id,name,item_count", "deleted=all"])
def test_a_page_reads_its_own_rows_and_a_count(query: str) -> None:
    client = filled_client()

    plan = plan_of_list(client, query)

    assert "Index Only Scan using dataset_" not in plan
    assert "project_head" in plan
    assert "Aggregate" not in plan
    assert "Index Scan using dataset_page" in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan


def test_a_name_is_found_by_its_index() -> None:
    client = filled_client()

    assert "dataset_name" in plan_of_list(client, "name=Dataset+77")


@pytest.mark.parametrize("query", ["search=nothing", "order_by=-updated_at"])
def test_a_search_that_takes_too_long_is_rejected(settings: Any, query: str) -> None:
    client = filled_client()
    settings.SEARCH_TIMEOUT_SECONDS = 0.001

    error = assert_error(client.api.get(f"{client.datasets}?{query}"), 400, "search_timeout")

    assert "datasets" in error["detail"]
