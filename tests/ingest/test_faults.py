"""What a fault says that it expected, and the cells that are told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, Value, write_bureau, write_xlsx
from tests.ingest.test_issue_codes import CASE, CASES, SHELF, changed, issues_of

Read = Callable[[Path], Reading]


@pytest.mark.parametrize(
    ("column", "value", "code", "expected"),
    [
        (5, "#DIV/0!", "error_cell", "数字，不是公式错误"),
        (6, "#N/A", "error_cell", "日期，不是公式错误"),
        (5, "=1+1", "formula_without_value", "保存过的计算结果（数字）"),
        (1, None, "missing_value", "填写“立案日期”"),
    ],
)
def test_what_is_expected_is_a_kind_of_value(
    tmp_path: Path, read: Read, column: int, value: Value, code: str, expected: str
) -> None:
    write_xlsx(write_bureau(tmp_path) / "案件台账.xlsx", {"案件": [CASES, changed(CASE, column, value)]})
    assert [issue.expected for issue in issues_of(read(tmp_path), code)] == [expected]


def test_fractions_among_percentages_are_not_guessed(tmp_path: Path, read: Read) -> None:
    rows: Rows = [SHELF, ["城区", 100, 99, 98.5], ["驮卢", 100, 98, 0.985], ["专卖股", 100, 97, 97]]
    write_xlsx(write_bureau(tmp_path) / "2019年1月上柜.xlsx", {"甲": rows})
    assert [issue.cell for issue in issues_of(read(tmp_path), "ambiguous_percentage")] == ["D3"]
