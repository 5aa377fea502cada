"""A bureau's own codes in the points ledger: its rule says what an item is called, not the catalog."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.catalog import Rule
from pipeline.ingest.bureau import Reading
from pipeline.ingest.itemcodes import ledger_codes, ledger_items, scored_items
from tests.hand_made import CATALOG, Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
COMPLAINTS = CATALOG.measures["upheld_complaints"]
BOTH = frozenset({"party_group", "member"})
POINTS: list[Value] = ["月份", "对象", "项目", "分值", "依据"]
RULE_BOOK: list[Value] = ["版本", "生效月份", "编码", "类别", "项目", "计量", "计分方式", "分值", "适用对象"]
UPHELD: list[Value] = ["1.0", "2018年11月", "K2", "D", "有责投诉", "有责投诉", "each", -2, "党小组"]
LATE: list[Value] = ["1.0", "2018年11月", "D2", "D", "迟报台账", "迟报台账", "each", -1, "党小组"]


def rule_of(code: str, **changes: str) -> Rule:
    (found,) = (rule for rule in CATALOG.rules if rule.item == code)
    return replace(found, **changes)  # type: ignore[arg-type]


UPHELD_AS_K2 = rule_of("D2", item="K2", version="2.0")


@pytest.mark.parametrize(
    ("rules", "codes"),
    [
        ((), {"D2"}),
        ((rule_of("D1"),), {"D2"}),  # nobody uses the measure: its own code is the only one it can have
        ((rule_of("D2"),), {"D2"}),
        ((UPHELD_AS_K2,), {"K2", "D2"}),
        ((UPHELD_AS_K2, rule_of("D2")), {"K2", "D2"}),  # an older version calls it so
        ((UPHELD_AS_K2, rule_of("D4", item="D2")), {"K2"}),  # that code is another item's now
    ],
)
def test_the_codes_of_a_measure_are_those_of_its_rules(rules: tuple[Rule, ...], codes: set[str]) -> None:
    assert ledger_codes(COMPLAINTS, rules) == codes


def test_a_measure_of_other_tables_has_no_code() -> None:
    assert ledger_codes(CATALOG.measures["group_meetings"], CATALOG.rules) == frozenset()


def test_an_item_is_about_whom_any_of_its_rules_is_about() -> None:
    rules = (rule_of("D2"), rule_of("M8"), rule_of("V1", scope="group"), rule_of("A1"))
    group, member = frozenset({"party_group"}), frozenset({"member"})
    assert ledger_items(rules, CATALOG) == {"D2": group, "M8": member, "V1": BOTH}
    assert scored_items(rules) == {"D2": group, "M8": member, "V1": BOTH, "A1": group}
    assert scored_items((*rules, rule_of("M8", item="D2", version="2.0")))["D2"] == BOTH
    assert scored_items((rule_of("D2", scope="both"),))["D2"] == BOTH


@pytest.mark.parametrize(
    ("rule_book", "accepted"), [([UPHELD], ["K2", "D2"]), ([UPHELD, LATE], ["K2", "D2"]), ([LATE], ["D2"])]
)
def test_a_bureau_writes_its_own_codes(
    tmp_path: Path, read: Read, rule_book: list[list[Value]], accepted: list[str]
) -> None:
    ledger: Rows = [["2019年1月", "营销管理", code, -2, f"依据{code}"] for code in ("K2", "D2")]
    write_xlsx(write_bureau(tmp_path) / "积分细则.xlsx", {"细则": [RULE_BOOK, *rule_book]})
    write_xlsx(tmp_path / "积分明细.xlsx", {"甲": [POINTS, *ledger]})
    reading = read(tmp_path)
    assert reading.tables["points_ledger"]["item"].tolist() == accepted
    assert {issue.code for issue in reading.issues} <= {"unknown_item", "other_points"}  # these rules give other points


def test_an_old_code_that_no_rule_owns_is_about_whom_the_renamed_rule_is_for(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "积分细则.xlsx", {"细则": [RULE_BOOK, UPHELD]})
    write_xlsx(tmp_path / "积分明细.xlsx", {"甲": [POINTS, ["2019年1月", "张三", "D2", -2, "投诉"]]})
    assert [(issue.code, issue.cell) for issue in read(tmp_path).issues] == [("wrong_subject", "B2")]
