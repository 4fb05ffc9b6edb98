"""Erasure of a whole dataset."""

from typing import Any

from tests.dataset_client import Body, DatasetClient, assert_error, assert_not_found, created, ok
from tests.history_check import assert_history_holds
from tests.items.erasure.test_erase_items import CANARY, tables_with


def erase(client: DatasetClient, of: Body, query: str = "", **body: Any) -> Any:
    return client.api.post(client.path(f"erase/{query}", of), body)


def fill(client: DatasetClient) -> Body:
    """Create a dataset with its text in everything that belongs to it."""
    response = client.api.post(
        client.datasets,
        {"name": CANARY, "description": CANARY, "metadata": {"a": CANARY}},
        headers={"Idempotency-Key": "d"},
    )
    dataset = created(response)
    item = client.new_item(dataset, input=CANARY)
    client.patch(item, output=CANARY)
    client.tag(CANARY, 1, of=dataset)
    ok(client.api.put(client.path("schemas/", dataset), {"input": {"examples": [CANARY]}}))
    return dataset


def test_nothing_of_it_is_left(client: DatasetClient) -> None:
    dataset = fill(client)
    fork = created(client.api.post(client.path("fork/", dataset), {"name": "Fork"}))
    assert created(client.api.post(client.items, {"dataset": client.dataset["id"]}))

    response = ok(erase(client, dataset, name=CANARY, reason="contract ended"))

    assert (response["dataset"], response["items"], response["versions"]) == (dataset["id"], 1, 2)
    assert [each["dataset"] for each in response["copies"]] == [fork["id"]]
    assert set(tables_with(CANARY)) <= {"dataset", "dataset_schema"}  # the fork's own description and schemas
    assert_not_found(client.api.get(client.path(of=dataset)))
    assert_not_found(client.api.get(client.path("changes/", dataset)))
    newest = ok(client.api.get(f"{client.base}/erasures/"))["results"][0]
    assert (newest["dataset"], newest["item"], newest["versions"]) == (dataset["id"], None, 2)
    ok(erase(client, fork, name="Fork"))
    assert tables_with(CANARY) == []
    assert_history_holds()


def test_a_dry_run_reports_what_would_be_erased(client: DatasetClient) -> None:
    dataset = fill(client)

    tried = ok(erase(client, dataset, "?dry_run=true", name=CANARY))

    ok(client.api.get(client.path(of=dataset)))
    assert ok(erase(client, dataset, name=CANARY)) == tried


def test_a_wrong_name_erases_nothing(client: DatasetClient) -> None:
    for name in ("Golden", "golden set", "Golden set "):
        assert_error(erase(client, client.dataset, name=name), 400, "name_mismatch", "name")
    assert_error(erase(client, client.dataset), 400, "required", "name")
    ok(client.api.get(client.path()))


def test_items_with_history_elsewhere_prevent_it_and_items_that_left_stay(client: DatasetClient) -> None:
    other = client.new_dataset("Other")
    guest, leaver = client.new_item(other, input=1), client.new_item(input=2)
    client.move(guest, client.dataset)
    client.move(leaver, other)

    assert_error(erase(client, client.dataset, name="Golden set"), 409, "items_moved")
    client.move(guest, other)
    ok(erase(client, client.dataset, name="Golden set"))

    assert {each["id"] for each in client.results(of=other)} == {guest["id"], leaver["id"]}
    assert_history_holds()
