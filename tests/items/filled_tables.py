"""Tables that hold what the plans are tested on: one dataset of most items, one of middle size, many small ones."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from auth.models import Project
from database.query import execute
from items import queries
from items.models import Dataset
from items.rows import OPEN_END, DatasetRow, ItemRow
from tests.conftest import emptied
from tests.people import People, key

# (dataset, items): the first is most of its project and older than the others; the second is of middle size.
SIZES = {1: 17_000, 2: 1500} | dict.fromkeys(range(3, 13), 30)
FOREIGN_ITEMS = 2000
SMALL_DATASETS = 3000

FILL = """
WITH made AS (
  INSERT INTO dataset (team_id, id, name, created_at, updated_at, deleted, created_by_id, version)
  SELECT team, gen_random_uuid(), 'small', now() - number * interval '1 minute', now(), false, 1, 1
    FROM generate_series(1, %(small)s) number, unnest(ARRAY[%(foreign)s, %(elsewhere)s]) team
  RETURNING team_id, id
), counted AS (
  INSERT INTO project_head (team_id, dataset_count, archived_dataset_count)
  SELECT team_id, count(*), 0 FROM made GROUP BY team_id
)
INSERT INTO dataset_head (team_id, dataset_id, revision, item_count, changed_at, touch_count)
SELECT team_id, id, 0, 0, now(), 0 FROM made
"""
# Erased items, none of which exists in this table.
ERASE = """
INSERT INTO dataset_erasure (team_id, id, dataset_id, item_id, versions, reason, created_at)
SELECT team, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, '', now()
  FROM generate_series(1, %(small)s) number, unnest(ARRAY[%(foreign)s, %(home)s]) team
"""
# Each item has two versions; one in eleven is soft-deleted since the second.
ADD = (
    """
    INSERT INTO dataset (team_id, id, name, created_at, updated_at, deleted, created_by_id, version)
    VALUES (%(project_id)s, %(dataset_id)s, 'with items', now(), now(), false, 1, 1)
    """,
    """
    INSERT INTO project_head (team_id, dataset_count, archived_dataset_count) VALUES (%(project_id)s, 1, 0)
    ON CONFLICT (team_id) DO UPDATE SET dataset_count = project_head.dataset_count + 1
    """,
    """
    INSERT INTO dataset_head (team_id, dataset_id, revision, item_count, changed_at, touch_count)
    VALUES (%(project_id)s, %(dataset_id)s, 2 * %(count)s, %(count)s - %(count)s / 11,
            timestamptz '2025-06-01' + 2 * %(count)s * interval '1 second', 0)
    """,
    # In random order of time.
    """
    INSERT INTO dataset_item
           (team_id, id, dataset_id, input, output, deleted, created_at, updated_at, created_by_id, version, revision)
    SELECT %(project_id)s, gen_random_uuid(), %(dataset_id)s, '{"q": "a question"}', '"an answer"', number %% 11 = 0,
           timestamptz '2025-01-01' - %(years)s * interval '1 year' + (number * 7919 %% 10007) * interval '1 second',
           now(), 1, 2, %(count)s + number
      FROM generate_series(1, %(count)s) number
    """,
    """
    INSERT INTO item_source (team_id, item_id, dataset_id, client_item_id)
    SELECT team_id, id, dataset_id, id::text FROM dataset_item WHERE dataset_id = %(dataset_id)s
    """,
    """
    INSERT INTO item_version
           (team_id, id, version, dataset_id, input, output, deleted, created_at, updated_at, created_by_id, revision)
    SELECT team_id, id, 1, dataset_id, input, '"no answer"', false, created_at, updated_at, 1, revision - %(count)s
      FROM dataset_item WHERE dataset_id = %(dataset_id)s
    """,
    f"""
    INSERT INTO item_validity (team_id, dataset_id, created_at, item_id, version, valid_from, valid_to)
    SELECT team_id, dataset_id, created_at, id, 1, revision - %(count)s, revision
      FROM dataset_item WHERE dataset_id = %(dataset_id)s
     UNION ALL
    SELECT team_id, dataset_id, created_at, id, 2, revision, {OPEN_END}
      FROM dataset_item WHERE dataset_id = %(dataset_id)s AND NOT deleted
    """,
    """
    INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, item_id, version, created_at,
                                created_by_id, item_count, created, updated, archived, restored)
    SELECT team_id, dataset_id, revision - %(count)s, 0, 'created', id, 1,
           timestamptz '2025-06-01' + (revision - %(count)s) * interval '1 second', 1, revision - %(count)s,
           1, 0, 0, 0 FROM dataset_item WHERE dataset_id = %(dataset_id)s
     UNION ALL
    SELECT team_id, dataset_id, revision, 0, CASE WHEN deleted THEN 'archived' ELSE 'updated' END, id, 2,
           timestamptz '2025-06-01' + revision * interval '1 second', 1, %(count)s - (revision - %(count)s) / 11,
           0, (NOT deleted)::int, deleted::int, 0 FROM dataset_item WHERE dataset_id = %(dataset_id)s
    """,
)


class Filled(NamedTuple):
    team: int
    large: UUID
    middling: UUID
    item: ItemRow  # live, at version 2
    dataset: DatasetRow
    key: str


def fill() -> Filled:
    people = People()
    team = people.project.id
    foreign = {"small": SMALL_DATASETS, "foreign": people.foreign_project.id, "elsewhere": people.sibling.id}
    execute(FILL, foreign)
    execute(ERASE, foreign | {"home": team})
    for number, count in SIZES.items():
        add(people.project, UUID(int=number), count, years=int(number == 1))
    add(people.foreign_project, UUID(int=999), FOREIGN_ITEMS)
    for table in ("dataset_item", "item_validity"):
        execute(f"VACUUM ANALYZE {table}", {})
    execute("ANALYZE", {})
    project_items = queries.ProjectItems(team)
    page = project_items.page(dataset_id=UUID(int=1), limit=1, offset=0)
    current = project_items.get(page.rows[0][queries.PAGE_COLUMNS.index("id")])
    assert current
    dataset = Dataset.objects.in_project(team).filter(id=UUID(int=1)).values_list(*DatasetRow._fields).get()
    return Filled(team, UUID(int=1), UUID(int=2), current.item, DatasetRow._make(dataset), key(people.owner))


def add(project: Project, dataset_id: UUID, count: int, *, years: int = 0) -> None:
    for statement in ADD:
        execute(statement, {"project_id": project.id, "dataset_id": dataset_id, "count": count, "years": years})


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[Filled]:
    """Some 20,000 committed items, which ANALYZE must see; each test runs in a transaction that is rolled back."""
    with emptied(django_db_blocker):
        yield fill()
