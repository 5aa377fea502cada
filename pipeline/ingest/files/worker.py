"""The process that parses: it reads one file after another for `pipeline.ingest.files.sandbox`, within limits.

Whatever a parser throws that is not a refusal ends this process; the sandbox refuses that file and starts another one.
"""

import json
import math
import signal
import sys
from pathlib import Path

from pipeline.ingest.files.limits import CPU_SECONDS, MEMORY_BYTES
from pipeline.ingest.files.packing import pack_grids
from pipeline.ingest.files.wire import encode_file, read_message, write_message
from pipeline.ingest.files.workbooks import read_file

if sys.platform == "win32":  # the time limit is the sandbox's there; the system offers no simple limit of memory

    def limit_memory() -> None:
        """Do nothing: there is no limit to set."""

    def allow_cpu_time() -> None:
        """Do nothing: there is no limit to set."""

else:
    import resource

    def limit_memory() -> None:
        """Cap the address space of this process, so that an allocation beyond it fails here and not in the machine."""
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))

    def allow_cpu_time() -> None:
        """Put the limit of processor time ahead of what earlier files used; beyond it the system ends the process."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + CPU_SECONDS, hard))


def serve() -> None:
    """Answer the paths that arrive on the standard input until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes the pipe
    limit_memory()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while (request := read_message(requests)) is not None:
        allow_cpu_time()
        file = read_file(Path(json.loads(request)))
        write_message(answers, encode_file(file, pack_grids(file.grids)))


if __name__ == "__main__":
    serve()
