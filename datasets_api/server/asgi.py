"""The service as an ASGI application, for `manage.py up` and any other ASGI server.

A server has to send lifespan events, for the metrics, and should not limit the size or time of request bodies.
"""

import gc
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "datasets_api.settings")
django.setup(set_prefix=False)

from django.core.cache import close_caches  # noqa: E402  once Django is set up
from django.core.handlers.base import reset_urlconf  # noqa: E402
from django.core.signals import request_finished  # noqa: E402
from django.db import close_old_connections  # noqa: E402

from datasets_api.server.application import Application  # noqa: E402

application = Application()
# There is no cache, and connections are checked before each request, so these receivers would have nothing to do.
for receiver in (close_old_connections, close_caches, reset_urlconf):
    request_finished.disconnect(receiver)
# Everything loaded so far stays forever; the garbage collector need not traverse it.
gc.collect()
gc.freeze()
