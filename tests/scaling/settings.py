"""The service's settings while tests run: every process that loads them records the statements that it sends."""

from datasets_api.settings import *  # noqa: F403
from tests.scaling import recording

recording.begin()
