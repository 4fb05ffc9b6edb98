"""The parts of Django's handler that datasets_api/server/application.py leaves out have nothing to do."""

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

HOOKS = ("process_view", "process_exception", "process_template_response")


@pytest.mark.parametrize("path", settings.MIDDLEWARE)
def test_middleware_has_no_hooks(path: str) -> None:
    middleware = import_string(path)
    assert not [hook for hook in HOOKS if hasattr(middleware, hook)]
