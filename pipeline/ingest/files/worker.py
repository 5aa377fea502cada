"""The process that parses: it reads one file after another for `pipeline.ingest.files.sandbox`, within limits.

Whatever a parser throws that is not a refusal ends this process; the sandbox refuses that file and starts another one.
"""

import gc
import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from pipeline.ingest.files.limits import CPU_SECONDS, MEMORY_BYTES
from pipeline.ingest.files.packing import pack_grids
from pipeline.ingest.files.refusals import Refused
from pipeline.ingest.files.wire import encode_file, read_message, write_message
from pipeline.ingest.files.workbooks import read_file

if sys.platform == "win32":  # the time limit is the sandbox's there; the system offers no simple limit of memory

    def limit_memory() -> None:
        """Do nothing: there is no limit to set."""

    def allow_cpu_time(seconds: float) -> None:
        """Do nothing: there is no limit to set."""

else:
    import resource

    def limit_memory() -> None:
        """Cap the address space of this process, so that an allocation beyond it fails here and not in the machine."""
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))

    def allow_cpu_time(seconds: float) -> None:
        """Have the system end this process by SIGPROF once it has used so much more processor time in all its threads;
        0 lifts the limit.

        A timer and no limit of resources: those count whole seconds, from the start of the process.
        """
        signal.setitimer(signal.ITIMER_PROF, seconds)


def serve() -> None:
    """Answer the paths that arrive on the standard input until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes the pipe
    limit_memory()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    gc.freeze()  # the modules stay
    gc.disable()  # a search for cycles while a file is read would go through every cell again and again
    while (request := read_message(requests)) is not None:
        allow_cpu_time(CPU_SECONDS)
        write_message(answers, read_packed(Path(json.loads(request))))
        allow_cpu_time(0)  # what comes now is no file's fault
        gc.collect()  # parsers and their handlers know each other
    os._exit(0)  # at once: giving the memory of a large file back cell by cell takes longer than ending


def read_packed(path: Path) -> bytes:
    """Return a file as it is sent: its grids, or why there are none, be it that they are too much to process."""
    file = read_file(path)
    try:
        return encode_file(file, pack_grids(file.grids))
    except Refused as refusal:
        refused = replace(file, status="refused", reason=refusal.reason, container=None, grids=())
        return encode_file(refused, pack_grids(()))


if __name__ == "__main__":
    serve()
