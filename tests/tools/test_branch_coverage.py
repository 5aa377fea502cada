"""The limit is of branches alone."""

import pytest

from tools.branch_coverage import judge


@pytest.mark.parametrize(("taken", "is_enough"), [(95, True), (94, False)])
def test_many_lines_do_not_hide_few_branches(taken: int, is_enough: bool) -> None:
    totals = {"covered_branches": taken, "num_branches": 100, "covered_lines": 10_000, "num_statements": 10_000}
    said, judged = judge(totals)
    assert f"{taken} of 100 branches ({taken}.0 %), 10,000 of 10,000 lines (100.0 %)" in said
    assert judged is is_enough
