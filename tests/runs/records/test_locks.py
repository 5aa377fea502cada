"""One run at a time on a bureau, and no lock outlives its process."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.runs.records.locks import BureauBusy, hold_bureau

HOLD = """
import sys
from pathlib import Path
from pipeline.runs.records.locks import hold_bureau
with hold_bureau(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    with hold_bureau(tmp_path / "县局"), pytest.raises(BureauBusy), hold_bureau(tmp_path / "县局"):
        pass
    with hold_bureau(tmp_path / "县局"), hold_bureau(tmp_path / "另一个局"):
        pass


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(BureauBusy), hold_bureau(tmp_path):
            pass
        holder.kill()
        holder.wait()
    with hold_bureau(tmp_path):
        pass


def test_a_folder_that_may_not_be_written_is_not_called_busy(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError), hold_bureau(tmp_path / "file" / "below"):  # noqa: PT011 - any system error but a busy lock
        pass
