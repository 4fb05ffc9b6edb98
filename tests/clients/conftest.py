"""Whom the generated clients act for."""

from typing import NamedTuple

import pytest

from auth.accounts import add_member, get_or_create_project
from auth.api_keys.issuing import KeyPermissions, create_key
from auth.models import User
from tests.service_process import ServiceProcess


class Account(NamedTuple):
    base: str
    project_id: str
    key: str


@pytest.fixture
def account(service: ServiceProcess, live_database: None) -> Account:
    """A project of its own, and a key that may read and write its datasets."""
    project, _ = get_or_create_project("Clients")
    user = User.objects.create(email="ada@example.com", first_name="Ada", role_at_organization="engineering")
    add_member(user, project.organization)
    permissions = KeyPermissions(scopes=["dataset:read", "dataset:write"], teams=(), organizations=())
    key = create_key(user_id=user.id, label="client", permissions=permissions)
    return Account(service.base, str(project.id), key.value)
