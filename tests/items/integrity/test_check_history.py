"""The command that checks the history of a database finds every kind of damage, and nothing else."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from database.query import execute
from items.integrity.rule import MAX_EXAMPLES
from items.integrity.rules import RULES
from items.rows import OPEN_END
from tests.dataset_client import Body, DatasetClient, created, ok
from tests.rows import dataset, item

pytestmark = pytest.mark.usefixtures("as_management_command")


class DamagedDataset:
    """A dataset with every kind of history, to damage."""

    def __init__(self, client: DatasetClient) -> None:
        self.other = client.new_dataset("Other")
        self.patched = client.new_item(input=1)
        client.patch(self.patched, input=2)
        client.patch(self.patched, input=3)
        self.archived = client.new_item()
        client.patch(self.archived, input=1)
        client.archive(self.archived)
        self.restored = client.new_item(deleted=True)
        client.restore(self.restored)
        self.moved = client.new_item()
        client.move(self.moved, self.other)
        self.never_live = client.new_item(deleted=True)
        client.patch(self.never_live, deleted=None)
        client.patch(self.never_live, deleted=True, dataset=self.other["id"])
        client.rename("renamed")
        client.patch(self.patched)
        client.tag("golden", 2)
        for schema in (True, {}):
            ok(client.api.put(client.path("schemas/"), {"input": schema}))
        self.fork = created(client.api.post(client.path("fork/"), {"name": "Fork"}))
        self.erased = client.new_item(client.new_dataset("Erased"), input=1)
        ok(client.api.post(client.item_path(self.erased, "erase/")))
        for path in (client.path("digest/"), f"{client.datasets}{self.erased['dataset']}/digest/?revision=1"):
            ok(client.api.get(path))
        self.dataset = client.dataset

    def damage(self, statement: str) -> None:
        """Damage rows with a statement, which may name them by their kind."""
        ids = {name: each["id"] for name, each in vars(self).items()}
        assert execute(statement, ids) > 0, "no row was harmed"


@pytest.fixture
def damaged(client: DatasetClient) -> DamagedDataset:
    return DamagedDataset(client)


def run_check(*arguments: str) -> Body:
    """Return the JSON that the command prints."""
    output = StringIO()
    message = ""
    try:
        call_command("check_history", "--json", *arguments, stdout=output)
    except CommandError as error:
        message = f"{error} {error.returncode}"
    found: Body = json.loads(output.getvalue())
    assert message == (f"{len(found['broken'])} of {len(RULES)} rules are broken. 1" if found["broken"] else "")
    return found


def broken_rules(*arguments: str) -> dict[str, Body]:
    return {each["rule"]: each for each in run_check(*arguments)["broken"]}


# --- No damage ------------------------------------------------------------------------------------------------------


def test_an_empty_database_breaks_no_rule(db: None) -> None:
    assert run_check() == {"rules": len(RULES), "broken": []}


def test_no_kind_of_history_breaks_a_rule(damaged: DamagedDataset) -> None:
    assert broken_rules() == {}


def test_success_is_reported(damaged: DamagedDataset) -> None:
    output = StringIO()

    call_command("check_history", stdout=output)

    assert output.getvalue() == f"{len(RULES)} rules checked: nothing wrong.\n"


# --- Damage ----------------------------------------------------------------------------------------------------------

CHANGE = "dataset_id = %(dataset)s AND revision"

DAMAGE = [
    ("erasures", "INSERT INTO dataset_erasure"
     " (team_id, id, dataset_id, item_id, revision, versions, reason, created_at)"
     " SELECT team_id, gen_random_uuid(), dataset_id, id, revision, 1, '', created_at FROM dataset_item"
     " WHERE id = %(patched)s"),
    ("sources", "INSERT INTO item_source (team_id, item_id, dataset_id, client_item_id)"
     " SELECT team_id, id, gen_random_uuid(), 'K' FROM dataset_item WHERE id = %(patched)s"),
    ("heads dataset_counts", "INSERT INTO dataset SELECT team_id, gen_random_uuid(), name, description, metadata,"
     " created_at, updated_at, deleted, created_by_id, version, labels FROM dataset WHERE id = %(dataset)s"),
    ("dataset_counts", "UPDATE project_head SET dataset_count = dataset_count + 1"),
    ("dataset_counts", "UPDATE project_head SET archived_dataset_count = 1"),
    ("dataset_counts", "UPDATE dataset SET deleted = true WHERE id = %(fork)s"),
    ("heads orphans", "DELETE FROM dataset_head WHERE dataset_id = %(fork)s"),
    ("orphans", "DELETE FROM dataset_item WHERE id = %(patched)s"),
    ("orphans", "UPDATE dataset_item SET dataset_id = gen_random_uuid() WHERE id = %(never_live)s"),
    ("orphans", "UPDATE item_fork_origin SET id = gen_random_uuid()"),
    ("sources", "INSERT INTO item_source (team_id, item_id, dataset_id, client_item_id)"
     " SELECT team_id, gen_random_uuid(), dataset_id, 'K' FROM dataset_item WHERE id = %(patched)s"),
    ("orphans", "UPDATE item_validity SET dataset_id = gen_random_uuid() WHERE item_id = %(patched)s"),
    ("orphans", f"UPDATE dataset_change SET dataset_id = gen_random_uuid() WHERE {CHANGE} = 4"),
    ("item_counts newest_changes", "UPDATE dataset_head SET item_count = 99 WHERE dataset_id = %(dataset)s"),
    ("item_counts", "UPDATE dataset_item SET deleted = true WHERE id = %(patched)s"),
    ("item_counts", "UPDATE dataset_item SET deleted = NULL WHERE id = %(archived)s"),
    ("newest_changes", "UPDATE dataset_head SET changed_at = changed_at + interval '1 second'"),
    ("newest_changes", "UPDATE dataset_change SET item_count = NULL WHERE dataset_id = %(fork)s AND position = 0"),
    ("revisions", f"DELETE FROM dataset_change WHERE {CHANGE} = 4"),
    ("revisions", f"DELETE FROM dataset_change WHERE {CHANGE} = 1"),
    ("revisions", f"DELETE FROM dataset_change WHERE {CHANGE} = 13"),
    ("revisions", "UPDATE dataset_head SET revision = revision + 1 WHERE dataset_id = %(dataset)s"),
    ("revisions", "UPDATE dataset_head SET revision = revision - 1 WHERE dataset_id = %(dataset)s"),
    ("revisions", f"UPDATE dataset_head SET revision = {OPEN_END} WHERE dataset_id = %(dataset)s"),
    ("revisions", "UPDATE dataset_head SET revision = 0 WHERE dataset_id = %(dataset)s"),
    ("revisions", "DELETE FROM dataset_change WHERE dataset_id = %(other)s"),
    ("positions", "DELETE FROM dataset_change WHERE dataset_id = %(fork)s AND position = 0"),
    ("positions", "UPDATE dataset_change SET position = 9 WHERE dataset_id = %(fork)s AND position = 1"),
    ("positions revisions", f"UPDATE dataset_change SET position = 1 WHERE {CHANGE} = 4"),
    ("times", f"UPDATE dataset_change SET created_at = created_at - interval '1 hour' WHERE {CHANGE} = 4"),
    ("times", f"UPDATE dataset_change SET created_at = created_at + interval '1 hour' WHERE {CHANGE} = 4"),
    ("times", f"UPDATE dataset_change SET created_at = NULL WHERE {CHANGE} = 4"),
    ("times", "UPDATE dataset_change c SET created_at = previous.created_at FROM dataset_change previous"
     " WHERE (c.dataset_id, c.revision, previous.dataset_id, previous.revision) = (%(dataset)s, 4, %(dataset)s, 3)"),
    ("ages", "UPDATE item_validity SET created_at = now() + interval '1 hour' WHERE item_id = %(patched)s"),
    ("summaries", f"UPDATE dataset_change SET updated = updated + 1 WHERE {CHANGE} = 2"),
    ("summaries", f"UPDATE dataset_change SET created = 0 WHERE {CHANGE} = 1"),
    ("summaries", f"UPDATE dataset_change SET archived = 0, restored = 1 WHERE {CHANGE} = 6"),
    ("summaries", f"UPDATE dataset_change SET restored = 3 WHERE {CHANGE} = 8"),
    ("revision_counts", f"UPDATE dataset_change SET item_count = item_count + 1 WHERE {CHANGE} = 4"),
    ("revision_counts", f"UPDATE dataset_change SET item_count = NULL WHERE {CHANGE} = 4"),
    ("versions version_changes", "UPDATE dataset_item SET version = version + 1 WHERE id = %(patched)s"),
    ("versions change_versions", "UPDATE dataset_item SET version = version - 1 WHERE id = %(patched)s"),
    ("versions change_versions", "DELETE FROM item_version WHERE id = %(patched)s AND version = 1"),
    ("versions change_versions", "DELETE FROM item_version WHERE id = %(patched)s AND version = 2"),
    ("versions", "DELETE FROM item_version WHERE id = %(archived)s"),
    ("versions", "UPDATE item_version SET version = 0 WHERE id = %(patched)s AND version = 1"),
    ("versions", "UPDATE item_version SET version = 9 WHERE id = %(patched)s AND version = 2"),
    ("live_items live_changes", "DELETE FROM item_validity WHERE item_id = %(patched)s AND version = 3"),
    ("live_items", "UPDATE item_validity SET created_at = created_at + interval '1 us' WHERE item_id = %(patched)s"),
    ("live_items", "UPDATE dataset_item SET created_at = created_at - interval '1 us' WHERE id = %(patched)s"),
    ("live_items", "UPDATE item_validity SET valid_to = 99 WHERE item_id = %(patched)s AND version = 3"),
    ("live_items", "UPDATE item_validity SET valid_from = 4 WHERE item_id = %(patched)s AND version = 3"),
    ("live_items open_validity", "UPDATE item_validity SET dataset_id = %(other)s WHERE item_id = %(patched)s"),
    ("live_items open_validity", "UPDATE item_validity SET item_id = %(archived)s WHERE item_id = %(restored)s"),
    ("open_validity overlaps", f"UPDATE item_validity SET valid_to = {OPEN_END} WHERE item_id = %(patched)s"),
    ("open_validity", f"UPDATE item_validity SET valid_to = {OPEN_END} WHERE item_id = %(archived)s AND version = 2"),
    ("open_validity live_changes", "INSERT INTO item_validity SELECT team_id, dataset_id, created_at, id, version,"
     f" revision, {OPEN_END} FROM dataset_item WHERE id = %(never_live)s"),
    ("overlaps", "UPDATE item_validity SET valid_to = 3 WHERE item_id = %(patched)s AND version = 1"),
    ("overlaps", "UPDATE item_validity SET valid_to = 2 WHERE item_id = %(patched)s AND version = 2"),
    ("validity_starts", "UPDATE item_validity SET valid_from = 0 WHERE item_id = %(patched)s AND version = 1"),
    ("validity_starts", f"UPDATE dataset_change SET operation = 'archived' WHERE {CHANGE} = 2"),
    ("validity_ends", "UPDATE item_validity SET valid_to = 11 WHERE item_id = %(archived)s AND version = 2"),
    ("validity_ends live_changes", "UPDATE item_validity SET version = 9"
     " WHERE item_id = %(patched)s AND version = 1"),
    ("live_changes", "DELETE FROM item_validity WHERE item_id = %(patched)s AND version = 1"),
    ("live_changes", "UPDATE item_version SET deleted = true WHERE id = %(patched)s AND version = 2"),
    ("live_changes", "UPDATE item_version SET created_at = now() WHERE id = %(patched)s AND version = 2"),
    ("change_versions", f"UPDATE dataset_change SET item_id = gen_random_uuid() WHERE {CHANGE} = 2"),
    ("change_versions", f"UPDATE dataset_change SET version = 9 WHERE {CHANGE} = 2"),
    ("change_versions version_changes", "UPDATE item_version SET revision = 2"
     " WHERE id = %(patched)s AND version = 1"),
    ("change_versions version_changes", "UPDATE item_version SET dataset_id = %(other)s"
     " WHERE id = %(patched)s AND version = 1"),
    ("version_changes", "UPDATE dataset_item SET revision = 9 WHERE id = %(patched)s"),
    ("version_changes", "DELETE FROM dataset_change WHERE dataset_id = %(fork)s AND position = 1"),
    ("operations", f"UPDATE dataset_change SET operation = 'moved_in' WHERE {CHANGE} = 2"),
    ("operations", f"UPDATE dataset_change SET operation = 'moved_out' WHERE {CHANGE} = 2"),
    ("operations", f"UPDATE dataset_change SET operation = 'archived', archived = 1, updated = 0 WHERE {CHANGE} = 3"),
    ("operations", f"UPDATE dataset_change SET operation = 'restored', created = 0, restored = 1 WHERE {CHANGE} = 4"),
    ("operations", "UPDATE dataset_change SET operation = 'updated' WHERE dataset_id = %(other)s"
     " AND operation = 'moved_in'"),
    ("moves", "UPDATE dataset_change SET operation = 'updated' WHERE dataset_id = %(dataset)s AND item_id = %(moved)s"
     " AND operation = 'moved_out'"),
    ("moves", "UPDATE dataset_change SET item_id = %(patched)s WHERE dataset_id = %(dataset)s AND item_id = %(moved)s"
     " AND operation = 'moved_out'"),
    ("moves", "UPDATE item_version SET dataset_id = %(fork)s WHERE id = %(moved)s"),
    ("hashes", "INSERT INTO item_hash SELECT team_id, id, version + 1, 'x' FROM dataset_item WHERE id = %(patched)s"),
    ("hashes", "UPDATE item_hash SET item_id = gen_random_uuid() WHERE item_id = %(patched)s"),
    ("hashes", "UPDATE item_hash SET hash = 'x' WHERE item_id = %(erased)s"),
    ("digests", "UPDATE dataset_digest SET revision = 99 WHERE dataset_id = %(dataset)s"),
    ("digests", "UPDATE dataset_digest SET erased_count = 0 WHERE erased_count > 0"),
    ("tags", "UPDATE dataset_tag SET revision = 99"),
    ("tags", "UPDATE dataset_tag SET revision = 0"),
    ("schemas", "UPDATE dataset_head SET schema_version = 0 WHERE dataset_id = %(dataset)s"),
    ("schemas", "UPDATE dataset_head SET schema_version = schema_version + 1 WHERE dataset_id = %(other)s"),
    ("schemas", "DELETE FROM dataset_schema WHERE dataset_id = %(dataset)s AND version = 1"),
    ("schemas", "DELETE FROM dataset_schema WHERE dataset_id = %(dataset)s AND version = 2"),
    ("schemas", "UPDATE dataset_schema SET revision = 3 WHERE dataset_id = %(fork)s"),
    ("schemas", "UPDATE dataset_schema SET revision = 1 WHERE dataset_id = %(dataset)s AND version = 2"),
    ("schemas", "UPDATE dataset_schema SET dataset_id = %(other)s WHERE dataset_id = %(dataset)s AND version = 2"),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "statement"), DAMAGE)
def test_damage_is_found(damaged: DamagedDataset, rules: str, statement: str) -> None:
    damaged.damage(statement)

    found = broken_rules()

    assert set(rules.split()) <= set(found)
    for each in found.values():
        assert each["count"] >= len(each["examples"]) > 0
        assert all(example["project"] for example in each["examples"])


def test_every_rule_finds_some_damage() -> None:
    assert {name for rules, _ in DAMAGE for name in rules.split()} == {rule.name for rule in RULES}


def test_rules_have_unique_names_and_sentences() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.sentence.endswith(".") and rule.sentence[0].isupper() for rule in RULES)


# --- Output ---------------------------------------------------------------------------------------------------------


def test_violations_are_printed_with_their_rows(client: DatasetClient, damaged: DamagedDataset) -> None:
    damaged.damage("UPDATE dataset_tag SET revision = 99")
    output = StringIO()

    with pytest.raises(CommandError) as raised:
        call_command("check_history", stdout=output)

    assert output.getvalue() == (
        "tags: Every tag names a revision that its dataset has. Broken once:\n"
        f"  project {client.project_id}, dataset {damaged.dataset['id']}, name golden, revision 99\n"
    )
    assert str(raised.value) == f"1 of {len(RULES)} rules are broken."


def test_violations_are_printed_as_json(client: DatasetClient, damaged: DamagedDataset) -> None:
    damaged.damage("UPDATE dataset_head SET item_count = 7, changed_at = changed_at WHERE dataset_id = %(other)s")

    found = broken_rules()["item_counts"]

    assert found == {
        "rule": "item_counts",
        "sentence": "Every head counts the live items of its dataset.",
        "count": 1,
        "examples": [{"project": client.project_id, "dataset": damaged.other["id"], "counted": 7, "live": 1}],
    }


def test_at_most_ten_examples_are_given(client: DatasetClient) -> None:
    client.new_item()
    for number in range(MAX_EXAMPLES + 3):
        client.tag(f"t{number}", 1)
    execute("UPDATE dataset_tag SET revision = 99", {})

    found = broken_rules()["tags"]
    output = StringIO()
    with pytest.raises(CommandError):
        call_command("check_history", stdout=output)

    assert (found["count"], len(found["examples"])) == (13, 10)
    assert "Broken 13 times; the first 10:" in output.getvalue()


def test_a_single_project_can_be_checked(client: DatasetClient, damaged: DamagedDataset) -> None:
    there = dataset(client.people.foreign_project)
    item(there)
    execute("UPDATE dataset_head SET item_count = 5 WHERE dataset_id = %(id)s", {"id": there.id})

    assert set(broken_rules()) == {"item_counts", "newest_changes"}
    assert broken_rules("--project", str(client.project_id)) == {}
    assert set(broken_rules("--project", str(client.people.foreign_project.id))) == {"item_counts", "newest_changes"}


@pytest.mark.parametrize("project_id", ["987654321", str(10**30), "-1", "0"])
def test_an_unknown_project_cannot_be_checked(db: Any, project_id: str) -> None:
    with pytest.raises(CommandError) as raised:
        call_command("check_history", "--project", project_id)

    assert (str(raised.value), raised.value.returncode) == (f"There is no project {project_id}.", 2)
