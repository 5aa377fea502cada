"""The ledgers of work in the catalog: a wrong entry fails with its line."""

import shutil
from pathlib import Path

import pytest

from pipeline.catalog import CatalogError, read_catalog
from pipeline.catalog.loader import DATA


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("decisions,decided_on", "decision,decided_on", "no table 'decision'"),
        ("decided_on,due_on", "decided_at,due_on", "no column ('decisions', 'decided_at')"),
        ("found_on+30d", "found_on+30", "expected a column, or one as found_on+30d"),
        ("found_on+30d", "seen_on+30d", "no column ('unlicensed_shops', 'seen_on')"),
        ("status,pledge_kept", "status,pledge_broken", "no class of words 'pledge_broken'"),
        ("status,pledge_kept", "status,", "status and done_words stand together"),
        ("quarter,retailers", "quarter,shops", "no measure 'shops'"),
        ("quarter,retailers", "quarter,", "covers and coverage_base stand together"),
        ("quarter,retailers", ",retailers", "covers and covers_for stand together"),
        ("quarter,retailers", "month,retailers", "expected one of"),
        ("unlicensed_on_time_pct", "unlicensed_in_time_pct", "no metric 'unlicensed_in_time_pct'"),
        ("due_on,closed_on,,,owner", "due_on,,,,owner", "due and closed stand together"),
        ("opinions,群众意见", "decisions,群众意见", "stands already in line 2"),
    ],
)
def test_a_wrong_ledger_of_work_fails_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = Path(shutil.copytree(DATA, tmp_path / "data")) / "matters.csv"
    text = path.read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError, match=rf"matters\.csv:{line}:") as caught:
        read_catalog(path.parent)
    assert said in str(caught.value)
