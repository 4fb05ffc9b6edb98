"""The Python of docs/posthog_v2.md; tests/docs/test_calls.py runs its HTTP calls."""

import os
import re
import subprocess
import sys

from tests.people import People, key
from tests.service_process import PROJECT_DIR, ServiceProcess

PAGE = PROJECT_DIR / "docs" / "posthog_v2.md"


def test_the_python_of_the_page_works(service: ServiceProcess, live_database: None) -> None:
    people = People()
    (block,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    variables = {"URL": service.base, "PROJECT": str(people.project.id), "KEY": key(people.owner, "dataset:write")}

    done = subprocess.run(
        [sys.executable, "-c", block], env=os.environ | variables, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout == "2 2 {'country': 'Peru'} Lima\n"
