"""What was sent back last time: ``returned.json`` beside the copies, so that a resubmission can be compared with it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PureWindowsPath
from typing import Any, Literal

from pipeline.ingest.files.placing import in_one_step
from pipeline.ingest.ledger import Severity

MEMORY = "returned.json"
FORMAT = 1  # raise it when a field changes its meaning: an older memory then counts as none

State = Literal["new", "open", "mended"]


@dataclass(frozen=True)
class SentIssue:
    """One line of a list of faults, in Chinese; ``open`` and ``mended`` are as against the list before."""

    sheet: str | None
    cell: str | None
    severity: Severity
    code: str
    seen: str
    expected: str
    message: str
    state: State


@dataclass(frozen=True)
class SentFile:
    """One faulty source file and its issues; ``path`` and ``sha256`` are those of the source, not of the copy.

    ``copy`` is the name of the returned workbook and ``copy_sha256`` its hash as it was written; both are None when
    there is no copy. ``is_absent``: the source was not read this time, its issues are only kept in mind.
    """

    path: str
    sha256: str
    copy: str | None
    copy_sha256: str | None
    issues: tuple[SentIssue, ...]
    is_absent: bool = False

    def count(self, state: State) -> int:
        """Return how many issues are in a state."""
        return sum(issue.state == state for issue in self.issues)


@dataclass(frozen=True)
class Compared:
    """What became of one file that had been sent back; ``is_absent``: it was not read this time, nothing is known."""

    path: str
    mended: int
    still_open: int
    new: int
    is_absent: bool = False


@dataclass(frozen=True)
class Memory:
    """Everything that was sent back, and how that compares with the time before."""

    files: tuple[SentFile, ...] = ()
    compared: tuple[Compared, ...] = ()

    @property
    def copies(self) -> int:
        """Return how many workbooks go back to their senders."""
        return sum(file.copy is not None for file in self.files)

    @property
    def not_copied(self) -> tuple[str, ...]:
        """Return the sources with faults of which no copy could be made."""
        return tuple(file.path for file in self.files if file.copy is None and not file.is_absent)


def write_memory(memory: Memory, folder: Path) -> None:
    """Write the memory into the folder of the copies."""
    text = json.dumps({"format": FORMAT, **asdict(memory)}, ensure_ascii=False, indent=1)
    with in_one_step(folder / MEMORY) as part:  # a link in its place is never written through
        part.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_memory(folder: Path) -> Memory | None:
    """Return the memory in a folder; None when there is none that this version understands: nothing is compared."""
    path = folder / MEMORY
    if not path.is_file():
        return None
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["format"] != FORMAT:
            return None
        files = tuple(_file(entry) for entry in record["files"])
        return Memory(files, tuple(Compared(**entry) for entry in record["compared"]))
    except (ValueError, KeyError, TypeError):  # edited by hand or cut off: it vouches for nothing
        return None


def _file(record: Mapping[str, Any]) -> SentFile:
    copy = record["copy"]
    if copy is not None and (not copy or copy == ".." or PureWindowsPath(copy).name != copy):  # slashes of every system
        raise ValueError(f"no name of a file in this folder: {copy}")
    return SentFile(**{**record, "issues": tuple(SentIssue(**issue) for issue in record["issues"])})
