"""What a page asks of its material is found out once, and only for that material."""

from dataclasses import replace

from pipeline.report.material.base import kept
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.results import results_of_group, results_of_quarter
from tests.report.sample_material import GROUPS, sample_report

ASKED: list[str] = []


@kept
def _spelled(report: QuarterReport, word: str, *, loud: bool = False) -> str:
    ASKED.append(word)
    return word.upper() if loud else word


def test_the_same_question_is_answered_once() -> None:
    ASKED.clear()
    report = replace(sample_report())
    assert [_spelled(report, "a"), _spelled(report, "a"), _spelled(report, "b")] == ["a", "a", "b"]
    assert ASKED == ["a", "b"]
    assert _spelled(report, "a", loud=True) == "A"  # another question


def test_another_material_is_asked_anew() -> None:
    ASKED.clear()
    for _ in range(2):
        _spelled(replace(sample_report()), "a")
    assert ASKED == ["a", "a"]


def test_a_report_with_other_tables_has_other_results() -> None:
    report = sample_report()
    assert len(results_of_quarter(report))
    table = report.tables["metrics_by_group_quarter"]
    emptied = replace(report, tables={**report.tables, "metrics_by_group_quarter": table.iloc[:0]})
    assert results_of_quarter(emptied)["value"].isna().all()


def test_rows_are_found_by_their_word_in_their_order() -> None:
    report, table = sample_report(), sample_report().tables["panel"]
    for group in GROUPS:
        assert report.rows_of("panel", "party_group", group).equals(table[table["party_group"] == group])
    assert report.rows_of("panel", "party_group", "没有这个组").empty
    assert results_of_group(report, "没有这个组").empty
