"""Fixtures of the tests of the later API."""

from typing import Any

import pytest

from tests.posthog_v2.v2_client import V2Client


@pytest.fixture
def v2(db: Any) -> V2Client:
    return V2Client()
