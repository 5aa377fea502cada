"""How long the main job takes on the sample bureau, from nothing and again."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

SECOND_RUN_SECONDS = 3  # comparing hashes, the start of Python included; about one is expected


def run_report(folder: Path) -> float:
    started = time.perf_counter()
    places = ["--processed", str(folder / "processed"), "--figures", str(folder / "figures")]
    done = subprocess.run([sys.executable, "-m", "pipeline", "report", *places], check=False)
    assert done.returncode in {0, 1}
    return time.perf_counter() - started


@pytest.mark.benchmark
def test_a_second_report_takes_no_time(tmp_path: Path) -> None:
    first, second = run_report(tmp_path), run_report(tmp_path)
    print(f"first report {first:.1f} s, second report {second:.1f} s")
    assert second <= SECOND_RUN_SECONDS
