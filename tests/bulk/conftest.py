"""Fixtures of the tests of bulk writes: the scene of the tests of history."""

from tests.history.conftest import scene, shared_scene

__all__ = ["scene", "shared_scene"]
