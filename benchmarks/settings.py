"""Our service as it is, with two empty views beside its routes."""

from datasets_api.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
