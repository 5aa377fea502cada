"""``ronghe check``: reading workbooks without making anything of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.catalog import load_catalog
from pipeline.ingest.ledger import FileLedger, Issue
from pipeline.ingest.reading import check_paths
from pipeline.ingest.store import ledger_to_json
from pipeline.parameters import ParameterError, nearest
from pipeline.texts import Texts


@dataclass(frozen=True)
class Checked:
    """What was read, and what was wrong with it."""

    files: tuple[FileLedger, ...]
    issues: tuple[Issue, ...]

    @property
    def rows(self) -> int:
        """Non-empty rows of all sheets."""
        return sum(sheet.physical for file in self.files for sheet in file.sheets)

    @property
    def rejected(self) -> int:
        """Rows that could not be used."""
        return sum(sheet.rejected for file in self.files for sheet in file.sheets)

    def count(self, status: str) -> int:
        """Return how many files are ``read``, ``refused`` or ``skipped``."""
        return sum(file.status == status for file in self.files)

    @property
    def exit_status(self) -> int:
        """0 when clean, 1 with rejected rows, refused files or cells that could not be used."""
        has_errors = any(issue.severity == "error" for issue in self.issues)
        return 1 if self.rejected or self.count("refused") or has_errors else 0


def check(paths: Sequence[Path], texts: Texts) -> Checked:
    """Read files and folders; raises `ParameterError` naming the first path that does not exist."""
    for path in paths:
        if not path.exists():
            beside = sorted(entry.name for entry in path.parent.iterdir()) if path.parent.is_dir() else []
            raise ParameterError("parameter.path_missing", seen=path, nearest=nearest(path.name, beside[:20]) or "—")
    files, issues = check_paths(paths, load_catalog(), texts)
    return Checked(tuple(files), tuple(issues))


def write_json(checked: Checked, path: Path) -> None:
    """Write the JSON of the contract."""
    content = ledger_to_json(checked.files, checked.issues)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
