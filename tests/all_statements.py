"""All statements of the service by name; functions that build shapes are called for their longest statement."""

import importlib
import pkgutil
import re

from database.sql import statements

PACKAGES = ("auth", "database", "datasets_api", "items")


def all_statements() -> dict[str, str]:
    import_all_modules()
    build_shapes()
    # Those of tests of database.sql itself are none of the service's, and a catalog of Citus is not everywhere.
    found = {name: text for name, text in sorted(statements.items()) if not name.endswith("_of_test")}
    return {name: text for name, text in found.items() if "JOIN pg_dist_partition" not in text}


def import_all_modules() -> None:
    for package in PACKAGES:
        for found in pkgutil.walk_packages([package], f"{package}."):
            if not re.search(r"\.(migrations|settings|wsgi)\b", found.name):
                importlib.import_module(found.name)


def build_shapes() -> None:
    from items.bulk import existing, update  # noqa: PLC0415  Django's settings come first
    from items.insights import duplicates  # noqa: PLC0415
    from items.rows import CONTENT_COLUMNS, DatasetRow  # noqa: PLC0415
    from items.writes.datasets import update_dataset_sql  # noqa: PLC0415

    content = ("dataset_id", *CONTENT_COLUMNS, "deleted")
    update_dataset_sql(("name", "description", "metadata", "deleted"), is_archival=True)
    assert "name" in DatasetRow._fields
    duplicates.duplicates_page_sql(duplicates.COMPARABLE_FIELDS)
    duplicates.surplus_items_sql(duplicates.COMPARABLE_FIELDS)
    update.selection_sql(update.Selection(), dict.fromkeys(content))
    update.set_clause_of(dict.fromkeys(content)).statement()
    existing.set_clause_of([])
