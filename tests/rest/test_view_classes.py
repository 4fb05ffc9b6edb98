"""Views inherit from few classes, and leave no method for subclasses to implement."""

import ast
from pathlib import Path

import pytest

from tests.auth.routes import ROUTES
from tests.service_process import PROJECT_DIR

# The packages that define views.
OURS = ("auth", "console", "datasets_api", "items", "mcp_api", "posthog_v2", "rest")
VIEWS = {route.callback.cls for route in ROUTES if hasattr(route.callback, "cls")}
MAX_CLASSES = 6


@pytest.mark.parametrize("view", sorted(VIEWS, key=lambda each: each.__name__), ids=lambda view: view.__name__)
def test_a_view_inherits_from_few_classes_of_ours(view: type) -> None:
    ours = [each.__name__ for each in view.__mro__ if each.__module__.partition(".")[0] in OURS]

    assert len(ours) <= MAX_CLASSES, ours


@pytest.mark.parametrize("package", OURS)
def test_no_view_leaves_a_method_to_subclasses(package: str) -> None:
    for path in Path(PROJECT_DIR, package).rglob("*view*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            is_raised = isinstance(node, ast.Raise) and node.exc is not None
            assert not (is_raised and "NotImplementedError" in ast.unparse(node)), f"{path}:{node.lineno}"
