"""Fixtures of the tests of quality."""

from tests.history.conftest import scene, shared_scene, statements

__all__ = ["scene", "shared_scene", "statements"]
