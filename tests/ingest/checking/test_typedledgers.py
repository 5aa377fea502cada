"""Ledgers whose title gives all their rows one type cover that type alone."""

from pathlib import Path

import pytest

from tests.golden import Read
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

HEADER: list[Value] = ["序号", "日期", "党小组", "主题", "应到", "实到"]


def ledger(month: int, theme: str = "学习") -> Rows:
    return [HEADER, [1, f"2019-{month:02d}-08", "营销管理", theme, 5, 5]]


@pytest.mark.parametrize(
    ("others", "missing"),
    [
        ({}, [("活动台账 党小组会", "2019-02")]),
        ({"2019年2月党小组会台账": ledger(2, "议事")}, []),
        ({"2019年2月活动台账": [[*HEADER, "活动类型"], [*ledger(2)[1], "党小组会"]]}, []),
        ({"2019年3月主题党日台账": ledger(3)}, [("活动台账 党小组会", "2019-02 … 2019-03")]),
    ],
)
def test_a_month_without_the_ledger_of_a_type_is_told(
    others: dict[str, Rows], missing: list[tuple[str, str]], tmp_path: Path, read: Read
) -> None:
    bureau = write_bureau(tmp_path)
    kept = {
        "2019年1月党小组会台账": ledger(1, "议事"),
        "2019年1月主题党日台账": ledger(1),
        "2019年2月主题党日台账": ledger(2),
    }
    for name, rows in {**kept, **others}.items():
        write_xlsx(bureau / f"{name}.xlsx", {"甲": rows})
    issues = [issue for issue in read(tmp_path).issues if issue.code == "missing_months"]
    assert [(issue.expected, issue.seen) for issue in issues if "党小组会" in issue.expected] == missing
