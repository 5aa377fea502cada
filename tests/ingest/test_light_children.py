"""The processes that parse and copy start at the cost of what they use: a report waits for both of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("numpy", "pandas", "pyarrow", "openpyxl", "lxml", "xlrd", "email", "concurrent.futures", "pipeline.catalog")
LOADED = """
import json, sys
sys.modules["numpy"] = None  # as `pipeline.ingest.returned.process` does it
import {module}
print(json.dumps([name for name in {heavy!r} if sys.modules.get(name) is not None]))
"""


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("pipeline.ingest.files.worker", []),
        ("pipeline.ingest.returned.worker", ["openpyxl", "lxml", "email"]),  # openpyxl loads the other two
        ("pipeline.ingest.returned.copier", []),
    ],
)
def test_only_what_is_needed_is_loaded(module: str, allowed: list[str], repository: Path) -> None:
    code = LOADED.format(module=module, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=repository)
    assert [name for name in json.loads(done.stdout) if name not in allowed] == []
