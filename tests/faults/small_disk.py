"""``python -m tests.faults.small_disk HOME WHAT``: a bad day on a disk of its own, small enough to be filled.

Runs inside a namespace of its own (``unshare --mount``), where a disk may be mounted and is gone with the process.
"""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pipeline.runs.records import logbook
from pipeline.texts import load_texts
from tests.faults.days import bad_day, good_evening
from tests.faults.driver import FILLER
from tests.faults.scene import Scene

DISK_MB = 64  # two reports and their tables take 20
FULL_AT = [logbook.BUILDING, "2_points.begun", "workbook.begun", logbook.WRITTEN, logbook.SYNCED]
LOCKED_AT = [logbook.RECOVERED, "2_points.begun", logbook.WRITTEN, logbook.SYNCED]


def mount_disk(scene: Scene) -> None:
    """Put what is published on a small disk of its own."""
    kept = scene.home / "kept"
    scene.place.rename(kept)
    scene.place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(scene.place)], check=True)
    shutil.copytree(kept, scene.place, dirs_exist_ok=True)


def free(scene: Scene) -> None:
    """Take away what filled the disk."""
    (scene.place / FILLER).unlink(missing_ok=True)


def unlock(scene: Scene) -> None:
    """Let the disk be written to again."""
    subprocess.run(["umount", str(scene.place)], check=True)


def spend(home: Path, what: str) -> None:
    """Spend the day; raises `AssertionError` when a promise is broken."""
    scene = Scene(home, home / "results")
    mount_disk(scene)
    before = scene.published_pages()
    points, action, mend, said, number = {
        "full": (FULL_AT, "fill_disk", free, "system.full", errno.ENOSPC),
        "locked": (LOCKED_AT, "lock_disk", unlock, "system.read_only", errno.EROFS),
    }[what]
    words = bad_day(scene, [(point, "1", action) for point in points], [3], lambda: mend(scene))
    for point, told in zip(points, words, strict=True):
        # of a cell its own error is told
        assert any(words in told for words in (load_texts("zh")(said), os.strerror(number))), f"{point}: {told}"
    assert scene.published_pages() == before
    assert scene.faults_of_what_stands() == []
    good_evening(scene, published=2)
    print(f"P4: a disk that was {what} {len(points)} times: {len(points)} survived")


if __name__ == "__main__":
    spend(Path(sys.argv[1]), sys.argv[2])
