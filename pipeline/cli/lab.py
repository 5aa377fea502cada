"""Opening the notebooks in JupyterLab. Imports nothing heavy."""

import signal
import subprocess
import sys
from pathlib import Path


def open_lab(notebooks: Path) -> int:
    """Run JupyterLab on a folder until it ends; return its status.

    Ctrl-C is JupyterLab's alone: it asks whether it shall end, and ends its kernels. Whoever asks this program to end
    (``kill``) asks JupyterLab.
    """
    with subprocess.Popen([sys.executable, "-m", "jupyterlab", str(notebooks)]) as jupyter:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # not sooner, or JupyterLab would ignore it as well
        try:
            return jupyter.wait()
        except KeyboardInterrupt:
            jupyter.terminate()
            raise
        finally:
            signal.signal(signal.SIGINT, before)
