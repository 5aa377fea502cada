"""The scores of a year: what they lack, whether groups are ranked by them, and what the gaps are worth."""

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd

from pipeline.report.annual.view import QUARTERS, AnnualReport
from pipeline.report.material.lacking import ITEMS, unequal_groups, whole_months
from pipeline.report.material.membership import last_month
from pipeline.report.material.noise import MonthlyNoise, monthly_noise
from pipeline.report.material.numbers import listed, month_text, printed_change, quarter_text
from pipeline.report.material.ranking import Ranking
from pipeline.report.material.weighing import SCORE_DIGITS, arithmetic_text, missing_parts
from pipeline.report.page.table_block import format_number, is_missing

SCORE = "year_score"
MEAN = "quarter_mean"  # the part of the year score that the quarters make


def year_ranking(report: AnnualReport) -> Ranking | None:
    """Return the groups by year score; None as long as one of them has none, or there is only one group.

    Points that lack a ledger in any quarter of the year are in its score.
    """
    rows = report.of_year("annual_by_group_year")
    if len(rows) < 2 or rows["rank"].isna().any():
        return None
    noise = quarter_mean_noise(report)
    weight = {term.name: term.value or 0.0 for term in report.year_terms}.get(MEAN, 0.0)
    lacking = unequal_groups(report.tables[ITEMS], report.groups, report.year_months)
    return Ranking(rows.sort_values(["rank", "party_group"]), SCORE, noise, _scaled(noise, weight), lacking)


def quarter_mean_noise(report: AnnualReport) -> MonthlyNoise:
    """Return how far apart two means of a year's quarter scores must be to stand out of the months' own movement.

    A quarter score holds its three months with weight w; the mean of four of them therefore varies as the mean of
    twelve months does, times the root mean square of the four weights. A group with fewer months in the year makes all
    of it wider. The committee's and the mutual scores have no months and add nothing.
    """
    months = report.of_year("points_by_group_month").groupby("party_group")["total_points"].count()
    fewest = int(months.min()) if len(months) else 0
    points = whole_months(report.tables["points_by_group_month"], report.tables[ITEMS])
    noise = monthly_noise(points, months_per_mean=fewest)
    weights = [_months_weight(report, quarter) for quarter in report.quarters]
    return _scaled(noise, sqrt(float(np.mean(np.square(weights)))))


def change_from_last_year(report: AnnualReport) -> "pd.Series[float]":
    """Return the change of the mean of quarters (as printed) from the year before, by group; between whole years."""
    now, before = (
        rows.loc[rows["quarter_count"] == QUARTERS].set_index("party_group")[MEAN].to_dict()
        for rows in (report.of_year("annual_by_group_year", year) for year in (report.year, report.year - 1))
    )
    changes = {str(group): printed_change(mean, before.get(group), SCORE_DIGITS) for group, mean in now.items()}
    return pd.Series({group: change for group, change in changes.items() if change is not None}, dtype="float64")


def quarter_scores(report: AnnualReport) -> dict[tuple[str, pd.Period], Mapping[Any, Any]]:
    """Return the row of the standings of every group and quarter of the year."""
    rows = report.of_year("standings_by_group_quarter")
    return dict(zip(zip(rows["party_group"], rows["quarter"], strict=True), rows.to_dict("records"), strict=True))


def year_arithmetic(report: AnnualReport, group: str) -> str:
    """Return how a group's year score comes about in figures, or what it lacks."""
    texts, row = report.texts, report.group_rows("annual_by_group_year")[group]
    if is_missing(row[SCORE]) and report.is_over and (ended := last_month(report, group)) is not None:
        return texts("year.score_ended", group=group, month=month_text(ended, texts))
    if is_missing(row[SCORE]):
        return texts("year.score_lacks", group=group, lacking=year_lacks(report, group))
    scores = quarter_scores(report)
    values = [format_number(scores[group, quarter]["quarter_score"], SCORE_DIGITS) for quarter in report.quarters]
    return texts(
        "year.arithmetic",
        group=group,
        quarters=" + ".join(values),
        count=len(values),
        mean=format_number(row[MEAN], SCORE_DIGITS),
        total=arithmetic_text(report.year_terms, row, float(row[SCORE])),
    )


def year_lacks(report: AnnualReport, group: str) -> str:
    """Return what a group's year score lacks: quarters without a score, then what is to come, or the appraisal."""
    found = quarters_lacking(report, group)
    if not report.is_over:
        return listed((*found, report.texts("year.to_come", count=QUARTERS - len(report.quarters))), report.texts)
    others = [term for term in report.year_terms if term.name != MEAN]
    row = report.group_rows("annual_by_group_year")[group]
    return listed((*found, *missing_parts(others, row, report)), report.texts)


def quarters_lacking(report: AnnualReport, group: str) -> list[str]:
    """Return the quarters of the year so far without a score, each with the parts that it lacks."""
    texts, scores = report.texts, quarter_scores(report)
    found = []
    for quarter in report.quarters:
        known, name = scores.get((group, quarter)), quarter_text(quarter, texts)
        if known is None:
            found.append(texts("year.lacks_quarter", quarter=name))
        elif is_missing(known["quarter_score"]):
            parts = listed(missing_parts(report.quarter_terms(quarter), known, report), texts)
            found.append(texts("year.lacks_parts", quarter=name, parts=parts))
    return found


def _months_weight(report: AnnualReport, quarter: pd.Period) -> float:
    return {term.name: term.value or 0.0 for term in report.quarter_terms(quarter)}.get("points_mean", 0.0)


def _scaled(noise: MonthlyNoise, factor: float) -> MonthlyNoise:
    return noise if noise.clear_gap is None else MonthlyNoise(noise.clear_gap * factor)
