"""The Python of docs/export.md; tests/docs/test_calls.py runs its HTTP calls."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.people import People, key
from tests.rows import dataset, item
from tests.service_process import PROJECT_DIR, ServiceProcess

PAGE = PROJECT_DIR / "docs" / "export.md"


def test_pandas_duckdb_and_hugging_face_read_exports(
    service: ServiceProcess, live_database: None, tmp_path: Path
) -> None:
    people = People()
    row = dataset(people.project)
    item(row, input='{"country": "Peru"}', output='"Lima"', ref_source_id="row-1")
    item(row, input='{"country": "Österreich"}', output='"Wien"')
    (block,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    checks = """
assert list(frame["output"]) == ["Lima", "Wien"]
assert frame["created_at"].is_monotonic_increasing and str(frame["created_at"].dt.tz) == "UTC"
assert list(lines["input"]) == [{"country": "Peru"}, {"country": "Österreich"}]
assert list(table["output"]) == ['"Lima"', '"Wien"']
assert table["ref_source_id"].isna().tolist() == [False, True]
assert rows["input"][:] == [{"country": "Peru"}, {"country": "Österreich"}]
"""

    done = subprocess.run(
        [sys.executable, "-c", block + checks],
        cwd=tmp_path,
        env=os.environ
        | {
            "DATASETS": f"{service.base}/api/projects/{people.project.id}/datasets",
            "SET": str(row.id),
            "KEY": key(people.owner),
            "HF_HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout == "[('Peru',), ('Österreich',)]\n"
