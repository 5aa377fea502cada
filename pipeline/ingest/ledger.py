"""The records that account for every row: issues, sheet ledgers, file ledgers (``ronghe check --json`` writes them)."""

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Literal

Severity = Literal["error", "warning"]
Status = Literal["read", "refused", "skipped"]

LEDGER = "ledger.json"  # where the account of a bureau is kept, beside its tables
ROW_CLASSES = ("used", "rejected", "title", "header", "total", "note", "unrecognised")


def shown_name(path: PurePath) -> str:
    """Return a path as text that can be written anywhere: forward slashes, bytes that are no UTF-8 as escapes."""
    return path.as_posix().encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass(frozen=True)
class Issue:
    """One fault, where it stands, what was expected there; ``code`` names its text ``issue.<code>``."""

    file: str  # relative to the folder that was read, with forward slashes
    sheet: str | None
    cell: str | None  # "D7"; None when the fault is not in one cell
    severity: Severity  # error: a row, a cell or a file could not be used; warning: used, but look at it
    code: str
    seen: str
    expected: str
    message: str


@dataclass(frozen=True)
class SheetLedger:
    """Rows of one sheet by what became of them; ``physical`` comes from the second, independent reader."""

    name: str
    visible: bool
    physical: int
    used: int = 0
    rejected: int = 0
    title: int = 0
    header: int = 0
    total: int = 0
    note: int = 0
    unrecognised: int = 0

    def balances(self) -> bool:
        """Tell whether every physical row is accounted for exactly once."""
        counts = [getattr(self, name) for name in ROW_CLASSES]
        return self.physical == sum(counts) and min(counts) >= 0

    def to_json(self) -> dict[str, object]:
        """Return the sheet as the contract of ``ronghe check --json`` writes it."""
        rows = {name: getattr(self, name) for name in ("physical", *ROW_CLASSES)}
        return {"name": self.name, "visible": self.visible, "rows": rows}


@dataclass(frozen=True)
class FileLedger:
    """One file: what it is, what became of it, and its sheets."""

    path: str
    sha256: str
    status: Status
    reason: str | None = None  # in the reader's language, for refused and skipped files
    kind: str | None = None
    sheets: tuple[SheetLedger, ...] = field(default=())

    def to_json(self) -> dict[str, object]:
        """Return the file as the contract of ``ronghe check --json`` writes it."""
        record = {name: value for name, value in vars(self).items() if name != "sheets"}
        return {**record, "sheets": [sheet.to_json() for sheet in self.sheets]}
