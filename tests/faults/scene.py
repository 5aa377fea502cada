"""A small bureau with a good report, in a folder of its own: what is done to it, and what must still hold."""

import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from pipeline.runs.publishing.publications import PUBLICATIONS, read_history
from pipeline.runs.publishing.verifying import verify
from pipeline.runs.records.locks import hold_bureau
from pipeline.runs.records.manifest import find_damage, read_published
from pipeline.runs.records.places import find_workspace
from tests.faults.driver import PLACE
from tests.generator import generate_bureau

ROOT = Path(__file__).resolve().parents[2]
QUARTER, BUREAU = "2021Q4", "示例县"
MARK = "RONGHE_FAULT_MARK"  # variable by which every process of a run is known, whoever it belongs to later
PATIENCE_SECONDS = 30.0  # for processes to notice that theirs is gone
HANGING_SECONDS = 900.0  # of a report that takes ten: nobody would hear of a test that never ends
GOOD = (0, 1)  # exit statuses of a report that was published


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    status: int
    words: str

    @property
    def was_hit(self) -> bool:
        """Tell whether its fault came about: else a test would pass for nothing."""
        return "FAULT " in self.words


@dataclass
class Scene:
    """The folders of one bureau: ``place`` holds what is published, and may be a disk of its own."""

    home: Path
    place: Path
    saved: int = field(default=0)  # corrections made so far

    @property
    def bureau(self) -> Path:
        """The workbooks."""
        return self.home / "raw" / BUREAU

    @property
    def tables(self) -> Path:
        """The bureau's folder of tables."""
        return self.place / "processed" / BUREAU

    @property
    def pages(self) -> Path:
        """The bureau's folder of reports."""
        return self.place / "figures" / BUREAU

    def prepare(self) -> None:
        """Generate the workbooks and publish a first report."""
        generate_bureau(self.bureau, first="2021-07", last="2021-12", seed=6, mistakes="none")
        ended = self.run()
        assert ended.status in GOOD, ended.words

    def copy_to(self, home: Path) -> "Scene":
        """Return the same scene elsewhere."""
        shutil.copytree(self.home, home, symlinks=True)
        return Scene(home, home / self.place.relative_to(self.home), self.saved)

    def correct(self) -> None:
        """Save a workbook with one number changed, as an analyst does, so that there is something to publish."""
        path = sorted(self.bureau.rglob("*销售月报*.xlsx"))[-1]
        workbook = openpyxl.load_workbook(path)
        cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
        numbers = [cell for cell in cells if isinstance(cell.value, float)]
        numbers[self.saved % len(numbers)].value += 1.0
        self.saved += 1
        workbook.save(path)

    def run(self, *options: str, fault: Sequence[str] = (), command: str = "report") -> Ended:
        """Run a command on the bureau, with a fault of `driver`, and wait until no process of it is left."""
        mark = uuid.uuid4().hex
        module = ["tests.faults.driver", *fault] if fault else ["pipeline"]
        places = ("--processed", str(self.place / "processed"), "--figures", str(self.place / "figures"))
        asked = (command, "--bureau", str(self.bureau), "--quarter", QUARTER, *places, *options)
        temporary = self.home / "temporary"
        temporary.mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", *module, *asked],
            cwd=ROOT,
            env={**os.environ, MARK: mark, PLACE: str(self.place), "TMPDIR": str(temporary), "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=HANGING_SECONDS,
        )
        words = done.stdout + done.stderr
        assert (left := wait_for_the_end_of(mark)) == {}, f"processes that are left: {left}\n{words}"
        return Ended(done.returncode, words)

    def faults_of_what_stands(self) -> list[str]:
        """Return what is wrong with the published report; nothing where it is whole, with its tables and its log."""
        folder = self.pages / QUARTER
        if read_published(folder) is None:
            return ["no manifest"]
        verdict = verify(folder, find_workspace(), processed=self.place / "processed")
        found = [f"{entry.fault} {entry.path}" for entry in verdict.damage]
        return found if verdict.tables_checked and verdict.published else [*found, "tables or log not found"]

    def faults_of_pages(self) -> list[str]:
        """Return what is wrong with the published pages alone: while two folders change places, one may be ahead."""
        folder = self.pages / QUARTER
        manifest = read_published(folder)
        if manifest is None:
            return ["no manifest"]
        return [entry.path for entry in find_damage(folder, manifest.published)]

    def leftovers(self) -> list[str]:
        """Return what does not belong beside published quarters: after a run that ended well there is nothing."""
        known = {".lock", f".{PUBLICATIONS}.lock"}
        beside = [entry.name for folder in (self.tables, self.pages) for entry in folder.iterdir()]
        return sorted(name for name in beside if name.startswith(".") and name not in known)

    def published_pages(self) -> dict[str, bytes]:
        """Return every published file of the quarter but the manifest, which holds a clock."""
        folders = (self.pages / QUARTER, self.tables / QUARTER)
        files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
        return {path.relative_to(self.place).as_posix(): path.read_bytes() for path in files if path.stem != "manifest"}

    def publications(self) -> int:
        """Return how many publications the log holds, which must be whole."""
        history = read_history(self.tables / PUBLICATIONS)
        assert history.broken == ()
        return len(history.publications)

    def is_free(self) -> bool:
        """Tell whether no lock is held; raises `BureauBusy` where one is."""
        for folder in (self.tables, self.pages):
            with hold_bureau(folder):
                pass
        return True


def wait_for_the_end_of(mark: str) -> dict[int, bytes]:
    """Wait until no process carries ``mark`` in its environment; return those that still do."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (left := processes_of(mark)) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def processes_of(mark: str) -> dict[int, bytes]:
    """Return the processes with ``mark`` in their environment, and how they were started."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_bytes()
        except OSError:
            continue  # it has just ended, or is somebody else's
    return found
