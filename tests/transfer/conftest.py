"""Fixtures of the tests of import: the scene of the tests of history, and the files that they send."""

from tests.history.conftest import scene, shared_scene

__all__ = ["scene", "shared_scene"]
