"""Documents are finished: no place left for a number that was to come."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
PLACE = re.compile(r"\{[A-Z_]+\}|\bTODO\b|\bTBD\b|\?\?\?")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_place_is_left_open(path: Path) -> None:
    assert PLACE.findall(path.read_text(encoding="utf-8")) == []


def test_the_measured_table_has_every_target() -> None:
    lines = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8").splitlines()
    measured = [line for line in lines if line.startswith("| ")]
    for target in (
        "1 too short",
        "2 base null",
        "3 stress",
        "4 power",
        "5 coverage",
        "6 coupled",
        "7 provinces",
        "8 speed",
    ):
        assert any(line.startswith(f"| {target}") for line in measured), target
