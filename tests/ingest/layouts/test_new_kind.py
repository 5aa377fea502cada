"""A kind of workbook that the catalog does not know is read after a few lines were added to it, and no code."""

import shutil
from pathlib import Path

import pytest

from pipeline.catalog import Catalog, read_catalog
from pipeline.catalog.loader import DATA
from pipeline.ingest import opening
from pipeline.ingest.reading import read_bureau
from pipeline.texts import load_texts
from tests.golden import assert_clean, rows_of
from tests.hand_made import InProcessReader, Rows, write_bureau, write_xlsx

# the lines of the README's example
LINES = {
    "tables.csv": "volunteer_days,志愿服务,Volunteer days,input,,yes,",
    "columns.csv": (
        "volunteer_days,served_on,日期,Date,,date,2000-01-01,2100-12-31,yes,managers,\n"
        "volunteer_days,member,姓名,Member,,member,,,yes,secretary,\n"
        "volunteer_days,hours_h,时长,Hours,h,number,0,24,no,managers,"
    ),
    "kinds.csv": "volunteering,志愿服务台账,Volunteer ledger,volunteer_days,table,志愿服务,,yearly,no,31,no",
    "synonyms.csv": (
        "volunteering,served_on,日期\nvolunteering,served_on,服务日期\nvolunteering,member,姓名\n"
        "volunteering,member,志愿者\nvolunteering,hours_h,时长\nvolunteering,hours_h,服务时长"
    ),
}


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """The shipped catalog with the lines of one more kind."""
    folder = shutil.copytree(DATA, tmp_path / "catalog")
    for name, lines in LINES.items():
        path = folder / name
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text.rstrip()}\n{lines}\n", encoding="utf-8")
    return read_catalog(folder)


TABLE: Rows = [["2019年志愿服务台账"], ["序号", "志愿者", "服务日期", "服务时长（小时）"], [1, "张三", "3.5", "2小时"]]
FORM: Rows = [["志愿服务登记表"], ["姓名", "张三", "日期", "2019年3月5日"], ["时长", 2]]
ABOVE: Rows = [["志愿服务"], ["姓名：张三"], ["日期", "地点", "时长"], ["2019.3.5", "街上", 2]]


@pytest.mark.parametrize("rows", [TABLE, FORM, ABOVE], ids=["table", "form", "label above"])
def test_a_kind_is_added_by_lines_of_the_catalog(
    rows: Rows, catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "Reader", InProcessReader)
    folder = write_bureau(tmp_path / "bureau")
    write_xlsx(folder / "志愿服务台账.xlsx", {"2019年": rows})
    reading = read_bureau(folder, catalog, load_texts("zh"))
    assert_clean(reading)
    assert rows_of(reading, "volunteer_days", "served_on", "member", "hours_h") == [("2019-03-05", "张三", 2)]
