"""P4: a disk that is full or read-only costs the run and nothing else; the message says which, and where."""

import shutil
import subprocess
import sys
from collections.abc import Callable

import pytest

from pipeline.runs.records import logbook
from tests.faults.days import bad_day, good_evening
from tests.faults.scene import GOOD, ROOT, Scene

OWN_DISK = ("unshare", "--map-root-user", "--mount")


def may_mount() -> bool:
    """Tell whether a disk of one's own may be mounted here."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*OWN_DISK, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False).returncode == 0


@pytest.mark.parametrize("what", ["full", "locked"])
def test_a_disk_that_takes_nothing_costs_the_run_alone(scene: Scene, what: str, tell: Callable[[str], None]) -> None:
    if not may_mount():
        pytest.skip("no disk may be mounted here (unshare): the test with limits stands alone")
    day = [sys.executable, "-m", "tests.faults.small_disk", str(scene.home), what]
    done = subprocess.run([*OWN_DISK, *day], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    tell(f"{done.stdout.strip()}")


def test_files_that_may_not_grow_cost_the_run_alone(scene: Scene) -> None:
    before = scene.published_pages()
    points = [logbook.BUILDING, "3_panel.begun", "page.begun", logbook.WRITTEN]
    bad_day(scene, [(point, "1", "limit_files") for point in points], [3])
    assert scene.published_pages() == before
    good_evening(scene, published=2)


def test_a_library_that_cannot_be_written_is_told_after_the_report_that_stands(scene: Scene) -> None:
    scene.correct()
    ended = scene.run(fault=(logbook.FINISHED, "1", "limit_files"))
    assert ended.was_hit
    assert ended.status == 1, ended.words
    assert "报告已经发布" in ended.words
    assert scene.faults_of_what_stands() == []
    assert scene.run().status in GOOD
    good_evening(scene, published=3)
