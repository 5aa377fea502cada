"""Which declared ranges count as merged."""

import pytest

from pipeline.ingest.files.merging import merged_cells, true_merges


@pytest.mark.parametrize(
    ("declared", "merged"),
    [
        ((0, 0, 0, 2), (0, 0, 0, 2)),
        ((0, 0, 1_048_576, 16_384), (0, 0, 1_048_575, 16_383)),
        ((4, 4, 4, 4), None),
        ((8, 3, 7, 2), None),
        ((3, 2, 2, 3), None),
        ((2**31, 0, 2**31 + 1, 0), None),
    ],
)
def test_a_range_is_cut_or_left_out(declared, merged) -> None:
    assert true_merges([declared]) == (() if merged is None else (merged,))


def test_a_range_counts_once() -> None:
    assert true_merges([(0, 0, 0, 1), (0, 2, 0, 3), (0, 0, 0, 1)]) == ((0, 0, 0, 1), (0, 2, 0, 3))


def test_cells_of_a_range() -> None:
    assert merged_cells((1, 2, 3, 3)) == 6
