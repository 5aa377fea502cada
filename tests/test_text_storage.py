"""Texts are kept as Python's in a report, and as Arrow's in ``ronghe check`` and in a notebook that is run by hand."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest import opening
from pipeline.ingest.reading import read_bureau
from pipeline.points import score_points
from pipeline.texts import load_texts
from tests.hand_made import InProcessReader, Rows, write_bureau, write_xlsx
from tests.points.golden.ledgers import CASES

Tables = Mapping[str, pd.DataFrame]


def under(storage: str, make: Callable[[], Tables]) -> Tables:
    """Make tables where texts are kept so."""
    with pd.option_context("mode.string_storage", storage):
        found = make()
    kept = {kind.storage for table in found.values() for kind in table.dtypes if isinstance(kind, pd.StringDtype)}
    assert kept == {storage}
    return found


def assert_same(one: Tables, other: Tables) -> None:
    assert one.keys() == other.keys()
    for name, table in one.items():
        pd.testing.assert_frame_equal(table, other[name], check_dtype=False, check_column_type=False)


@pytest.mark.parametrize("case", ["transfer", "year"])
def test_points_are_the_same_however_texts_are_kept(case: str) -> None:
    def scored() -> Tables:
        reading, quarter = CASES[case](load_catalog())
        return score_points(reading, load_catalog(), quarter).tables

    assert_same(under("python", scored), under("pyarrow", scored))


def test_what_is_read_is_the_same_however_texts_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "Reader", InProcessReader)
    visits: Rows = [
        ["日期", "党员", "地点", "事项"],
        ["2019-01-08", "张三", "甲村", "走访"],
        ["2019-01-09", "无名氏", "乙村", None],
    ]
    write_xlsx(write_bureau(tmp_path) / "下一线台账.xlsx", {"一月": visits})

    def read() -> Tables:
        reading = read_bureau(tmp_path, load_catalog(), load_texts("zh"))
        assert len(reading.tables["frontline_visits"]) == 1
        assert [issue.code for issue in reading.issues if issue.severity == "error"] == ["unknown_member"]
        return reading.tables

    assert_same(under("python", read), under("pyarrow", read))
