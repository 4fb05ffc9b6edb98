"""docs/commands.md lists each management command of this project."""

from django.core.management import get_commands

from tests.docs.documents import DOCS, PACKAGES, named_in_first_cells


def test_each_command_is_listed_and_no_other() -> None:
    own = {name for name, app in get_commands().items() if app in PACKAGES}

    assert named_in_first_cells(DOCS / "commands.md", "[a-z_]+") == own
