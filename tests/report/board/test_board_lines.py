"""The board's line chart: its axis encloses the values, and no two names lie on each other."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.board.lines import MOST_STEPS, STEPS, Line, Lines, axis_ticks, spread_out

POINTS = st.floats(min_value=0, max_value=140)


def lines(*values: float | None, group: int = 1) -> str:
    texts = tuple("—" if value is None else f"{value:.1f}" for value in values)
    line = Line("甲组", group, values, texts)
    months = tuple(f"{number}月" for number in range(1, len(values) + 1))
    return Lines("走势", months, ("2021年", *[""] * (len(values) - 1)), (line,), min(3, len(values)), "本季").html()


def path_of(html: str, kind: str) -> str:
    found = re.search(rf'<path class="{kind}" d="([^"]*)"', html)
    assert found is not None
    return found[1]


@given(st.lists(POINTS, min_size=1, max_size=30))
def test_the_axis_encloses_every_value_in_even_steps(values: list[float]) -> None:
    ticks = axis_ticks(values)
    assert ticks[0] <= min(values)
    assert max(values) <= ticks[-1]
    assert ticks[0] < ticks[-1]
    steps = {round(high - low, 9) for low, high in pairwise(ticks)}
    assert len(steps) == 1
    assert steps <= set(STEPS)
    assert len(ticks) <= MOST_STEPS + 1


def test_axes_by_hand() -> None:
    assert axis_ticks([84.2, 95.0]) == [84, 86, 88, 90, 92, 94, 96]
    assert axis_ticks([63.5, 96.5]) == [60, 70, 80, 90, 100]
    assert axis_ticks([80.0]) == [80, 81]
    assert axis_ticks([]) == [0, 50, 100]


@given(st.lists(st.floats(min_value=0, max_value=100), max_size=12), st.floats(min_value=0.5, max_value=20))
def test_names_keep_their_distance_their_order_and_their_frame(places: list[float], gap: float) -> None:
    moved = spread_out(places, gap)
    assert len(moved) == len(places)
    least = min(gap, 100 / max(len(places) - 1, 1))
    for low, high in pairwise(sorted(moved)):
        assert high - low >= least - 1e-6
    assert all(-1e-6 <= place <= 100 + 1e-6 for place in moved)
    order = sorted(range(len(places)), key=lambda number: places[number])
    assert [moved[number] for number in order] == sorted(moved)


def test_names_that_have_room_stay_where_their_lines_end() -> None:
    assert spread_out([10.0, 40.0, 90.0], 13.0) == [10.0, 40.0, 90.0]
    assert spread_out([50.0, 50.0], 10.0) == [50.0, 60.0]
    assert spread_out([99.0, 98.0], 10.0) == [100.0, 90.0]


def test_a_missing_month_breaks_the_line_and_is_not_0() -> None:
    html = lines(80.0, 82.0, None, 81.0, 80.0)
    assert path_of(html, "line").count("M") == 2
    assert path_of(html, "marks").count("M") == 4
    assert "<li>甲组: 1月 80.0, 2月 82.0, 3月 —, 4月 81.0, 5月 80.0</li>" in html


def test_a_group_without_a_month_has_a_name_and_no_line() -> None:
    html = lines(None, None)
    assert path_of(html, "line") == ""
    assert 'class="leader"' not in html
    assert '<span class="name">甲组</span> <b>—</b>' in html


def test_a_line_that_ends_early_tells_its_last_value_with_the_month_and_goes_nowhere_from_there() -> None:
    html = lines(80.0, 82.0, None)
    assert '<span class="until">2月 82.0</span>' in html
    assert "<b>" not in html
    assert 'class="leader"' not in html
    assert "<b>81.0</b>" in lines(80.0, None, 81.0)


@pytest.mark.parametrize(("group", "cap"), [(1, "round"), (2, "square"), (3, "round")])
def test_colour_is_not_the_only_sign(group: int, cap: str) -> None:
    assert f'stroke-linecap="{cap}"' in lines(80.0, 81.0, group=group)
