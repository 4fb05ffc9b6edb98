"""The service's settings, with routes on which tests of streams and uploads can watch what happens inside."""

from datasets_api.settings import *  # noqa: F403

ROOT_URLCONF = "tests.service.streams.urls"
