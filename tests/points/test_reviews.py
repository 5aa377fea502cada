"""Mutual reviews by hand: self-ratings stand apart, leniency is against the other raters of the same."""

import numpy as np
import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.points.reviews import compare_reviews, list_reviews
from pipeline.points.standings import mutual_scores
from tests.readings import make_table

QUARTER = pd.Period("2021Q4", "Q-DEC")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def reviews(catalog: Catalog, *rows: tuple[str, str, str | None, float | None]) -> pd.DataFrame:
    names = ("rater_group", "rated_group", "review_item", "score")
    return make_table(
        "mutual_reviews", catalog, [{"quarter": "2021Q4", **dict(zip(names, row, strict=True))} for row in rows]
    )


def test_leniency_and_the_gap_of_self_ratings(catalog: Catalog) -> None:
    table = reviews(
        catalog,
        *(("甲", "甲", None, 99.0), ("乙", "甲", None, 92.0), ("丙", "甲", None, 90.0)),
        *(("甲", "乙", None, 95.0), ("丙", "乙", None, 91.0), ("甲", "丙", None, 96.0), ("乙", "丙", None, 93.0)),
    )
    found = compare_reviews(list_reviews(table, QUARTER)).set_index("party_group")
    assert found["received_mean"].to_dict() == {"甲": 91.0, "乙": 93.0, "丙": 94.5}
    # 甲 gave 乙 4 more than 丙 did, and 丙 3 more than 乙 did; 乙: 2 more to 甲, 3 less to 丙; 丙: -2 and -4
    assert found["leniency_points"].to_dict() == {"甲": 3.5, "乙": -0.5, "丙": -3.0}
    assert found.loc["甲", ["self_score", "self_gap_points"]].tolist() == [99.0, 8.0]
    assert found.loc[["乙", "丙"], "self_gap_points"].isna().all()
    assert found["rater_count"].tolist() == [2, 2, 2]


def test_a_single_rater_has_nobody_to_be_compared_with(catalog: Catalog) -> None:
    found = compare_reviews(list_reviews(reviews(catalog, ("甲", "乙", None, 95.0)), QUARTER)).set_index("party_group")
    assert np.isnan(found["leniency_points"]["甲"])
    assert found.loc["甲", "given_mean"] == 95.0
    assert found.loc["乙", "received_mean"] == 95.0


def test_items_of_a_rater_are_averaged_before_raters_are(catalog: Catalog) -> None:
    table = reviews(catalog, ("乙", "甲", "党课", 80.0), ("乙", "甲", "党小组会", 90.0), ("丙", "甲", None, 95.0))
    assert mutual_scores(table)["mutual_score"].tolist() == [90.0]  # (85 + 95) / 2
    assert sorted(list_reviews(table, QUARTER)["score"]) == [80.0, 90.0, 95.0]


def test_later_quarters_and_empty_cells_are_left_out(catalog: Catalog) -> None:
    table = reviews(catalog, ("甲", "乙", None, None), ("乙", "甲", None, 90.0))
    assert len(list_reviews(table, QUARTER)) == 1
    assert list_reviews(table, QUARTER - 1).empty
