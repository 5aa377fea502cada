"""Sections of the year: in five sentences, the scores with their arithmetic, month by month."""

import pandas as pd

from pipeline.charts import points_chart
from pipeline.report.annual.headline import year_key_figures, year_sentences, year_standing_sentence
from pipeline.report.annual.scores import (
    SCORE,
    change_from_last_year,
    quarter_scores,
    quarters_lacking,
    year_arithmetic,
    year_ranking,
)
from pipeline.report.annual.view import AnnualReport
from pipeline.report.material.marks import BY_GROUP, group_marks
from pipeline.report.material.numbers import (
    POINT_DIGITS,
    listed,
    month_text,
    points_text,
    quarter_text,
    short_month_text,
)
from pipeline.report.material.ranking import Ranking, place_text
from pipeline.report.material.weighing import SCORE_DIGITS, formula_text
from pipeline.report.page.blocks import Block, Bullets, Notice, Prose, Section, Stack
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.facets import Facet, RowKeys
from pipeline.report.page.table_block import Column, Table

ENDS = ("highest", "lowest")  # of the months of a year


def show_year_summary(report: AnnualReport) -> Stack:
    """Show a card a group and the year in five sentences; says so when the year is not over."""
    texts = report.texts
    blocks: list[Block] = [Section("summary", texts("year.summary_title"))]
    if not report.is_over:
        text = texts("year.not_over", quarter=quarter_text(report.quarter, texts))
        blocks.append(Notice(texts("year.not_over_title"), text))
    return Stack((*blocks, year_key_figures(report), Bullets(year_sentences(report))))


def show_year_scores(report: AnnualReport) -> Stack:
    """Show quarters, appraisal and year score with their arithmetic; ranks only where the gaps mean something."""
    texts, ranking = report.texts, year_ranking(report)
    blocks: list[Block] = [Section("scores", texts("year.scores_title"), year_standing_sentence(report))]
    ranked = ranking if ranking is not None and ranking.is_spread_clear else None
    if ranking is not None and ranked is None:
        blocks.append(_why_no_ranking(ranking, report))
    rows = report.of_year("annual_by_group_year")
    order = ranking.in_shown_order(report.groups) if ranking is not None else _in_fixed_order(rows, report)
    blocks.append(_score_table(report, order, ranked))
    groups = [str(group) for group in order["party_group"]]
    told = [group for group in groups if report.is_over or quarters_lacking(report, group)]
    if told:
        blocks.append(Bullets(tuple(year_arithmetic(report, group) for group in told)))
    return Stack((*blocks, Prose(_score_notes(report))))


def _why_no_ranking(ranking: Ranking, report: AnnualReport) -> Notice:
    texts, gap = report.texts, ranking.noise.clear_gap
    if ranking.lacking:
        groups = listed(ranking.lacking, texts)
        return Notice(texts("standings.no_ranking_title"), texts("standings.lacking", groups=groups))
    text = texts("year.noise_unknown") if gap is None else texts("year.not_clear", gap=points_text(gap, texts))
    return Notice(texts("standings.not_clear_title"), text)


def _in_fixed_order(rows: pd.DataFrame, report: AnnualReport) -> pd.DataFrame:
    places = {group: place for place, group in enumerate(report.groups)}
    return rows.sort_values("party_group", key=lambda names: names.map(places), kind="stable")


def _score_table(report: AnnualReport, order: pd.DataFrame, ranking: Ranking | None) -> Table:
    texts, scores = report.texts, quarter_scores(report)
    frame = order.assign(group=group_marks(report, order["party_group"]))
    frame["change"] = order["party_group"].map(change_from_last_year(report))
    columns = [Column("group", texts("column.party_group"))]
    if ranking is not None:
        frame["place"] = [place_text(ranking.places.get(group)) for group in order["party_group"]]
        columns.append(Column("place", texts("column.rank"), digits=0))
    for quarter in report.quarters:
        frame[str(quarter)] = [scores.get((group, quarter), {}).get("quarter_score") for group in order["party_group"]]
        columns.append(Column(str(quarter), texts(f"period.quarter_{quarter.quarter}"), digits=SCORE_DIGITS))
    columns += [
        Column(name, texts(f"year.{name}"), digits=SCORE_DIGITS)
        for name in ("quarter_mean", "peer_appraisal", SCORE)
        if name == "quarter_mean" or report.is_over
    ]
    if frame["change"].notna().any():
        columns.append(Column("change", texts("year.change"), digits=SCORE_DIGITS, signed=True))
    note = texts("standings.shared_places") if ranking is not None and ranking.has_shared_places else ""
    return Table(frame, tuple(columns), caption=texts("year.scores_table", year=report.year), note=note, keys=BY_GROUP)


def _score_notes(report: AnnualReport) -> tuple[str, ...]:
    texts = report.texts
    year = formula_text(report.year_terms, texts("year.year_score"), report)
    quarter = formula_text(report.quarter_terms(report.quarter), texts("standings.quarter_score"), report)
    return (texts("year.formulas", year=year, quarter=quarter), texts("year.rounding"))


def show_year_months(report: AnnualReport) -> Stack:
    """Show the points of every group month by month, and in which months a ledger was missing."""
    texts = report.texts
    blocks: list[Block] = [Section("months", texts("year.months_title"), texts("year.months_lead"))]
    blocks += [_months_chart(report), _months_table(report)]
    months = report.of_year("points_by_group_month")
    incomplete = months[~months["is_complete"].astype(bool)]
    if len(incomplete):
        places = [
            texts(
                "gap.group_months",
                group=group,
                months=listed((short_month_text(month, texts) for month in sorted(own["month"])), texts),
            )
            for group, own in incomplete.groupby("party_group")
        ]
        blocks.append(Prose((texts("standings.incomplete", places=texts("list.clauses").join(places)),)))
    return Stack(tuple(blocks))


def _months_chart(report: AnnualReport) -> Chart:
    texts, points = report.texts, report.of_year("points_by_group_month").sort_values("month")
    wide = points.pivot_table(index="month", columns="party_group", values="total_points")
    wide = wide.reindex(columns=list(report.groups))
    frame = wide.reset_index(names="period").assign(month=[month_text(month, texts) for month in wide.index])
    columns = [Column("month", texts("column.month"))]
    columns += [Column(group, group, digits=POINT_DIGITS, facet=Facet(group)) for group in report.groups]
    figure = points_chart(points, report.groups, (), texts)
    figure.update_xaxes(dtick="M1", tickformat="%m")  # a year: every month has its number
    title = texts("year.months_chart", year=report.year)
    return Chart(
        id="chart-year",
        figure=figure,
        title=title,
        summary=texts("year.months_summary"),
        table=Table(frame, tuple(columns), caption=title, keys=RowKeys(period="period")),
        table_label=texts("chart.view_data"),
        how_to_read=texts("standings.how_to_read"),
    )


def _months_table(report: AnnualReport) -> Table:
    """Return the mean, the highest and the lowest month of every group."""
    texts, points = report.texts, report.of_year("points_by_group_month").dropna(subset=["total_points"])
    rows = []
    for group in report.groups:
        own = points[points["party_group"] == group].sort_values(["total_points", "month"], ascending=[False, True])
        if own.empty:
            continue
        records = own.to_dict("records")
        said = {
            name: texts(
                "year.month_points",
                month=short_month_text(row["month"], texts),
                points=points_text(row["total_points"], texts),
            )
            for name, row in zip(ENDS, (records[0], records[-1]), strict=True)
        }
        rows.append(
            {"group": group_marks(report, [group])[0], "mean": own["total_points"].mean(), "count": len(own), **said}
        )
    columns = (
        Column("group", texts("column.party_group")),
        Column("count", texts("year.months_scored"), digits=0),
        Column("mean", texts("standings.points_mean"), digits=POINT_DIGITS),
        Column("highest", texts("year.highest")),
        Column("lowest", texts("year.lowest")),
    )
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    return Table(frame, columns, caption=texts("year.months_table"), keys=BY_GROUP)
