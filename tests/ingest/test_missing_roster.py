"""A bureau whose roster is not there, cannot be read, or holds no row that could be used."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.ingest import opening
from pipeline.ingest.bureau import Reading
from pipeline.ingest.reading import check_paths
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, InProcessReader, Rows, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
ROSTER = "党员花名册.xlsx"
VISITS: Rows = [
    ["日期", "党员", "地点", "事项"],
    ["2019-01-08", "张 三", "甲村", "走访"],
    ["2019-01-09", "路人", "乙村", "走访"],
]
SALES: Rows = [
    ["单位", "本月/销量(箱)", "本月/同期(箱)", "本月/销售额(元)"],
    ["城区", 500, 250, 15_000_000],
    ["某组", 1, 1, 30_000],
]


@pytest.fixture(autouse=True)
def no_child_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "Reader", InProcessReader)


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    write_bureau(tmp_path)
    write_xlsx(tmp_path / "名称对照.xlsx", {"对照": [["别名", "标准名称"], ["城区", "营销管理"], ["小张", "张三"]]})
    write_xlsx(tmp_path / "党员到一线台账2019.xlsx", {"甲": VISITS})
    write_xlsx(tmp_path / "2019年1月销售月报.xlsx", {"1月": SALES})
    return tmp_path


def break_roster(folder: Path, how: str) -> None:
    if how == "deleted":
        (folder / ROSTER).unlink()
    elif how == "refused":
        (folder / ROSTER).write_bytes(b"PK\x03\x04")
    else:
        write_xlsx(
            folder / ROSTER, {"花名册": [["姓名", "党小组", "入组时间", "离组时间"], ["张三", "某组", "2018.11", None]]}
        )


def told(issues: tuple[object, ...]) -> list[tuple[object, ...]]:
    return [tuple(getattr(issue, name) for name in ("code", "file", "sheet", "cell", "severity")) for issue in issues]


@pytest.mark.parametrize(("how", "file"), [("deleted", "党员花名册"), ("refused", ROSTER), ("unusable", ROSTER)])
def test_it_is_told_once_and_the_rows_are_used(bureau: Path, read: Read, how: str, file: str) -> None:
    break_roster(bureau, how)
    reading = read(bureau)
    others = [issue for issue in told(reading.issues) if issue[0] != "unknown_group"]
    assert others == [("missing_roster", file, None, None, "error")]
    visits = reading.tables["frontline_visits"]
    assert visits["member"].tolist() == ["张三", "路人"]
    assert visits["party_group"].isna().all()
    assert visits["party_group"].dtype == read_dtype()
    assert reading.tables["coverage"]["kind"].tolist().count("frontline") == 1


def read_dtype() -> object:
    return pd.Series([""], dtype="str").dtype


@pytest.mark.parametrize("how", ["deleted", "refused", "unusable"])
def test_check_and_report_agree(bureau: Path, read: Read, how: str) -> None:
    break_roster(bureau, how)
    reading = read(bureau)
    files, issues = check_paths([bureau], CATALOG, load_texts("zh"))
    assert issues == reading.issues
    assert files == reading.files


def test_groups_are_still_checked(bureau: Path, read: Read) -> None:
    break_roster(bureau, "deleted")
    reading = read(bureau)
    assert [(issue.code, issue.seen) for issue in reading.issues][1:] == [("unknown_group", "某组")]
    assert reading.tables["sales_by_group_month"]["party_group"].tolist() == ["营销管理"]


def test_a_bureau_that_names_no_members_misses_none(tmp_path: Path, read: Read) -> None:
    write_xlsx(tmp_path / "2019年1月销售月报.xlsx", {"1月": [SALES[0], ["营销管理", 500, 250, 15_000_000]]})
    assert read(tmp_path).issues == ()


@pytest.mark.parametrize(
    ("subject", "item", "codes"),
    [
        ("营销管理", "D1", []),
        ("某人", "M4", ["missing_roster"]),
        ("某人", "D1", ["missing_roster", "wrong_subject"]),  # whoever that is, no group
    ],
)
def test_a_points_ledger_asks_for_a_roster_only_where_it_names_members(
    tmp_path: Path, read: Read, subject: str, item: str, codes: list[str]
) -> None:
    rows: Rows = [["月份", "对象", "项目", "分值", "依据"], ["2019年1月", subject, item, 1, "表彰"]]
    write_xlsx(tmp_path / "积分明细.xlsx", {"甲": rows})
    assert [issue.code for issue in read(tmp_path).issues] == codes
