"""Each issue of a resubmission is mended, still open or new, wherever its row has moved to."""

import pytest

from pipeline.ingest.returned.comparing import Comparison, compare
from pipeline.ingest.returned.memory import SentFile


def sent(result: Comparison, sha256: str = "old") -> SentFile:
    return SentFile("台账.xlsx", sha256, "台账.xlsx", "copy", result.issues)


def states(result: Comparison) -> list[tuple[str | None, str]]:
    return [(found.cell, found.state) for found in result.issues]


def test_without_a_last_time_everything_is_new(issue) -> None:
    result = compare([issue("B2"), issue("B3")], None, "old")
    assert states(result) == [("B2", "new"), ("B3", "new")]
    assert (result.mended, result.still_open, result.new) == (0, 0, 2)


def test_mended_open_and_new(issue) -> None:
    last = sent(compare([issue("B2"), issue("B3", seen="约40"), issue("C3")], None, "old"))
    result = compare([issue("B3", seen="约40"), issue("D9", seen="约50")], last, "now")
    assert states(result) == [("B3", "open"), ("D9", "new"), ("B2", "mended"), ("C3", "mended")]
    assert (result.mended, result.still_open, result.new) == (2, 1, 1)


def test_another_wrong_value_in_the_same_cell_is_still_open(issue) -> None:
    result = compare([issue("B2", seen="大约30")], sent(compare([issue("B2")], None, "old")), "now")
    assert states(result) == [("B2", "open")]


@pytest.mark.parametrize("moved", [{"cell": "B12"}, {"cell": "B12", "sheet": "台账 2"}])
def test_a_row_that_moved_is_the_same_issue(issue, moved) -> None:
    result = compare([issue(**moved)], sent(compare([issue("B2")], None, "old")), "now")
    assert (result.mended, result.still_open, result.new) == (0, 1, 0)


def test_a_line_put_in_above_does_not_mix_issues_up(issue) -> None:
    last = sent(compare([issue("B2", seen="甲"), issue("B3", seen="乙")], None, "old"))
    result = compare([issue("B3", seen="甲")], last, "now")
    assert [(found.seen, found.state) for found in result.issues] == [("甲", "open"), ("乙", "mended")]


def test_another_column_or_code_is_another_issue(issue) -> None:
    last = sent(compare([issue("B2")], None, "old"))
    assert compare([issue("C2")], last, "now").new == 1
    assert compare([issue("B2", code="bad_date")], last, "now").new == 1


def test_repeated_issues_are_counted_one_by_one(issue) -> None:
    last = sent(compare([issue(f"B{row}", seen="") for row in (2, 3, 4)], None, "old"))
    result = compare([issue("B7", seen=""), issue("B3", seen="")], last, "now")
    assert (result.mended, result.still_open, result.new) == (1, 2, 0)


def test_what_was_mended_is_not_mended_again(issue) -> None:
    first = compare([issue("B2"), issue("B3")], None, "1")
    second = compare([issue("B3")], sent(first, "1"), "2")
    third = compare([issue("B3")], sent(second, "2"), "3")
    assert states(third) == [("B3", "open")]
    assert third.mended == 0


def test_the_same_file_keeps_the_list_it_was_sent_with(issue) -> None:
    first = compare([issue("B2"), issue("B3")], None, "1")
    second = compare([issue("B3"), issue("C1")], sent(first, "1"), "2")
    again = compare([issue("B3"), issue("C1")], sent(second, "2"), "2")
    assert again.issues == second.issues
    assert (again.mended, again.new) == (0, 0)


def test_the_same_file_can_be_mended_by_another(issue) -> None:
    last = sent(compare([issue("B2", code="unknown_member")], None, "1"), "1")
    assert compare([], last, "1").mended == 1
