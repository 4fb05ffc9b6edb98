"""The scene of the tests of history serves here too."""

from tests.history.conftest import scene, shared_scene

__all__ = ["scene", "shared_scene"]
