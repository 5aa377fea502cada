import json
from pathlib import Path

import pytest

from tools import check_row_identity


def write_report(path: Path, *rows: dict[str, int]) -> str:
    sheets = [{"name": f"Sheet{number}", "rows": counts} for number, counts in enumerate(rows, start=1)]
    path.write_text(json.dumps({"files": [{"path": "sales.xlsx", "sheets": sheets}]}), encoding="utf-8")
    return str(path)


def test_sheets_that_balance_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = write_report(tmp_path / "r.json", {"physical": 5, "used": 3, "header": 2}, {"physical": 0, "used": 0})
    assert check_row_identity.main([report]) == 0
    assert "1 files, 2 sheets, 0 of them" in capsys.readouterr().out


def test_a_row_lost_or_counted_twice_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = write_report(tmp_path / "r.json", {"physical": 5, "used": 4}, {"physical": 1, "used": 1, "note": 1})
    assert check_row_identity.main([report]) == 1
    shown = capsys.readouterr().out
    assert "sales.xlsx / Sheet1" in shown
    assert "sales.xlsx / Sheet2" in shown


def test_a_report_without_any_sheet_proves_nothing(tmp_path: Path) -> None:
    assert check_row_identity.main([write_report(tmp_path / "r.json")]) == 1
