"""Read files one by one, each in a process of its own, and say what became of each and what it cost.

``python -m tests.hostile_files.judge SECRET PATH...`` writes one line of JSON for every file.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pipeline.catalog import load_catalog
from pipeline.ingest import opening
from pipeline.ingest.files.grids import FileGrids
from pipeline.ingest.files.sandbox import Reader
from pipeline.ingest.reading import check_paths
from pipeline.texts import load_texts
from tests.stand_in_reader import StandInReader

CATALOG = load_catalog()
TEXTS = {lang: load_texts(lang) for lang in ("zh", "en")}


class Given(StandInReader):
    """Stands in for the reader: hands out what was read already."""

    def __init__(self, file: FileGrids) -> None:
        self._file = file

    def read(self, _path: Path) -> FileGrids:
        """Return the file."""
        return self._file


def judge(path: Path, secret: str) -> dict[str, Any]:
    """Read one file as every command does and account for its rows; times are of the processor."""
    began = time.process_time()
    with Reader() as reader:
        file = reader.read(path)
    with patch.object(opening, "Reader", Given(file)):
        (ledger,), issues = check_paths([path], CATALOG, TEXTS["zh"])
    worker, own = (resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF))
    cells = (cell for grid in file.grids for row in grid.rows for cell in row if isinstance(cell, str))
    return {
        "outcome": outcome(file),
        "ledger": [ledger.status, ledger.reason],
        "balances": all(sheet.balances() for sheet in ledger.sheets),
        "physical": sum(sheet.physical for sheet in ledger.sheets),
        "told": {lang: file.reason and file.reason.explain(texts) for lang, texts in TEXTS.items()},
        "values": [str(value) for value in file.reason.values.values()] if file.reason else [],
        "issues": len(issues),
        "leaked": any(secret in cell for cell in cells),
        "seconds": max(worker.ru_utime + worker.ru_stime, time.process_time() - began),
        "bytes": max(worker.ru_maxrss, own.ru_maxrss) * 1024,
    }


def outcome(file: FileGrids) -> str:
    """Return status and rows of a file that was read; status, code and values of the reason of any other."""
    if file.reason is None:
        return f"read {sum(grid.physical_rows for grid in file.grids)}"
    values = (f" {name}={value}" for name, value in sorted(file.reason.values.items()))
    return f"{file.reason.status} {file.reason.code}{''.join(values)}"


def judge_apart(path: Path, secret: str) -> int:
    """Judge one file in a child of this process and print the verdict; return how the child ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps({"path": path.name, **judge(path, secret)}), flush=True)
    os._exit(0)


if __name__ == "__main__":
    for given in sys.argv[2:]:
        if status := judge_apart(Path(given), sys.argv[1]):
            print(json.dumps({"path": Path(given).name, "outcome": f"died of {status}"}), flush=True)
