"""A real scheduler and real workers on this machine, as an administrator starts them, each a program of its own."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 90.0  # for a program to answer on a busy machine


@dataclass
class DaskCluster:
    """What runs, and where it keeps its own files; ends all of it with the ``with`` block."""

    home: Path
    programs: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.home.mkdir(parents=True, exist_ok=True)
        self._start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self.file))
        wait_for(lambda: self.file.is_file() and self.file.stat().st_size > 0)
        return self

    def __exit__(self, *_: object) -> None:
        for program in reversed(self.programs.values()):
            if program.poll() is None:
                program.send_signal(signal.SIGTERM)
        for program in self.programs.values():
            program.wait(READY_SECONDS)

    @property
    def file(self) -> Path:
        return self.home / "scheduler.json"

    @property
    def address(self) -> str:
        import json

        return str(json.loads(self.file.read_text(encoding="utf-8"))["address"])

    def add_worker(self, name: str, *options: str, **settings: str) -> None:
        """Start a worker; ``settings`` are added to its environment."""
        places = ("--scheduler-file", str(self.file), "--local-directory", str(self.home), "--name", name)
        self._start(name, "worker", *places, "--nthreads", "1", "--memory-limit", "0", *options, **settings)

    def log(self, name: str) -> str:
        return (self.home / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def _start(self, name: str, *words: str, **settings: str) -> None:
        environment = {
            **os.environ,
            "DASK_DISTRIBUTED__WORKER__DAEMON": "False",
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            **settings,
        }
        with (self.home / f"{name}.log").open("wb") as log:
            self.programs[name] = subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--no-dashboard"],
                stdout=log,
                stderr=log,
                env=environment,
                cwd=self.home,
            )


def wait_for(is_so: object, seconds: float = READY_SECONDS) -> None:
    until = time.monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)
