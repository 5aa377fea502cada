"""Every kind that a sheet might be, with what speaks for it and what is missing."""

import pytest

from pipeline.ingest.layouts.findings import SheetNames
from pipeline.ingest.layouts.scoring import rank_candidates
from tests.hand_made import VOCABULARY, Rows, make_grid


def test_kinds_are_ranked_with_what_was_found_and_what_is_missing() -> None:
    rows: Rows = [["答题成绩"], ["姓名", "得分", "用时", "提交时间"], ["张三", 90, "3分"]]
    ranked = rank_candidates(make_grid(rows), SheetNames("甲.xlsx", "甲"), VOCABULARY)
    best = ranked[0]
    assert (best.kind.kind, best.share, best.is_named, best.is_convincing) == ("quiz", 1.0, True, True)
    assert (set(best.found), best.missing) == ({"member", "score", "duration_s", "submitted_on"}, ())
    assert len({candidate.kind.kind for candidate in ranked}) == len(ranked)
    training = next(candidate for candidate in ranked if candidate.kind.kind == "training")
    assert (training.is_convincing, training.missing) == (False, ("held_on",))


def test_labels_above_a_table_count_as_found() -> None:
    rows: Rows = [["积分表"], ["姓名：张三"], ["会议", "学习", "合计"], [1, 2, 3]]
    best = rank_candidates(make_grid(rows), SheetNames("2019年1月积分表.xlsx", "甲"), VOCABULARY)[0]
    assert (best.kind.kind, best.missing) == ("monthly_points", ())
    assert "member" in best.found
    assert [pair.column for pair in best.pairs] == ["member"]


def settled(header: list[str], stem: str) -> tuple[dict[str, str], list[str]]:
    """Return which header each column was given, and the columns that two headers claim."""
    rows: Rows = [[stem], [*header]]
    best = rank_candidates(make_grid(rows), SheetNames(f"{stem}.xlsx", "甲"), VOCABULARY)[0]
    named = {name: best.header.label(number) for number, name in best.columns.items()}
    return named, [name for name, _ in best.doubled]


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_texts_or_identifiers_the_one_listed_first_is_read(order: int) -> None:
    header = ["日期", "党员", "许可证号", "客户编码", "存在问题", "问题"][::order]
    named, doubled = settled(header, "帮扶台账")
    assert (named["retailer_no"], named["problem"], doubled) == ("客户编码", "问题", [])


def test_of_two_amounts_days_or_people_none_is_guessed() -> None:
    named, doubled = settled(["季度", "组长", "履职项目", "分值", "得分"], "组长履职表")
    assert ("points" in named, doubled) == (False, ["points"])
    named, doubled = settled(["姓名", "党员姓名", "承诺事项", "期限", "完成期限"], "承诺台账")
    assert (sorted(named), doubled) == (["pledge"], ["member", "due_on"])


def test_the_same_header_twice_is_not_settled_by_the_list() -> None:
    assert settled(["日期", "党小组", "活动类型", "主题", "主题"], "活动台账")[1] == ["theme"]
