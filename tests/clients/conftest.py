"""Whom the generated clients act for."""

from typing import NamedTuple

import pytest

from auth.models import User
from auth.own_keys import Powers, create_key
from auth.people import join, project_named
from tests.service_process import ServiceProcess


class Account(NamedTuple):
    base: str
    project_id: str
    key: str


@pytest.fixture
def account(service: ServiceProcess, live_database: None) -> Account:
    """A project of its own, and a key that may read and write its datasets."""
    project, _ = project_named("Clients")
    user = User.objects.create(email="ada@example.com", first_name="Ada", role_at_organization="engineering")
    join(user, project.organization)
    powers = Powers(scopes=["dataset:read", "dataset:write"], teams=(), organizations=())
    key = create_key(user_id=user.id, label="client", powers=powers)
    return Account(service.base, str(project.id), key.value)
