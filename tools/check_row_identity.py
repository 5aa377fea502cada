"""Check that a file written by ``ronghe check --json`` accounts for every row of every sheet exactly once."""

import json
import sys
from pathlib import Path
from typing import Any


def unbalanced_sheets(report: dict[str, Any]) -> list[str]:
    """Name each sheet whose physical rows are not the sum of its other rows."""
    return [
        f"{file['path']} / {sheet['name']}: {sheet['rows']}"
        for file in report["files"]
        for sheet in file["sheets"]
        if 2 * sheet["rows"]["physical"] != sum(sheet["rows"].values())
    ]


def main(arguments: list[str]) -> int:
    """Print the count of files and sheets, and each sheet that does not balance; exit status 1 when there is one."""
    report = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    sheets = sum(len(file["sheets"]) for file in report["files"])
    unbalanced = unbalanced_sheets(report)
    print(f"{len(report['files'])} files, {sheets} sheets, {len(unbalanced)} of them with rows not accounted for")
    print(*unbalanced, sep="\n")
    return 1 if unbalanced or not sheets else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
