"""The service's settings during tests: every process that loads them records its statements."""

from datasets_api.settings import *  # noqa: F403
from tests.scaling import recording

recording.begin()
