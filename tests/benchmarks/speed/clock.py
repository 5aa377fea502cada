"""Running a command against the clock, and looking at the machine that it runs on."""

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
LOOK_SECONDS = 0.05  # how often a process is asked for its peak memory; what it says only grows
LAST_LINES = 15  # of the output of a command that failed


class CommandFailed(RuntimeError):
    """Raised when what was to be measured did not do its work."""


@dataclass(frozen=True)
class Ran:
    """One run of a command: wall time in seconds, its own peak memory in MB (0 where not asked for), its output."""

    seconds: float
    peak_mb: float
    output: str


def ronghe(*arguments: str | Path) -> list[str]:
    """Return the command line of ``ronghe`` in this Python."""
    return [sys.executable, "-m", "pipeline", *map(str, arguments)]


def run(
    command: Sequence[str | Path],
    *,
    watch: Callable[[int], float] | None = None,
    allowed: Sequence[int] = (0, 1),
    cwd: Path = REPOSITORY,
    variables: Mapping[str, str] | None = None,
) -> Ran:
    """Run a command to its end. Raises `CommandFailed` for an exit status that is not ``allowed``.

    ``variables`` is the environment, this one's where it is not given. ``watch`` tells the peak memory
    of a process so far in MB, by its number: `peak_mb` its own, `largest_peak_mb` with its children (Linux).
    """
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=variables, stdout=output, stderr=subprocess.STDOUT)
        peak = _watch(process, watch) if watch else 0.0
        status = process.wait()
        seconds = time.perf_counter() - began
        output.seek(0)
        text = output.read().decode("utf-8", errors="replace")
    if status not in allowed:
        told = "\n".join(text.splitlines()[-LAST_LINES:])
        raise CommandFailed(f"{' '.join(map(str, command[:4]))} ended with status {status}:\n{told}")
    return Ran(seconds, peak, text)


def _watch(process: "subprocess.Popen[bytes]", watch: Callable[[int], float]) -> float:
    """Return the peak of a process in MB, when it has ended."""
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, watch(process.pid))
        time.sleep(LOOK_SECONDS)
    return peak


def peak_mb(pid: int) -> float:
    """Return the peak resident memory (VmHWM) of a process in MB; 0 where it has ended or the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def largest_peak_mb(pid: int) -> float:
    """Return the peak (VmHWM) in MB of the largest process of those that come from ``pid``, itself included."""
    parents = {int(path.name): _parent(path) for path in Path("/proc").iterdir() if path.name.isdecimal()}
    family = [pid]
    for member in family:  # grows on the way
        family += [child for child, parent in parents.items() if parent == member]
    return max(map(peak_mb, family))


def _parent(process: Path) -> int:
    """Return the parent of a process; 0 where it has just ended."""
    try:
        return int((process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


def timed(work: Callable[[], object]) -> float:
    """Return the wall time of a call in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def machine() -> Mapping[str, str]:
    """Return what the figures depend on: processors, memory, Python, and how busy the machine is at this moment."""
    return {
        "processors": f"{_allowed_processors()} x {_processor_name()}",
        "memory": f"{_memory_gb():.0f} GB",
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load at the start": load(),
    }


def load() -> str:
    """Return the load of the last minute and of the last five, beside the processors that there are."""
    one, five, _ = os.getloadavg()
    return f"{one:.1f} and {five:.1f} on {_allowed_processors()} processors"


def _allowed_processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor_name() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "processor")


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
