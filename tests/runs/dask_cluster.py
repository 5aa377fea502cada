"""A real scheduler and real workers on this machine, as an administrator starts them, each a program of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 120.0  # for a program to answer on a busy machine
SETTINGS = {
    "DASK_DISTRIBUTED__WORKER__DAEMON": "False",  # see docs/cluster.md
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",  # of one job; Dask has 3, which would take minutes here
    "PYTHONPATH": str(ROOT),
    "PYTHONUTF8": "1",
}


@dataclass
class DaskCluster:
    """What runs, and where it keeps its own and its temporary files; ends all of it with the ``with`` block."""

    home: Path
    programs: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.temporary.mkdir(parents=True)
        self.start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self.file))
        wait_for(lambda: self.file.is_file() and self.file.stat().st_size > 0)
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(reversed(self.programs)):  # a scheduler that goes first makes its workers wait for it
            self.end(name)

    @property
    def file(self) -> Path:
        return self.home / "scheduler.json"

    @property
    def temporary(self) -> Path:
        """Where whatever the workers start puts temporary files."""
        return self.home / "tmp"

    @property
    def address(self) -> str:
        return str(json.loads(self.file.read_text(encoding="utf-8"))["address"])

    def add_worker(self, name: str, options: Sequence[str] = ("--nthreads", "1"), **settings: str) -> None:
        """Start a worker; ``settings`` are added to its environment."""
        places = ("--scheduler-file", str(self.file), "--local-directory", str(self.home), "--name", name)
        self.start(name, "worker", *places, "--memory-limit", "0", *options, **settings)

    def start(self, name: str, *words: str, **settings: str) -> None:
        environment = {**os.environ, **SETTINGS, "TMPDIR": str(self.temporary), **settings}
        command = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
        with (self.home / f"{name}.log").open("wb") as log:
            self.programs[name] = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=self.home)

    def end(self, name: str) -> None:
        program = self.programs.pop(name)
        program.send_signal(signal.SIGTERM)
        program.wait(READY_SECONDS)

    def left_over(self) -> list[str]:
        """Return what was left in the folder for temporary files, but for what Python's fork servers listen at."""
        return sorted(path.name for path in self.temporary.iterdir() if path.name.startswith("ronghe-"))


def wait_for(is_so: Callable[[], object], seconds: float = READY_SECONDS) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)
