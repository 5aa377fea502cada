"""The sample bureau: read in full, and its planted mistakes, and only they, become issues."""

import csv
from pathlib import Path

from pipeline.ingest.bureau import Reading
from tests.hand_made import CATALOG

# where the last workbook of a kind stands of which one is missing: file, sheet, cell
NEWEST = {
    "monthly_points": ("积分/2021年12月党小组积分表.xlsx", "", ""),
    "inspections": ("专卖/2021年专卖检查月报.xlsx", "", ""),
}


def read_truth(repository: Path, name: str) -> list[dict[str, str]]:
    """Read one table of what the generator planted."""
    path = repository / "tests" / "sample_truth" / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_planted_mistakes_and_only_they_become_issues(shipped_reading: Reading, repository: Path) -> None:
    mistakes = read_truth(repository, "planted_issues")
    planted = {(row["file"], row["sheet"], row["cell"], row["code"]) for row in mistakes}
    planted |= {(*NEWEST[row["kind"]], "missing_months") for row in read_truth(repository, "missing")}
    found = {(issue.file, issue.sheet or "", issue.cell or "", issue.code) for issue in shipped_reading.issues}
    assert found == planted
    assert len(shipped_reading.issues) == len(planted)


def test_the_missing_workbooks_are_named(shipped_reading: Reading, repository: Path) -> None:
    expected = {
        (row["month"], " ".join(filter(None, (CATALOG.kinds[row["kind"]].label_zh, row["party_group"]))))
        for row in read_truth(repository, "missing")
    }
    found = {(issue.seen, issue.expected) for issue in shipped_reading.issues if issue.code == "missing_months"}
    assert found == expected


def test_every_workbook_is_of_a_known_kind_and_every_row_is_accounted_for(shipped_reading: Reading) -> None:
    skipped = {issue.file for issue in shipped_reading.issues if issue.code == "duplicate_file"}
    assert {file.path for file in shipped_reading.files if file.kind is None} == skipped
    assert {file.kind for file in shipped_reading.files} - {None} == set(CATALOG.kinds)
    sheets = [sheet for file in shipped_reading.files for sheet in file.sheets]
    assert all(sheet.balances() for sheet in sheets)
    assert not any(sheet.unrecognised for sheet in sheets)


def test_months_that_were_not_handed_in_are_not_covered(shipped_reading: Reading, repository: Path) -> None:
    coverage = shipped_reading.tables["coverage"]
    covered = set(zip(coverage["kind"], coverage["month"].astype(str), coverage["party_group"], strict=True))
    missing = {(row["kind"], row["month"], row["party_group"]) for row in read_truth(repository, "missing")}
    assert missing
    assert not missing & covered
