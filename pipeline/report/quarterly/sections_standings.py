"""Section: which group leads, what moved since last quarter, and which three items explain it?"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.periods import months_of
from pipeline.points.schemes import version_in_effect
from pipeline.points.scoring import NOT_ATTRIBUTED
from pipeline.points.standings import PRINTED_DECIMALS
from pipeline.report.material.figures import points_figure, recent_points
from pipeline.report.material.gaps import gap_text
from pipeline.report.material.lacking import Gap
from pipeline.report.material.marks import BY_GROUP, group_marks
from pipeline.report.material.numbers import (
    POINT_DIGITS,
    joined,
    listed,
    month_text,
    points_text,
    printed_change,
    short_month_text,
)
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.ranking import Ranking, changes_of_points, place_text, ranking_of
from pipeline.report.material.weighing import formula_text
from pipeline.report.page.blocks import Block, Notice, Prose, Section, Stack
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.facets import Facet, RowKeys
from pipeline.report.page.table_block import MISSING, Column, Mark, Table, format_number, is_missing
from pipeline.report.quarterly.rule_book import rule_book_notice
from pipeline.report.quarterly.sentences import standing_sentence

WEIGHT_DIGITS = 2  # as in the formula of the quarter score
MOVES_SHOWN = 3  # domain.md section 6: the three items that explain a move


def show_standings(report: QuarterReport) -> Stack:
    """Show the quarter's points, whether the gaps mean anything, and the moves."""
    texts = report.texts
    ranking = ranking_of(report)
    blocks: list[Block] = [Section("standings", texts("standings.title"), standing_sentence(report))]
    blocks += rule_book_notice(report)
    if not ranking.is_spread_clear and not ranking.is_alone:
        blocks.append(_why_no_ranking(ranking, report))
    blocks.append(_standings_table(report, ranking))
    blocks.append(_points_chart(report))
    blocks.append(_moves_table(report, ranking.in_shown_order(report.groups)))
    blocks += [block for block in (_rescaled_note(report), _incomplete_note(report)) if block is not None]
    return Stack(tuple(blocks))


def _why_no_ranking(ranking: Ranking, report: QuarterReport) -> Notice:
    texts, gap = report.texts, ranking.noise.clear_gap
    if ranking.lacking:
        groups = listed(ranking.lacking, texts)
        return Notice(texts("standings.no_ranking_title"), texts("standings.lacking", groups=groups))
    if gap is None:
        return Notice(texts("standings.no_ranking_title"), texts("standings.noise_unknown"))
    text = texts("standings.not_clear", score=texts(f"standings.{ranking.basis}"), gap=points_text(gap, texts))
    return Notice(texts("standings.not_clear_title"), joined((text, _why_two_limits(ranking, report)), texts))


def _why_two_limits(ranking: Ranking, report: QuarterReport) -> str:
    """Say why the limit of the score that ranks is another one than that of a change; "" where they are the same."""
    gap, weight, texts = ranking.noise.clear_gap, _weight_of_months(report), report.texts
    if gap is None or not weight or ranking.basis != "quarter_score":
        return ""
    said = format_number(weight, WEIGHT_DIGITS)
    return texts("standings.two_limits", weight=said, gap=points_text(gap / weight, texts))


def _weight_of_months(report: QuarterReport) -> float | None:
    version = version_in_effect(report.bureau.rules, report.months[-1])
    return report.bureau.weights_of(version, "quarter_score").get("points_mean")


def _standings_table(report: QuarterReport, ranking: Ranking) -> Table:
    texts, standings = report.texts, ranking.in_shown_order(report.groups)
    means = report.of_quarter("points_by_group_month_category").groupby(["party_group", "category"])["points"].mean()
    frame = standings.assign(group=group_marks(report, standings["party_group"]))
    columns = [Column("group", texts("column.party_group"))]
    if ranking.is_spread_clear:
        frame["place"] = [place_text(ranking.places.get(group)) for group in standings["party_group"]]
        columns.append(Column("place", texts("column.rank"), digits=0))
    columns.append(Column("points_mean", texts("standings.points_mean"), digits=POINT_DIGITS))
    for category in report.catalog.categories_of("group").values():
        frame[category.category] = [_mean_of(means, group, category.category) for group in standings["party_group"]]
        label = texts("standings.category", code=category.category, label=report.label(category))
        columns.append(Column(category.category, label, digits=POINT_DIGITS))
    frame["change"] = frame["party_group"].map(changes_of_points(report))
    columns.append(Column("change", texts("standings.change"), digits=POINT_DIGITS, signed=True))
    columns += [
        Column(name, texts(f"standings.{name}"), digits=POINT_DIGITS)
        for name in ("committee_score", "mutual_score", "quarter_score")
        if standings[name].notna().any()
    ]
    terms = report.bureau.terms_of(version_in_effect(report.bureau.rules, report.months[-1]), "quarter_score")
    formula = formula_text(terms, texts("standings.quarter_score"), report)
    shared = texts("standings.shared_places") if ranking.is_spread_clear and ranking.has_shared_places else ""
    parts = (texts(f"standings.ranked_by_{ranking.basis}", formula=formula), shared, texts("numbers.rounded"))
    note = joined(parts, texts)
    return Table(frame, tuple(columns), caption=texts("standings.table"), note=note, keys=BY_GROUP)


def _mean_of(means: "pd.Series[float]", group: str, category: str) -> float | None:
    return float(means[(group, category)]) if (group, category) in means.index else None


def _points_chart(report: QuarterReport) -> Chart:
    texts = report.texts
    wide = (
        recent_points(report)
        .pivot_table(index="month", columns="party_group", values="total_points")
        .sort_index(ascending=False)
    )
    wide = wide.reindex(columns=list(report.groups))
    frame = wide.reset_index(names="period").assign(month=[month_text(month, texts) for month in wide.index])
    columns = [Column("month", texts("column.month"))]
    columns += [Column(group, group, digits=POINT_DIGITS, facet=Facet(group)) for group in report.groups]
    return Chart(
        id="chart-points",
        figure=points_figure(report),
        title=texts("standings.chart_title"),
        summary=texts("standings.chart_summary"),
        table=Table(frame, tuple(columns), caption=texts("standings.chart_title"), keys=RowKeys(period="period")),
        table_label=texts("chart.view_data"),
        how_to_read=texts("standings.how_to_read"),
    )


def _moves_table(report: QuarterReport, standings: pd.DataFrame) -> Table:
    texts = report.texts
    moves = _with_means(report.of_quarter("score_moves"), report)
    labels = report.item_labels()
    rows = []
    for group in standings["party_group"]:
        change = changes_of_points(report).get(group)
        own = moves[(moves["party_group"] == group) & (moves["position"] <= MOVES_SHOWN)].sort_values("position")
        items = [_move_text(row, labels, report) for row in own.itertuples()]
        shown = own["change_points"].map(lambda points: round(points, POINT_DIGITS)).sum(skipna=False)
        rows.append(
            {
                "group": Mark(group, group=report.colour_of(group)),
                "change": change,
                "items": listed(items, texts) if items else MISSING,
                "others": printed_change(change, shown, POINT_DIGITS) if items else None,
            }
        )
    columns = (
        Column("group", texts("column.party_group")),
        Column("change", texts("standings.change"), digits=POINT_DIGITS, signed=True),
        Column("items", texts("standings.three_items")),
        Column("others", texts("standings.other_items"), digits=POINT_DIGITS, signed=True),
    )
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    note = joined([texts("standings.moves_note"), *_scaled_note(moves, report)], texts)
    return Table(frame, columns, caption=texts("standings.moves"), note=note, keys=BY_GROUP)


def _scaled_note(moves: pd.DataFrame, report: QuarterReport) -> tuple[str, ...]:
    shown = moves[moves["position"] <= MOVES_SHOWN]
    kinds = {_kind_of_move(row) for row in shown.itertuples()}
    return (report.texts("standings.scaled_note"),) if "move_scaled" in kinds else ()


def _with_means(moves: pd.DataFrame, report: QuarterReport) -> pd.DataFrame:
    """Return moves with the mean of the item's points before scaling, and the months in which it was left out.

    ``own_mean`` and ``left_out`` are of the quarter, ``own_mean_before`` and ``left_out_before`` of the one before.
    """
    items = report.tables["points_by_group_month_item"]
    for suffix, quarter in (("", report.quarter), ("_before", report.quarter - 1)):
        points = items[items["month"].isin(months_of(quarter))].groupby(["party_group", "item"])["capped_points"]
        own = pd.DataFrame({f"own_mean{suffix}": points.mean(), f"left_out{suffix}": points.size() - points.count()})
        moves = moves.merge(own, left_on=["party_group", "item"], right_index=True, how="left")
    return moves


def _move_text(row: Any, labels: Mapping[str, str], report: QuarterReport) -> str:
    """Return an item and its change; and where that is no change of the work alone, what else has changed."""
    item, kind = str(row.item), _kind_of_move(row)
    change = MISSING if kind == "move_new" else format_number(row.change_points, POINT_DIGITS, signed=True)
    months = row.left_out_before if kind == "move_counted" else row.left_out
    return report.texts(f"standings.{kind}", item=item, label=labels.get(item, item), change=change, count=months)


def _kind_of_move(row: Any) -> str:
    """Tell why the points of an item have changed, as far as it is not by the item's own points.

    Where these are the same, other items of its category were left out, or weights differ.
    """
    if is_missing(row.change_points):
        return "move_new"
    if row.left_out != row.left_out_before:
        return "move_left_out" if row.left_out > row.left_out_before else "move_counted"
    return "move" if round(row.own_mean - row.own_mean_before, PRINTED_DECIMALS) else "move_scaled"


def _rescaled_note(report: QuarterReport) -> Prose | None:
    """Say which items were left out of a category and the rest scaled up, group by group, with their months."""
    categories = report.of_quarter("points_by_group_month_category")
    rescaled = categories[categories["is_rescaled"].astype(bool)][["party_group", "month", "category"]]
    if rescaled.empty:
        return None
    items = report.of_quarter("points_by_group_month_item").merge(rescaled, on=["party_group", "month", "category"])
    out = items[items["capped_points"].isna()].sort_values(["item", "month"])
    lines = [report.texts("standings.rescaled")]
    for group in report.groups:
        names = [
            _left_out_text(str(item), rows, report)
            for item, rows in out[out["party_group"] == group].groupby("item", sort=False)
        ]
        if names:
            lines.append(report.texts("standings.rescaled_group", group=group, items=listed(names, report.texts)))
    return Prose(tuple(lines))


def _left_out_text(item: str, rows: pd.DataFrame, report: QuarterReport) -> str:
    """Return an item with the months in which it was left out; one that the group does not own needs no month."""
    texts = report.texts
    label = {rule.item: report.label(rule) for rule in report.bureau.rules}.get(item, item)
    if (rows["state"] == NOT_ATTRIBUTED).all():
        return label
    months = listed((short_month_text(month, texts) for month in rows["month"]), texts)
    return texts("gap.named_months", name=label, months=months)


def _incomplete_note(report: QuarterReport) -> Prose | None:
    """Say in which months an activity ledger was missing, so that the points are too low rather than low."""
    months = report.of_quarter("points_by_group_month")
    incomplete = months[~months["is_complete"].astype(bool)]
    if incomplete.empty:
        return None
    by_group = {str(group): tuple(sorted(own)) for group, own in incomplete.groupby("party_group")["month"]}
    gaps = [Gap(group, by_group[group]) for group in report.groups if group in by_group]
    return Prose((report.texts("standings.incomplete", places=gap_text(gaps, report.texts)),))
