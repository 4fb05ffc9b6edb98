"""The commands that prove an erasure and erase a user."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from auth.models import User
from items.erasure.search import CHUNK_BYTES, count_in_file
from tests.dataset_client import DatasetClient, ok
from tests.items.erasure.test_erase_items import CANARY

pytestmark = pytest.mark.usefixtures("as_management_command")


def prove(text: str, *more: str) -> tuple[int, str]:
    output = StringIO()
    try:
        call_command("prove_erasure", "--text", text, *more, stdout=output)
    except CommandError as error:
        return error.returncode, output.getvalue()
    return 0, output.getvalue()


@pytest.mark.parametrize("text", [CANARY, 'Zoë "quoted" 100% a_b'])
def test_a_text_is_found_until_it_is_erased(client: DatasetClient, text: str) -> None:
    item = client.new_item(input={"who": text})
    client.patch(item, input=1)
    code, printed = prove(text)
    assert (code, "item_version.input: 1" in printed) == (1, True)

    ok(client.api.post(client.item_path(item, "erase/")))

    assert prove(text) == (0, "The text is nowhere.\n")


def test_a_text_across_two_chunks_of_a_file_is_found(tmp_path: Path) -> None:
    file = tmp_path / "relation"
    file.write_bytes(b"x" * (CHUNK_BYTES - 3) + CANARY.encode() + b"x" * 10)

    assert count_in_file(file, [CANARY.encode()]) == 1
    assert count_in_file(file, [b"absent"]) == 0


def test_an_invalid_data_folder_is_reported(tmp_path: Path) -> None:
    assert prove(CANARY, "--files", "--data-dir", str(tmp_path))[0] == 2


def test_an_erased_user_is_anonymous_in_created_by(client: DatasetClient) -> None:
    item = client.new_item(input=1, by=client.colleague)
    user = client.people.colleague
    with pytest.raises(CommandError):
        call_command("erase_user", "--email", user.email, "--confirm", "another@example.com", stdout=StringIO())

    call_command("erase_user", "--email", user.email, "--confirm", user.email, stdout=StringIO())

    shown = ok(client.item(item))["created_by"]
    assert (shown["id"], shown["first_name"], shown["distinct_id"]) == (user.id, "", None)
    assert shown["email"] == f"erased-{user.id}@erased.invalid"
    assert prove(user.email)[0] == 0
    assert client.colleague.get(client.items).status_code == 401
    assert User.objects.get(id=user.id).is_active is False
