"""The service's settings, with routes that let tests of streams and uploads observe the server."""

from datasets_api.settings import *  # noqa: F403

ROOT_URLCONF = "tests.service.streams.urls"
