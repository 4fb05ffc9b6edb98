"""The service as a WSGI application, for servers other than the one that `manage.py up` starts.

They have to use threads or processes: libpq blocks during a statement, and would block all greenlets.
"""

import os

from django.core.signals import request_started
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "datasets_api.settings")

application = get_wsgi_application()

from database.backend.timeouts import enable_timeouts  # noqa: E402
from database.thread_connections import close_unusable_connections  # noqa: E402  once the settings are loaded

enable_timeouts()
request_started.connect(close_unusable_connections)
