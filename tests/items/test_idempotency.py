"""Valid Idempotency-Keys, the order of their check, and the methods that take one."""

import pytest

from auth.tenancy import ProjectScoped
from items.models import DatasetItem, IdempotencyRecord
from rest.operations import Operation
from tests.auth.routes import ROUTES
from tests.dataset_client import DatasetClient, assert_error
from tests.idempotency import idempotency_key, replayable

# Writing operations that take no key: v1's rejected DELETE, and removals, which are idempotent anyway.
NEED_NONE = {"DatasetViewSet DELETE", "DatasetItemViewSet DELETE", "TagView DELETE"}
# Reads with parameters in a body.
READS = {"ExportView POST", "ExportListView POST", "AgentView POST"}


# --- The order of the checks -----------------------------------------------------------------------------------------


def test_the_key_is_looked_up_before_if_match(client: DatasetClient) -> None:
    item = client.new_item(input=1)
    headers = idempotency_key("k") | {"If-Match": '"1"'}

    first, again = (client.api.patch(client.item_path(item), {"input": 2}, headers=headers) for _ in range(2))

    assert replayable(again) == replayable(first)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert_error(client.api.patch(client.item_path(item), {"input": 3}, headers=headers), 422, "idempotency_key_reused")


def test_the_key_is_looked_up_before_404_and_validation(client: DatasetClient) -> None:
    item, other = client.new_item(input=1), client.new_dataset()
    path = f"{client.item_path(item)}?dataset={client.dataset['id']}"
    body = {"dataset": other["id"]}
    first = client.api.patch(path, body, headers=idempotency_key("k"))

    again = client.api.patch(path, body, headers=idempotency_key("k"))

    assert client.api.patch(path, body).status_code == 404
    assert replayable(again) == replayable(first)
    for wrong in ({"input": 1, "ref_timestamp": "x"}, [1]):
        assert_error(client.api.patch(path, wrong, headers=idempotency_key("k")), 422, "idempotency_key_reused")


@pytest.mark.parametrize("value", ["", " ", "a b", "x" * 256, "é", "\x7f", "a\tb", "\x1f"])
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
def test_an_invalid_key_is_rejected(client: DatasetClient, method: str, value: str) -> None:
    path = client.items if method == "POST" else f"{client.items}not-even-an-id/"

    response = client.api.ask(method, path, {"dataset": client.dataset["id"]}, headers=idempotency_key(value))

    error = assert_error(response, 400, "invalid_input", "Idempotency-Key")
    assert error["detail"] == "Idempotency-Key must be 1 to 255 visible ASCII characters."
    assert not DatasetItem.objects.exists()


@pytest.mark.parametrize("value", ["!", "~", "x" * 255, "8e03978e-40d5-43e8-bc93-6894a57f9324", '"quoted"', "a,b;c=d"])
def test_a_valid_key_is_accepted(client: DatasetClient, value: str) -> None:
    for _ in range(2):
        response = client.api.post(client.items, {"dataset": client.dataset["id"]}, headers=idempotency_key(value))
        assert response.status_code == 201

    assert DatasetItem.objects.count() == 1
    assert IdempotencyRecord.objects.get().key == value


# --- Which methods ---------------------------------------------------------------------------------------------------


def writing_operations() -> dict[str, Operation]:
    """Return the writing operations of routes below a project, by view and method."""
    found = {}
    for route in ROUTES:
        if route.is_under_project and issubclass(route.view, ProjectScoped) and "{rest}" not in route.path:
            for method in route.methods & {"POST", "PUT", "PATCH", "DELETE"}:
                found[f"{route.view.__name__} {method}"] = route.operation(method)
    return found


def test_every_operation_that_writes_below_a_project_takes_a_key() -> None:
    missing = {name for name, operation in writing_operations().items() if not operation.is_idempotent}

    assert missing == NEED_NONE | READS


def test_writing_operations_are_found() -> None:
    names = set(writing_operations())

    assert names >= {"DatasetViewSet POST", "DatasetItemViewSet PATCH", "ItemArchiveView POST", "TagView PUT"}
