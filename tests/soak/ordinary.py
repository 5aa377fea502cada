"""Runs Python with the rights of anybody, and open to Ctrl-C: ``python -m tests.soak.ordinary -m pipeline report``.

The superuser may write where nobody may, so that no folder would be read-only in a container.
"""

import ctypes
import os
import signal
import sys

CAP_DAC_OVERRIDE, PR_CAPBSET_DROP = 1, 24  # linux/capability.h, linux/prctl.h


def main() -> None:
    """Give the superuser's right to write anywhere up for good, and become the program that was asked for."""
    if os.geteuid() == 0 and ctypes.CDLL(None, use_errno=True).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE):
        raise OSError(ctypes.get_errno(), "the right to write anywhere could not be given up")
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored where a shell put the soak aside with &
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])


if __name__ == "__main__":
    main()
