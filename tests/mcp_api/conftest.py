"""Fixtures: a project with a dataset, and its owner's agent."""

import pytest

from tests.dataset_client import DatasetClient
from tests.mcp_api.agent import Agent
from tests.people import key


@pytest.fixture
def client(db: None) -> DatasetClient:
    return DatasetClient()


@pytest.fixture
def agent(client: DatasetClient) -> Agent:
    return Agent(key(client.people.owner))
