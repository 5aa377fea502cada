"""The process that makes copies: one order after another for `pipeline.ingest.returned.copier`, within limits.

The workbooks are strangers' and openpyxl may do anything with them. What it throws ends this process; the next way of
making that copy gets a new one. The limits are those of reading; an original has less time, so that there is some left
for a copy of its values.
"""

import gc
import os
import signal
import sys
from pathlib import Path
from typing import IO

from pipeline.ingest.files.limits import CPU_SECONDS
from pipeline.ingest.files.wire import read_message, write_message
from pipeline.ingest.files.workbooks import read_file
from pipeline.ingest.files.worker import allow_cpu_time, limit_memory
from pipeline.ingest.returned.copying import make_copy
from pipeline.ingest.returned.orders import DONE, OF_ORIGINAL, CannotCopy, Order

ORIGINAL_CPU_SECONDS = CPU_SECONDS / 2


def _own_output() -> IO[bytes]:
    """Return the pipe to the parent for answers alone; what openpyxl prints in between goes elsewhere."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def serve() -> None:
    """Answer the orders that arrive on the standard input until it closes: `DONE`, or why a copy cannot be made so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes the pipe
    limit_memory()
    gc.freeze()  # the modules stay: nothing in them has to be searched for cycles
    requests, answers = sys.stdin.buffer, _own_output()
    file = None  # read once for all ways in which its copy is tried
    while (request := read_message(requests)) is not None:
        order = Order.decode(request)
        if file is None or file.path != Path(order.source):
            allow_cpu_time(CPU_SECONDS)
            file = read_file(Path(order.source))
        allow_cpu_time(ORIGINAL_CPU_SECONDS if order.way in OF_ORIGINAL else CPU_SECONDS)
        try:
            make_copy(order, file)
        except CannotCopy as reason:
            write_message(answers, str(reason).encode("utf-8", "replace"))
        else:
            write_message(answers, DONE)
    os._exit(0)  # at once: giving the memory of the last workbook back cell by cell takes longer than ending
