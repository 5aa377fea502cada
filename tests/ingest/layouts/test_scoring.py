"""Every kind that a sheet might be, with what speaks for it and what is missing."""

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
