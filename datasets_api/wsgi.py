"""The service as a WSGI application, for servers other than the one `manage.py up` starts."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "datasets_api.settings")

application = get_wsgi_application()
