"""Section: how the quarter score comes about, and how the groups judge each other and themselves."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.catalog import Term
from pipeline.points.schemes import version_in_effect
from pipeline.report.material.marks import BY_GROUP, group_marks
from pipeline.report.material.numbers import POINT_DIGITS, listed, points_text, printed_change, quarter_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.weighing import SCORE_DIGITS, arithmetic_text, formula_text, missing_parts
from pipeline.report.page.blocks import About, Block, Bullets, Fold, Prose, Section, Stack
from pipeline.report.page.facets import Facet, RowKeys
from pipeline.report.page.table_block import Column, Mark, Table, format_number, is_missing

HISTORY_QUARTERS = 4  # a year: one quarter's few raters say little, the same sign four times in a row says more
SMALLEST_GAP = 0.05  # points: below this a gap is shown as 0.0


def show_reviews(report: QuarterReport) -> Stack:
    """Show the parts of the quarter score, the matrix of the mutual review, leniency and self-ratings by group."""
    texts = report.texts
    lead = formula_text(_terms(report), texts("standings.quarter_score"), report)
    blocks: list[Block] = [Section("reviews", texts("review.title"), texts("review.lead", formula=lead))]
    blocks += [_score_table(report), Bullets(_arithmetic(report))]
    matrix = report.of_quarter("mutual_review_matrix")
    if matrix.empty:
        is_alone = len(_standings(report)) < 2
        return Stack((*blocks, Prose((texts("review.one_group" if is_alone else "review.none"),))))
    blocks.append(_matrix(report, matrix))
    compared = _compared(report)
    for sentence in (leniency_sentence, self_sentence):
        said = (About(sentence(report, group, row), Facet(group)) for group, row in compared.items())
        blocks.append(Bullets(tuple(said)))
    blocks.append(Prose((_few_raters(report, compared),)))
    if matrix["review_item"].notna().any():
        blocks.append(_by_item(report, matrix))
    return Stack((*blocks, Fold(texts("review.history_fold"), _history(report))))


def leniency_sentence(report: QuarterReport, group: str, row: Mapping[Any, Any]) -> str:
    """Say how a group judges the others, against what these got from the other raters."""
    texts = report.texts
    if is_missing(row["given_mean"]):
        return texts("review.gave_nothing", group=group)
    given, apart = points_text(row["given_mean"], texts), row["leniency_points"]
    if is_missing(apart):
        return texts("review.only_rater", group=group, given=given)
    if abs(apart) < SMALLEST_GAP:
        return texts("review.even", group=group, given=given)
    key = "review.lenient" if apart > 0 else "review.strict"
    return texts(key, group=group, given=given, apart=points_text(abs(apart), texts))


def self_sentence(report: QuarterReport, group: str, row: Mapping[Any, Any]) -> str:
    """Say how a group judges itself against what the others give it; a self-rating never counts."""
    texts = report.texts
    if is_missing(row["self_score"]):
        return texts("review.no_self", group=group)
    own = points_text(row["self_score"], texts)
    gap = printed_change(row["self_score"], row["received_mean"], POINT_DIGITS)
    if gap is None:
        return texts("review.self_alone", group=group, own=own)
    said = {"group": group, "own": own, "received": points_text(row["received_mean"], texts)}
    if gap == 0:
        return texts("review.self_even", **said)
    key = "review.self_higher" if gap > 0 else "review.self_lower"
    return texts(key, **said, gap=points_text(abs(gap), texts))


def _terms(report: QuarterReport) -> tuple[Term, ...]:
    return report.bureau.terms_of(version_in_effect(report.bureau.rules, report.months[-1]), "quarter_score")


def _standings(report: QuarterReport) -> dict[str, Mapping[Any, Any]]:
    rows = report.of_quarter("standings_by_group_quarter").set_index("party_group").to_dict("index")
    return {group: rows[group] for group in report.groups if group in rows}


def _compared(report: QuarterReport) -> dict[str, Mapping[Any, Any]]:
    rows = report.of_quarter("mutual_review_by_group_quarter").set_index("party_group").to_dict("index")
    return {group: rows[group] for group in report.groups if group in rows}


def _score_table(report: QuarterReport) -> Table:
    texts, rows = report.texts, _standings(report)
    frame = pd.DataFrame([{**row, "group": group_marks(report, [group])[0]} for group, row in rows.items()])
    columns = [Column("group", texts("column.party_group"))]
    columns += [Column(term.name, report.label(term), digits=SCORE_DIGITS) for term in _terms(report)]
    columns.append(Column("quarter_score", texts("standings.quarter_score"), digits=SCORE_DIGITS))
    return Table(
        frame.reindex(columns=[column.name for column in columns]),
        tuple(columns),
        caption=texts("review.parts_table"),
        keys=BY_GROUP,
    )


def _arithmetic(report: QuarterReport) -> tuple[About, ...]:
    texts, terms, lines = report.texts, _terms(report), []
    for group, row in _standings(report).items():
        if is_missing(row["quarter_score"]):
            lacking = listed(missing_parts(terms, row, report), texts)
            said = texts("review.score_lacks", group=group, parts=lacking)
        else:
            sum_ = arithmetic_text(terms, row, row["quarter_score"])
            said = texts("review.arithmetic", group=group, sum=sum_)
        lines.append(About(said, Facet(group)))
    return tuple(lines)


def _matrix(report: QuarterReport, matrix: pd.DataFrame) -> Table:
    """Return rater by rated group; what a group gave itself is muted and says that it does not count."""
    texts, compared = report.texts, _compared(report)
    cells = matrix.groupby(["rater_group", "rated_group"])["score"].mean().to_dict()
    rows: list[dict[str, object]] = [
        {
            "rater": group_marks(report, [rater])[0],
            **{rated: _cell(report, rater, rated, cells) for rated in _reviewed(report)},
            "given": compared.get(rater, {}).get("given_mean"),
        }
        for rater in _reviewed(report)
    ]
    received = {group: compared.get(group, {}).get("received_mean") for group in _reviewed(report)}
    rows.append({"rater": texts("review.received"), **received, "given": None})
    columns = [Column("rater", texts("review.rater"))]
    columns += _rated_columns(report)
    columns.append(Column("given", texts("review.given"), digits=POINT_DIGITS))
    frame = pd.DataFrame(rows, dtype="object")
    return Table(frame, tuple(columns), caption=texts("review.matrix"), note=texts("review.matrix_note"))


def _reviewed(report: QuarterReport) -> tuple[str, ...]:
    """Return the groups that rate and are rated: those that were scored in the quarter, and any that a form names."""
    named = {*_standings(report), *_compared(report)}
    return tuple(group for group in report.groups if group in named)


def _cell(report: QuarterReport, rater: str, rated: str, cells: Mapping[Any, float]) -> object:
    score = cells.get((rater, rated))
    if score is None or rater != rated:
        return score
    return Mark(report.texts("review.self_cell", score=format_number(score, POINT_DIGITS)), "muted")


def _few_raters(report: QuarterReport, compared: Mapping[str, Mapping[Any, Any]]) -> str:
    most = max((int(row["rater_count"]) for row in compared.values()), default=0)
    return report.texts("review.few_raters", count=most)


def _by_item(report: QuarterReport, matrix: pd.DataFrame) -> Table:
    """Return the mean that each group got from the others, item by item."""
    texts = report.texts
    others = matrix[~matrix["is_self"].astype(bool) & matrix["review_item"].notna()]
    means = others.pivot_table(index="review_item", columns="rated_group", values="score", sort=False)
    frame = means.reindex(columns=list(_reviewed(report))).reset_index()
    columns = [Column("review_item", texts("review.item"))]
    columns += _rated_columns(report)
    return Table(frame, tuple(columns), caption=texts("review.by_item"), note=texts("review.by_item_note"))


def _rated_columns(report: QuarterReport) -> list[Column]:
    """Return a column a rated group."""
    labels = {group: report.texts("review.of_group", group=group) for group in _reviewed(report)}
    return [Column(group, label, digits=POINT_DIGITS, facet=Facet(group)) for group, label in labels.items()]


def _history(report: QuarterReport) -> Table:
    texts, rows = report.texts, report.tables["mutual_review_by_group_quarter"]
    places = {group: place for place, group in enumerate(report.groups)}
    recent = rows[(rows["quarter"] > report.quarter - HISTORY_QUARTERS) & (rows["quarter"] <= report.quarter)]
    recent = recent.assign(place=recent["party_group"].map(places)).sort_values(["place", "quarter"], kind="stable")
    frame = recent.assign(
        group=group_marks(report, recent["party_group"]),
        when=[quarter_text(quarter, texts) for quarter in recent["quarter"]],
    )
    columns = (
        Column("group", texts("column.party_group")),
        Column("when", texts("review.quarter")),
        Column("received_mean", texts("review.received"), digits=POINT_DIGITS),
        Column("given_mean", texts("review.given"), digits=POINT_DIGITS),
        Column("leniency_points", texts("review.leniency"), digits=POINT_DIGITS, signed=True),
        Column("self_gap_points", texts("review.self_gap"), digits=POINT_DIGITS, signed=True),
    )
    keys = RowKeys(group="group", period="quarter")
    return Table(frame, columns, caption=texts("review.history"), note=texts("review.history_note"), keys=keys)
