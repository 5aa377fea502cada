"""What is said about workbooks that go back to their senders. Imports nothing heavy."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.ingest.returned.memory import Compared, Memory
from pipeline.texts import Texts

RETURNED = "returned"  # the folder of the copies, beside the tables


def count_line(memory: Memory, shown: str, texts: Texts) -> str:
    """Tell how many workbooks go back, and where their copies are."""
    return texts("returned.count", copies=memory.copies, folder=shown) if memory.copies else texts("returned.none")


def change_lines(memory: Memory, texts: Texts) -> Iterator[str]:
    """Tell what became of the workbooks that had been sent back before, and of which faulty ones there is no copy."""
    for compared in memory.compared:
        yield _compared_line(compared, texts)
    for path in memory.not_copied:
        yield texts("returned.not_copied", path=path)


def _compared_line(compared: Compared, texts: Texts) -> str:
    if compared.is_absent:
        return texts("returned.absent", path=compared.path, still_open=compared.still_open)
    if not compared.still_open and not compared.new:
        return texts("returned.all_mended", path=compared.path, mended=compared.mended)
    return texts(
        "returned.compared",
        path=compared.path,
        mended=compared.mended,
        still_open=compared.still_open,
        new=compared.new,
    )


def find_previous(processed: Path, quarter: str) -> Path | None:
    """Return the folder that was sent back the last time; None when there is none.

    That is the one of these tables, else of this quarter's published tables (``processed`` is then the folder beside
    them in which they are being made anew), else of the latest other quarter.
    """
    beside = processed.parent
    others = (
        sorted((folder for folder in beside.iterdir() if not folder.name.startswith(".")), reverse=True)
        if beside.is_dir()
        else []
    )
    for folder in (processed, beside / quarter, *others):
        if (folder / RETURNED).is_dir():
            return folder / RETURNED
    return None
