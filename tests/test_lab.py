"""JupyterLab, of which a stand-in is run: Ctrl-C is left to it, and no request to end leaves it behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
STAND_IN = """
import signal, sys, time
def ask(number, frame):
    time.sleep(1)  # somebody answers whether it shall end
    print("ended by", signal.Signals(number).name, flush=True)
    sys.exit(0)
for name in ("SIGINT", "SIGTERM"):
    signal.signal(getattr(signal, name), ask)
print("at work", flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent")
@pytest.mark.parametrize(("name", "goes_to_all", "status"), [("SIGINT", True, 0), ("SIGTERM", False, 3)])
def test_it_is_asked_to_end_and_waited_for(name: str, goes_to_all: bool, status: int, tmp_path: Path) -> None:
    """A terminal sends Ctrl-C to both; ``kill`` reaches this program alone."""
    (tmp_path / "jupyterlab.py").write_text(STAND_IN, encoding="utf-8")
    search_path = os.pathsep.join([str(tmp_path), str(ROOT)])
    program = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "lab", "--lang", "en"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": search_path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert program.stdout is not None
    while program.stdout.readline().strip() != "at work":
        assert program.poll() is None
    number = getattr(signal, name)
    os.killpg(program.pid, number) if goes_to_all else program.send_signal(number)
    out, errors = program.communicate(timeout=60)
    assert (program.returncode, out) == (status, f"ended by {name}\n")
    assert ("Stopping" in errors) is not goes_to_all
    assert "Traceback" not in errors
