"""The console command that checks the history of a database: it finds every kind of damage, and nothing else."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from database.statements import execute
from items.management.history_rules import MAX_EXAMPLES, RULES
from items.models.history import STILL
from tests.history.scene import Body, Scene, created, shown
from tests.items.rows import dataset, item

pytestmark = pytest.mark.usefixtures("at_the_console")


class Shelf:
    """A dataset in which everything has happened, and what damage is done to it."""

    def __init__(self, scene: Scene) -> None:
        self.other = scene.new_dataset("Other")
        self.patched = scene.new_item(input=1)
        scene.patch(self.patched, input=2)
        scene.patch(self.patched, input=3)
        self.archived = scene.new_item()
        scene.patch(self.archived, input=1)
        scene.archive(self.archived)
        self.restored = scene.new_item(deleted=True)
        scene.restore(self.restored)
        self.moved = scene.new_item()
        scene.move(self.moved, self.other)
        self.never_shown = scene.new_item(deleted=True)
        scene.patch(self.never_shown, deleted=None)
        scene.patch(self.never_shown, deleted=True, dataset=self.other["id"])
        scene.rename("renamed")
        scene.patch(self.patched)
        scene.tag("golden", 3)
        for schema in (True, {}):
            shown(scene.api.put(scene.path("schemas/"), {"input": schema}))
        self.fork = created(scene.api.post(scene.path("fork/"), {"name": "Fork"}))
        self.dataset = scene.dataset

    def harm(self, statement: str) -> None:
        """The statement may name the rows by what they are."""
        ids = {name: each["id"] for name, each in vars(self).items()}
        assert execute(statement, ids) > 0, "no row was harmed"


@pytest.fixture
def shelf(scene: Scene) -> Shelf:
    return Shelf(scene)


def checked(*arguments: str) -> Body:
    """What the command prints as JSON."""
    output = StringIO()
    said = ""
    try:
        call_command("check_history", "--json", *arguments, stdout=output)
    except CommandError as error:
        said = f"{error} {error.returncode}"
    found: Body = json.loads(output.getvalue())
    assert said == (f"{len(found['wrong'])} of {len(RULES)} rules are broken. 1" if found["wrong"] else "")
    return found


def broken(*arguments: str) -> dict[str, Body]:
    return {each["rule"]: each for each in checked(*arguments)["wrong"]}


# --- Nothing wrong ---------------------------------------------------------------------------------------------------


def test_in_an_empty_database_nothing_is_wrong(db: None) -> None:
    assert checked() == {"rules": len(RULES), "wrong": []}


def test_whatever_has_happened_nothing_is_wrong(shelf: Shelf) -> None:
    assert broken() == {}


def test_that_nothing_is_wrong_is_said(shelf: Shelf) -> None:
    output = StringIO()

    call_command("check_history", stdout=output)

    assert output.getvalue() == f"{len(RULES)} rules checked: nothing wrong.\n"


# --- Damage ----------------------------------------------------------------------------------------------------------

CHANGE = "dataset_id = %(dataset)s AND revision"

DAMAGE = [
    ("heads", "INSERT INTO dataset SELECT team_id, gen_random_uuid(), name, description, metadata, created_at,"
     " updated_at, deleted, created_by_id, version FROM dataset WHERE id = %(dataset)s"),
    ("heads belongings", "DELETE FROM dataset_head WHERE dataset_id = %(fork)s"),
    ("belongings", "DELETE FROM dataset_item WHERE id = %(patched)s"),
    ("belongings", "UPDATE item_presence SET dataset_id = gen_random_uuid() WHERE item_id = %(patched)s"),
    ("belongings", f"UPDATE dataset_change SET dataset_id = gen_random_uuid() WHERE {CHANGE} = 5"),
    ("item_counts newest_changes", "UPDATE dataset_head SET item_count = 99 WHERE dataset_id = %(dataset)s"),
    ("item_counts", "UPDATE dataset_item SET deleted = true WHERE id = %(patched)s"),
    ("item_counts", "UPDATE dataset_item SET deleted = NULL WHERE id = %(archived)s"),
    ("newest_changes", "UPDATE dataset_head SET changed_at = changed_at + interval '1 second'"),
    ("newest_changes", "UPDATE dataset_change SET item_count = NULL WHERE dataset_id = %(fork)s AND position = 0"),
    ("revisions", f"DELETE FROM dataset_change WHERE {CHANGE} = 5"),
    ("revisions", f"DELETE FROM dataset_change WHERE {CHANGE} = 1"),
    ("revisions", f"DELETE FROM dataset_change WHERE {CHANGE} = 14"),
    ("revisions", "UPDATE dataset_head SET revision = revision + 1 WHERE dataset_id = %(dataset)s"),
    ("revisions", "UPDATE dataset_head SET revision = revision - 1 WHERE dataset_id = %(dataset)s"),
    ("revisions", f"UPDATE dataset_head SET revision = {STILL} WHERE dataset_id = %(dataset)s"),
    ("revisions", "UPDATE dataset_head SET revision = 0 WHERE dataset_id = %(dataset)s"),
    ("revisions", "DELETE FROM dataset_change WHERE dataset_id = %(other)s"),
    ("positions", "DELETE FROM dataset_change WHERE dataset_id = %(fork)s AND position = 1"),
    ("positions", "UPDATE dataset_change SET position = 9 WHERE dataset_id = %(fork)s AND position = 2"),
    ("positions revisions", f"UPDATE dataset_change SET position = 1 WHERE {CHANGE} = 5"),
    ("times", f"UPDATE dataset_change SET created_at = created_at - interval '1 hour' WHERE {CHANGE} = 5"),
    ("times", f"UPDATE dataset_change SET created_at = created_at + interval '1 hour' WHERE {CHANGE} = 5"),
    ("times", f"UPDATE dataset_change SET created_at = NULL WHERE {CHANGE} = 5"),
    ("times", "UPDATE dataset_change c SET created_at = former.created_at FROM dataset_change former"
     " WHERE (c.dataset_id, c.revision, former.dataset_id, former.revision) = (%(dataset)s, 5, %(dataset)s, 4)"),
    ("ages", "UPDATE item_presence SET created_at = now() + interval '1 hour' WHERE item_id = %(patched)s"),
    ("summaries", f"UPDATE dataset_change SET updated = updated + 1 WHERE {CHANGE} = 3"),
    ("summaries", f"UPDATE dataset_change SET created = 0 WHERE {CHANGE} = 2"),
    ("summaries", f"UPDATE dataset_change SET archived = 0, restored = 1 WHERE {CHANGE} = 7"),
    ("summaries", f"UPDATE dataset_change SET restored = 3 WHERE {CHANGE} = 9"),
    ("counts_of_revisions", f"UPDATE dataset_change SET item_count = item_count + 1 WHERE {CHANGE} = 5"),
    ("counts_of_revisions", f"UPDATE dataset_change SET item_count = NULL WHERE {CHANGE} = 5"),
    ("versions changes_of_versions", "UPDATE dataset_item SET version = version + 1 WHERE id = %(patched)s"),
    ("versions versions_of_changes", "UPDATE dataset_item SET version = version - 1 WHERE id = %(patched)s"),
    ("versions versions_of_changes", "DELETE FROM item_version WHERE id = %(patched)s AND version = 1"),
    ("versions versions_of_changes", "DELETE FROM item_version WHERE id = %(patched)s AND version = 2"),
    ("versions", "DELETE FROM item_version WHERE id = %(archived)s"),
    ("versions", "UPDATE item_version SET version = 0 WHERE id = %(patched)s AND version = 1"),
    ("versions", "UPDATE item_version SET version = 9 WHERE id = %(patched)s AND version = 2"),
    ("shown_items visible_changes", "DELETE FROM item_presence WHERE item_id = %(patched)s AND version = 3"),
    ("shown_items", "UPDATE item_presence SET created_at = created_at + interval '1 us' WHERE item_id = %(patched)s"),
    ("shown_items", "UPDATE dataset_item SET created_at = created_at - interval '1 us' WHERE id = %(patched)s"),
    ("shown_items", "UPDATE item_presence SET until_revision = 99 WHERE item_id = %(patched)s AND version = 3"),
    ("shown_items", "UPDATE item_presence SET since_revision = 5 WHERE item_id = %(patched)s AND version = 3"),
    ("shown_items hidden_items", "UPDATE item_presence SET dataset_id = %(other)s WHERE item_id = %(patched)s"),
    ("shown_items hidden_items", "UPDATE item_presence SET item_id = %(archived)s WHERE item_id = %(restored)s"),
    ("hidden_items overlaps", f"UPDATE item_presence SET until_revision = {STILL} WHERE item_id = %(patched)s"),
    ("hidden_items", f"UPDATE item_presence SET until_revision = {STILL} WHERE item_id = %(archived)s AND version = 2"),
    ("hidden_items visible_changes", "INSERT INTO item_presence SELECT team_id, dataset_id, created_at, id, version,"
     f" revision, {STILL} FROM dataset_item WHERE id = %(never_shown)s"),
    ("overlaps", "UPDATE item_presence SET until_revision = 4 WHERE item_id = %(patched)s AND version = 1"),
    ("overlaps", "UPDATE item_presence SET until_revision = 3 WHERE item_id = %(patched)s AND version = 2"),
    ("showing_changes", "UPDATE item_presence SET since_revision = 1 WHERE item_id = %(patched)s AND version = 1"),
    ("showing_changes", f"UPDATE dataset_change SET operation = 'archived' WHERE {CHANGE} = 3"),
    ("hiding_changes", "UPDATE item_presence SET until_revision = 12 WHERE item_id = %(archived)s AND version = 2"),
    ("hiding_changes visible_changes", "UPDATE item_presence SET version = 9"
     " WHERE item_id = %(patched)s AND version = 1"),
    ("visible_changes", "DELETE FROM item_presence WHERE item_id = %(patched)s AND version = 1"),
    ("visible_changes", "UPDATE item_version SET deleted = true WHERE id = %(patched)s AND version = 2"),
    ("visible_changes", "UPDATE item_version SET created_at = now() WHERE id = %(patched)s AND version = 2"),
    ("versions_of_changes", f"UPDATE dataset_change SET item_id = gen_random_uuid() WHERE {CHANGE} = 3"),
    ("versions_of_changes", f"UPDATE dataset_change SET version = 9 WHERE {CHANGE} = 3"),
    ("versions_of_changes", f"UPDATE dataset_change SET item_id = NULL, version = NULL WHERE {CHANGE} = 3"),
    ("versions_of_changes", f"UPDATE dataset_change SET operation = 'dataset_updated' WHERE {CHANGE} = 3"),
    ("versions_of_changes changes_of_versions", "UPDATE item_version SET revision = 3"
     " WHERE id = %(patched)s AND version = 1"),
    ("versions_of_changes changes_of_versions", "UPDATE item_version SET dataset_id = %(other)s"
     " WHERE id = %(patched)s AND version = 1"),
    ("changes_of_versions", "UPDATE dataset_item SET revision = 1 WHERE id = %(patched)s"),
    ("changes_of_versions", "DELETE FROM dataset_change WHERE dataset_id = %(fork)s AND position = 2"),
    ("operations", f"UPDATE dataset_change SET operation = 'moved_in' WHERE {CHANGE} = 3"),
    ("operations", f"UPDATE dataset_change SET operation = 'moved_out' WHERE {CHANGE} = 3"),
    ("operations", f"UPDATE dataset_change SET operation = 'archived', archived = 1, updated = 0 WHERE {CHANGE} = 4"),
    ("operations", f"UPDATE dataset_change SET operation = 'restored', created = 0, restored = 1 WHERE {CHANGE} = 5"),
    ("operations", "UPDATE dataset_change SET operation = 'updated' WHERE dataset_id = %(other)s"
     " AND operation = 'moved_in'"),
    ("moves", "UPDATE dataset_change SET operation = 'updated' WHERE dataset_id = %(dataset)s AND item_id = %(moved)s"
     " AND operation = 'moved_out'"),
    ("moves", "UPDATE dataset_change SET item_id = %(patched)s WHERE dataset_id = %(dataset)s AND item_id = %(moved)s"
     " AND operation = 'moved_out'"),
    ("moves", "UPDATE item_version SET dataset_id = %(fork)s WHERE id = %(moved)s"),
    ("tags", "UPDATE dataset_tag SET revision = 99"),
    ("tags", "UPDATE dataset_tag SET revision = 0"),
    ("schemas", "UPDATE dataset_head SET schema_version = 0 WHERE dataset_id = %(dataset)s"),
    ("schemas", "UPDATE dataset_head SET schema_version = schema_version + 1 WHERE dataset_id = %(other)s"),
    ("schemas", "DELETE FROM dataset_schema WHERE dataset_id = %(dataset)s AND version = 1"),
    ("schemas", "DELETE FROM dataset_schema WHERE dataset_id = %(dataset)s AND version = 2"),
    ("schemas", "UPDATE dataset_schema SET revision = 3 WHERE dataset_id = %(fork)s"),
    ("schemas", "UPDATE dataset_schema SET dataset_id = %(other)s WHERE dataset_id = %(dataset)s AND version = 2"),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "statement"), DAMAGE)
def test_damage_is_found(shelf: Shelf, rules: str, statement: str) -> None:
    shelf.harm(statement)

    found = broken()

    assert set(rules.split()) <= set(found)
    for each in found.values():
        assert each["places"] >= len(each["examples"]) > 0
        assert all(example["project"] for example in each["examples"])


def test_every_rule_has_damage_that_it_finds() -> None:
    assert {name for rules, _ in DAMAGE for name in rules.split()} == {rule.name for rule in RULES}


def test_rules_have_names_of_their_own_and_sentences() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.sentence.endswith(".") and rule.sentence[0].isupper() for rule in RULES)


# --- What is said ----------------------------------------------------------------------------------------------------


def test_what_is_wrong_is_said_with_its_place(scene: Scene, shelf: Shelf) -> None:
    shelf.harm("UPDATE dataset_tag SET revision = 99")
    output = StringIO()

    with pytest.raises(CommandError) as raised:
        call_command("check_history", stdout=output)

    assert output.getvalue() == (
        "tags: A tag names a revision that its dataset has. Broken 1 times:\n"
        f"  project {scene.project_id}, dataset {shelf.dataset['id']}, name golden, revision 99\n"
    )
    assert str(raised.value) == f"1 of {len(RULES)} rules are broken."


def test_what_is_wrong_is_told_in_json(scene: Scene, shelf: Shelf) -> None:
    shelf.harm("UPDATE dataset_head SET item_count = 7, changed_at = changed_at WHERE dataset_id = %(other)s")

    found = broken()["item_counts"]

    assert found == {
        "rule": "item_counts",
        "sentence": "A head counts the visible items of its dataset.",
        "places": 1,
        "examples": [{"project": scene.project_id, "dataset": shelf.other["id"], "counted": 7, "visible": 1}],
    }


def test_at_most_ten_examples_are_given(scene: Scene) -> None:
    for number in range(MAX_EXAMPLES + 3):
        scene.tag(f"t{number}", 1)
    execute("UPDATE dataset_tag SET revision = 99", {})

    found = broken()["tags"]
    output = StringIO()
    with pytest.raises(CommandError):
        call_command("check_history", stdout=output)

    assert (found["places"], len(found["examples"])) == (13, 10)
    assert "Broken 13 times, of which the first 10 are:" in output.getvalue()


def test_one_project_may_be_checked_alone(scene: Scene, shelf: Shelf) -> None:
    there = dataset(scene.people.foreign_project)
    item(there)
    execute("UPDATE dataset_head SET item_count = 5 WHERE dataset_id = %(id)s", {"id": there.id})

    assert set(broken()) == {"item_counts", "newest_changes"}
    assert broken("--project", str(scene.project_id)) == {}
    assert set(broken("--project", str(scene.people.foreign_project.id))) == {"item_counts", "newest_changes"}


@pytest.mark.parametrize("project_id", ["987654321", str(10**30), "-1", "0"])
def test_a_project_that_is_not_there_cannot_be_checked(db: Any, project_id: str) -> None:
    with pytest.raises(CommandError) as raised:
        call_command("check_history", "--project", project_id)

    assert (str(raised.value), raised.value.returncode) == (f"There is no project {project_id}.", 2)
