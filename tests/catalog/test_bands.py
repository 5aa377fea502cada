"""Bands as people write them: every value falls into exactly one of them, or they are refused."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalog.bands import BandGap, BandOverlap, Break, Interval, find_breaks, parse_bands, write_bands

THREE = ((95.0, 6.0), (85.0, 4.0), (75.0, 2.0))


@pytest.mark.parametrize(
    "text",
    [
        "95:6;85:4;75:2",
        "75:2;95:6;85:4",
        "75-85:2;85-95:4;95-100:6",
        "95-100:6; 75-85:2; 85-95:4",
        "[75,85):2;[85,95):4;[95,100]:6",
        "[75,85):2,[85,95):4,[95,+∞):6",
        "≥95:6;85-95:4;75-85:2;<75:0",
        ">=95:6\n85-95:4\n75-85:2\n",
        "95以上:6；85-95:4；75-85:2；75以下:0",
        "９５％以上得６分、８５％－９５％得４分、７５％～８５％得２分",
        "95及以上：6，85至95：4，75到85：2",
        "95（含）以上：6；85—95：4；75——85：2；不足75：0",
        "至少95:6;85≤x<95:4;75≤x<85:2",
        "达到95得6分；85:4；75:2",
    ],
)
def test_many_ways_to_write_three_bands(text: str) -> None:
    assert parse_bands(text) == THREE


def test_nothing_written_is_no_band() -> None:
    assert parse_bands("") == ()
    assert write_bands(()) == ""


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("90-95:4;96-100:5", "[95, 96)"),  # as published star rules have it
        ("96:5;90-95:4", "[95, 96)"),
        ("≥95:6;80-90:4", "[90, 95)"),
        ("[85,94]:4;[95,100]:6", "(94, 95)"),
        ("<70:0;75-85:2", "[70, 75)"),
        ("0-50:1;50-60.5:2;61:3", "[60.5, 61)"),
    ],
)
def test_a_hole_is_told_with_the_values_in_it(text: str, values: str) -> None:
    with pytest.raises(BandGap) as caught:
        parse_bands(text)
    assert caught.value.values == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("85-95:4;90-100:6", "[90, 95)"),
        ("90-100:6;85-95:4", "[90, 95)"),
        ("[85,95]:4;[95,100]:6", "95"),
        ("95-100:6;95-100:4", "[95, 100)"),
        ("≥95:6;90-98:4", "[95, 98)"),
        ("≥95:6;≥90:4", "≥ 95"),
        ("<80:0;75-100:4", "[75, 80)"),
        ("0-100:1;10-20:2;30-40:3", "[10, 20)"),
    ],
)
def test_an_overlap_is_told_with_the_values_in_it(text: str, values: str) -> None:
    with pytest.raises(BandOverlap) as caught:
        parse_bands(text)
    assert caught.value.values == values


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("95:6;85-4", "threshold:points"),
        ("高:6", "threshold:points"),
        ("95:", "threshold:points"),
        ("nan:6", "threshold:points"),
        ("95以上6分", "threshold:points"),
        (">95:6", "threshold:points"),  # a band holds its lower end
        ("(85,95]:4", "threshold:points"),
        ("95:6;95:4", "stands twice"),
        ("95-85:4", "goes up"),
        ("85-85:4", "goes up"),
        ("<75:1", "earns nothing"),
        ("1e999:4", "finite"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        parse_bands(text)
    assert not isinstance(caught.value, BandGap | BandOverlap)


EDGES = st.lists(st.integers(-1000, 1000), min_size=2, max_size=8, unique=True).map(sorted)


@given(EDGES, st.randoms(use_true_random=False), st.data())
def test_ranges_that_meet_are_the_thresholds_of_their_lower_ends(edges, random, data) -> None:
    points = data.draw(st.lists(st.integers(-20, 20), min_size=len(edges) - 1, max_size=len(edges) - 1))
    ranges = [f"{low}-{high}:{worth}" for low, high, worth in zip(edges, edges[1:], points, strict=False)]
    thresholds = [f"{low}:{worth}" for low, worth in zip(edges, points, strict=False)]
    random.shuffle(ranges)
    assert parse_bands(";".join(ranges)) == parse_bands(";".join(thresholds))


@given(EDGES.filter(lambda edges: len(edges) > 2), st.data())
def test_moving_one_end_leaves_a_hole_or_an_overlap(edges, data) -> None:
    number = data.draw(st.integers(1, len(edges) - 2))
    ranges = [[low, high] for low, high in pairwise(edges)]
    ranges[number - 1][1] += data.draw(st.sampled_from([-0.5, 0.5]))  # the end of a band; the next stays where it is
    with pytest.raises((BandGap, BandOverlap)):
        parse_bands(";".join(f"{low}-{high}:1" for low, high in ranges))


@given(st.dictionaries(st.floats(-1e9, 1e9), st.floats(-1e3, 1e3), max_size=6))
def test_what_is_written_reads_back(bands) -> None:
    listed = tuple(sorted(bands.items(), reverse=True))
    assert parse_bands(write_bands(listed)) == listed


def test_breaks_name_the_interval_behind_them() -> None:
    intervals = [Interval(96, 100), Interval(80, 91), Interval(90, 95)]
    assert list(find_breaks(intervals)) == [Break("overlap", 2, "[90, 91)"), Break("gap", 0, "[95, 96)")]
