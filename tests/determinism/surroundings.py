"""Two computers for one report: what differs between them, and what is to be the same."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.runs.records.places import MANIFEST

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = Path(__file__).with_name("elsewhere")
OWN = ("TZ", "LANG", "LANGUAGE", "LC_ALL", "PYTHONHASHSEED", "PYTHONUTF8", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
# Of a manifest, the two fields that tell of the run and not of the report: when it ran, and which tables each notebook
# was seen to use, which nobody sees of a notebook in a kernel.
OF_THE_RUN = ("run_at", "notebooks")
RUN_AT = "<run_at>"
LIBRARY = "index.html"
SEAL = re.compile(r"\n<!-- ronghe library [0-9a-f]{64} [0-9a-f]{64} -->\n\Z")  # as `runs.library` ends that page
PUBLICATIONS = "publications.jsonl"  # says who published what and when, a line a run


@dataclass(frozen=True)
class Surroundings:
    """A folder on a computer: where the bureaus lie, and how its processes are started."""

    home: Path
    environment: Mapping[str, str]
    umask: int
    seen_from: Path = field(default=ROOT)  # the current folder

    @property
    def raw(self) -> Path:
        """The bureaus' workbooks."""
        return self.home / "raw"

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the suite with its results in folders of its own."""
        places = ("--processed", str(self.home / "processed"), "--figures", str(self.home / "figures"))
        inherited = {name: value for name, value in os.environ.items() if name not in OWN}
        return subprocess.run(
            [sys.executable, "-m", "pipeline", *command, *places],
            cwd=self.seen_from,
            env={**inherited, **self.environment},
            umask=self.umask,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def results(self, below: str = "") -> dict[str, bytes]:
        """Return every published file and table by its name, without what tells of the run and not of the report."""
        manifests = [json.loads(path.read_bytes()) for path in sorted(self.home.rglob(MANIFEST))]
        minutes = [datetime.fromisoformat(manifest["run_at"]).strftime("%Y-%m-%d %H:%M") for manifest in manifests]
        found = {}
        for path in sorted(self.home.rglob("*")):
            name = path.relative_to(self.home).as_posix()
            is_result = path.is_file() and not name.startswith("raw/") and not _is_hidden(name)
            if is_result and (not below or f"/{below}/" in name):
                found[name] = _of_the_report(path, minutes)
        return found


def _is_hidden(name: str) -> bool:
    """Tell whether a file is one of those that a run keeps for the next, or a log of runs and no result."""
    return any(part.startswith(".") for part in name.split("/")) or name.endswith(PUBLICATIONS)


def _of_the_report(path: Path, minutes: list[str]) -> bytes:
    content = path.read_bytes()
    if path.name == MANIFEST:
        manifest = json.loads(content)
        kept = {name: value for name, value in manifest.items() if name not in OF_THE_RUN}
        return json.dumps(kept, ensure_ascii=False, indent=1).encode()
    if path.name == LIBRARY:  # the pages that list reports say when each was made, and end in a hash over that
        return re.sub("|".join(minutes), RUN_AT, SEAL.sub("", content.decode())).encode()
    return content


def here(home: Path) -> Surroundings:
    """Return a computer in China, as most are set up: UTF-8, the clock as it is."""
    environment = {"TZ": "CST-8", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)}
    return Surroundings(home, environment, umask=0o022)


def elsewhere(home: Path) -> Surroundings:
    """Return a computer that differs in all that should not matter; see `elsewhere/sitecustomize.py` too."""
    environment = {
        "TZ": "NST3:30NDT2:30,M3.2.0,M11.1.0",  # Newfoundland's: another day, and no whole number of hours away
        "LC_ALL": foreign_locale(),
        "LANG": "tr_TR.UTF-8",
        "PYTHONUTF8": "0",  # so that the C locale knows no Chinese
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONHASHSEED": "3",
        "PYTHONPATH": os.pathsep.join([str(ELSEWHERE), str(ROOT)]),
        "OMP_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "2",
        "HOME": str(home / "nobody's home"),  # as of a service, which has none
    }
    return Surroundings(home, environment, umask=0o077, seen_from=home)


def foreign_locale() -> str:
    """Return the Turkish locale, whose i has no dot, where it is installed; else that of a computer with none."""
    program = shutil.which("locale")
    known = subprocess.run([program, "-a"], capture_output=True, encoding="utf-8", check=True).stdout if program else ""
    return next((name for name in known.split() if name.lower().startswith("tr_tr")), "C")


def copy_backwards(bureaus: Path, to: Path) -> None:
    """Copy workbooks last name first, each with a date of its own, in the order of its name."""
    files = sorted(path for path in bureaus.rglob("*") if path.is_file())
    for age, path in enumerate(reversed(files)):
        target = to / path.relative_to(bureaus)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
        os.utime(target, (1_000_000_000 + age, 1_000_000_000 + age))  # 2001: older than any real one
