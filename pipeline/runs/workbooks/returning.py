"""Faulty workbooks back to their senders: from the notebook that reads a bureau, and from ``ronghe check``."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.ingest.bureau import Reading
from pipeline.ingest.faults import Fault, to_issues
from pipeline.ingest.ledger import FileLedger
from pipeline.ingest.opening import list_files
from pipeline.ingest.reading import list_paths
from pipeline.ingest.returned.memory import Memory, read_memory
from pipeline.ingest.returned.returning import write_returned
from pipeline.ingest.returned.wording import LANGUAGE
from pipeline.periods import parse_quarter
from pipeline.runs.records.returned import RETURNED, find_previous
from pipeline.runs.workbooks.checking import Checked
from pipeline.texts import load_texts


def return_workbooks(reading: Reading, bureau: Path, processed: Path, quarter: str) -> Memory:
    """Write the copies of a bureau's faulty workbooks beside its tables, compared with those of the last time.

    ``reading`` comes from `read_bureau`, with its faults. Returns what goes back. Raises `PeriodError` for what is no
    quarter, as the notebooks after this one do.
    """
    parse_quarter(quarter)
    last = find_previous(processed, quarter)
    previous = None if last is None else read_memory(last)
    return _return(list_files(bureau), reading.files, reading.faults, processed / RETURNED, previous)


def return_checked(paths: Sequence[Path], checked: Checked, folder: Path) -> Memory:
    """Write the copies of the faulty ones among checked workbooks, compared with what ``folder`` holds already."""
    return _return(list_paths(paths), checked.files, checked.faults, folder, None)


def _return(
    listed: Iterable[tuple[Path, str]],
    files: Iterable[FileLedger],
    faults: Iterable[Fault],
    folder: Path,
    previous: Memory | None,
) -> Memory:
    read = {file.path for file in files if file.status == "read"}
    sources = {name: path for path, name in listed if name in read}
    return write_returned(sources, to_issues(faults, load_texts(LANGUAGE)), folder, previous)
