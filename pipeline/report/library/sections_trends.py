"""Sections of the period library: the groups over time, their points, their standings and each metric."""

import pandas as pd

from pipeline.catalog import Metric
from pipeline.charts.library import TimePanel, time_chart
from pipeline.periods import months_of
from pipeline.points.schemes import version_in_effect
from pipeline.report.library.view import Library, owned_metrics, owners_of, quarters_known
from pipeline.report.library.words import gap_words
from pipeline.report.material.base import PageMaterial
from pipeline.report.material.gaps import gap_text, lacking_key
from pipeline.report.material.lacking import Gap
from pipeline.report.material.numbers import (
    POINT_DIGITS,
    joined,
    listed,
    metric_value,
    month_text,
    points_text,
    printed_change,
    quarter_text,
)
from pipeline.report.material.ranking import Ranking, place_text, ranking_of
from pipeline.report.material.weighing import formula_text
from pipeline.report.page.blocks import Bullets, ForFacet, Section, Stack
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.facets import Facet, RowKeys
from pipeline.report.page.table_block import MISSING, Column, Table, format_number, is_missing

NUMBER_CELL = 0  # the cells are text with their rank; digits only set them to the right
POINTS = ("total_points", "process_points")  # columns of points_by_group_month
MEANS = {"total_points": "points_mean", "process_points": "process_mean"}  # the same, of a quarter


def show_points(library: Library, newest: PageMaterial) -> Stack:
    """Show standings and points of all quarters, as the newest tables see them."""
    texts, ranking = library.texts, ranking_of(newest)
    lead = texts("library.points_lead", quarter=quarter_text(newest.quarter, texts), words=gap_words(ranking, texts))
    return Stack(
        (
            Section("points", texts("library.points_title"), lead),
            _standings_table(newest),
            *_points_gaps(library),
            _points_chart("quarter", newest),
            _points_chart("month", newest),
        )
    )


def _points_gaps(library: Library) -> tuple[Bullets, ...]:
    """Return for every published quarter the months whose points lack a ledger, as its own board has them."""
    texts, lines = library.texts, []
    for _, material in library.readable:
        rows = material.tables["board"]
        own = rows[(rows["panel"] == "ledgers") & rows["period"].isin([str(month) for month in material.months])]
        gaps = [
            Gap(str(group), tuple(pd.Period(month, freq="M") for month in months))
            for group, months in own.groupby("party_group", sort=False)["period"]
        ]
        if gaps:
            unequal = rows.loc[rows["measure"] == "lacking_groups", "value"]
            key = lacking_key(gaps, is_unequal=not len(unequal) or bool(unequal.iloc[0]))
            said = {"quarter": quarter_text(material.quarter, texts), "places": gap_text(gaps, texts)}
            lines.append(texts(f"library.{key}", **said))
    return (Bullets(tuple(lines)),) if lines else ()


def show_metrics_over_time(library: Library, newest: PageMaterial) -> Stack:
    """Show one chart a metric, quarter by quarter, for the groups that own it; those without data are named."""
    texts, metrics = library.texts, owned_metrics(newest)
    table = newest.tables["metrics_by_group_quarter"].dropna(subset=["value"])
    known = [metric for metric in metrics if (table["metric"] == metric.metric).any()]
    remarks = [texts("library.metrics_festival"), texts("library.metrics_owners")]
    without = [newest.label(metric) for metric in metrics if metric not in known]
    if without:
        remarks.append(texts("library.metrics_without_data", metrics=listed(without, texts)))
    return Stack(
        (
            Section("metrics", texts("library.metrics_title"), texts("library.metrics_lead")),
            Bullets(tuple(remarks)),
            *(ForFacet(_metric_chart(metric, newest), Facet(metric=metric.metric)) for metric in known),
        )
    )


def _standings_table(newest: PageMaterial) -> Table:
    """Return one row a quarter: the score that ranks by group, with ranks only where the gaps are clear."""
    texts = newest.texts
    rankings = [ranking_of(newest, quarter) for quarter in reversed(quarters_known(newest))]
    quarters = list(reversed(quarters_known(newest)))
    frame = pd.DataFrame(
        {
            "quarter": quarters,
            "period": [quarter_text(quarter, texts) for quarter in quarters],
            "basis": [texts(f"standings.{ranking.basis}") for ranking in rankings],
            **{
                group: [_score_cell(ranking, group, texts_of=newest) for ranking in rankings] for group in newest.groups
            },
            "gap": [_spread(ranking) for ranking in rankings],
            "noise": [ranking.noise.clear_gap for ranking in rankings],
            "words": [gap_words(ranking, texts) for ranking in rankings],
        }
    )
    columns = (
        Column("period", texts("library.quarter")),
        Column("basis", texts("library.basis")),
        *(Column(group, group, digits=NUMBER_CELL, facet=Facet(group=group)) for group in newest.groups),
        Column("gap", texts("library.spread"), digits=POINT_DIGITS),
        Column("noise", texts("library.noise"), digits=POINT_DIGITS),
        Column("words", texts("library.gap_means")),
    )
    terms = newest.bureau.terms_of(
        version_in_effect(newest.bureau.rules, months_of(newest.quarter)[-1]), "quarter_score"
    )
    formula = formula_text(terms, texts("standings.quarter_score"), newest)
    note = texts("library.standings_note", formula=formula)
    return Table(frame, columns, caption=texts("library.standings_table"), note=note, keys=RowKeys(period="quarter"))


def _score_cell(ranking: Ranking, group: str, texts_of: PageMaterial) -> str:
    score = ranking.scores.get(group)
    if is_missing(score):
        return MISSING
    text, count = format_number(score, POINT_DIGITS), ranking.month_count(group)
    if count < len(texts_of.months):
        text = texts_of.texts("library.score_of_months", score=text, count=count)
    if not ranking.is_spread_clear:
        return text
    return texts_of.texts("library.score_with_rank", score=text, rank=place_text(ranking.places.get(group)))


def _spread(ranking: Ranking) -> float | None:
    if len(ranking.scores) < 2:
        return None
    return printed_change(ranking.scores.max(), ranking.scores.min(), POINT_DIGITS)


def _points_chart(step: str, newest: PageMaterial) -> Chart:
    """Return total points above process points; ``step`` is quarter or month."""
    texts = newest.texts
    if step == "quarter":
        source = newest.tables["standings_by_group_quarter"].rename(columns={mean: own for own, mean in MEANS.items()})
    else:
        source = newest.tables["points_by_group_month"]
    panels = [
        TimePanel(texts(f"library.panel_{column}"), _rows(source, step, column), POINT_DIGITS) for column in POINTS
    ]
    frame = _wide(source, step, POINTS, newest)
    columns = [Column("period", texts(f"library.{step}"))]
    columns += [
        Column(
            f"{column}/{group}",
            texts(f"library.column_{column}", group=group),
            digits=POINT_DIGITS,
            facet=Facet(group=group),
        )
        for column in POINTS
        for group in newest.groups
    ]
    title = texts(f"library.points_by_{step}")
    return Chart(
        id=f"chart-points-{step}",
        figure=time_chart(panels, newest.groups),
        title=title,
        summary=_points_summary(source, step, newest),
        table=Table(frame, tuple(columns), caption=title, keys=RowKeys(period=step)),
        table_label=texts("chart.view_data"),
        how_to_read=joined(
            (texts("library.points_how_to_read"), texts("library.points_quarter_mean") if step == "quarter" else ""),
            texts,
        ),
    )


def _points_summary(source: pd.DataFrame, step: str, newest: PageMaterial) -> str:
    """Say where the groups stand in the last quarter or month."""
    texts, last = newest.texts, source[step].max()
    own = source[source[step] == last].set_index("party_group")
    parts = [
        texts(
            "library.points_of_group",
            group=group,
            total=points_text(own.at[group, "total_points"], texts),
            process=points_text(own.at[group, "process_points"], texts),
        )
        for group in newest.groups
        if group in own.index
    ]
    period = quarter_text(last, texts) if step == "quarter" else month_text(last, texts)
    return texts("library.points_now", period=period, groups=texts("list.clauses").join(parts))


def _metric_chart(metric: Metric, newest: PageMaterial) -> Chart:
    texts, owners = newest.texts, owners_of(metric, newest)
    own = newest.tables["metrics_by_group_quarter"]
    own = own[(own["metric"] == metric.metric) & own["party_group"].isin(owners)]
    whole = own.assign(value=own["value"].where(~is_partial_sum(own, metric, newest)))
    unit, label = texts(f"unit.{metric.unit}"), newest.label(metric)
    panel = TimePanel(
        texts("chart.metric_with_unit", metric=label, unit=unit),
        _rows(whole, "quarter", "value").assign(value=lambda rows: _drawn(rows["value"], metric)),
        metric.decimals,
        metric=metric.metric,
        is_log=metric.has_heavy_tail,
    )
    columns = [Column("period", texts("library.quarter"))]
    columns += [
        Column(f"value/{group}", group, digits=metric.decimals, unit=unit, facet=Facet(group=group)) for group in owners
    ]
    keys = RowKeys(period="quarter")
    return Chart(
        id=f"chart-metric-{metric.metric.replace('_', '-')}",
        figure=time_chart([panel], newest.groups),
        title=label,
        summary=_metric_summary(whole, metric, newest),
        table=Table(_wide(whole, "quarter", ("value",), newest), tuple(columns), caption=label, keys=keys),
        table_label=texts("chart.view_data"),
        how_to_read=_metric_how_to_read(own, metric, newest),
        is_half=True,
    )


def is_partial_sum(rows: pd.DataFrame, metric: Metric, material: PageMaterial) -> "pd.Series[bool]":
    """Tell which rows of ``metrics_by_group_quarter`` add up fewer months than a quarter has: too low to compare.

    A quotient is of the months that it has, whatever their number.
    """
    is_sum = material.catalog.measures[metric.measure].aggregate != "quotient"
    return is_sum & (rows["month_count"] < len(material.months))


def _drawn(values: "pd.Series[float]", metric: Metric) -> "pd.Series[float]":
    """Return the values that can be drawn: a scale of powers of ten has no zero."""
    return values.where(values > 0) if metric.has_heavy_tail else values


def _metric_summary(whole: pd.DataFrame, metric: Metric, newest: PageMaterial) -> str:
    texts = newest.texts
    known = whole.dropna(subset="value")
    found = dict(zip(zip(known["quarter"], known["party_group"], strict=True), known["value"].tolist(), strict=True))
    parts = []
    for quarter in (newest.quarter, newest.quarter - 4):
        now = {group: found[quarter, group] for group in newest.groups if (quarter, group) in found}
        values = [
            texts("library.value_of_group", group=group, value=metric_value(value, metric, newest.catalog, texts))
            for group, value in now.items()
        ]
        words = listed(values, texts) if values else texts("library.no_value")
        parts.append(texts("library.metric_now", quarter=quarter_text(quarter, texts), values=words))
    return joined(parts, texts)


def _metric_how_to_read(own: pd.DataFrame, metric: Metric, newest: PageMaterial) -> str:
    texts = newest.texts
    definition = metric.definition_en if texts.lang == "en" else metric.definition_zh
    parts = [texts("library.metric_definition", definition=definition)]
    if metric.has_heavy_tail:
        parts.append(texts("library.metric_heavy_tail"))
    partial = own[is_partial_sum(own, metric, newest)]
    if len(partial):
        places = [
            texts("library.group_quarter", group=group, quarter=quarter_text(quarter, texts))
            for quarter, group in sorted(zip(partial["quarter"], partial["party_group"], strict=True))
        ]
        parts.append(texts("library.metric_partial", places=listed(places, texts)))
    return joined(parts, texts)


def _rows(source: pd.DataFrame, step: str, column: str) -> pd.DataFrame:
    return source[["party_group", step, column]].set_axis(["party_group", "period", "value"], axis=1)


def _wide(source: pd.DataFrame, step: str, columns: tuple[str, ...], material: PageMaterial) -> pd.DataFrame:
    """Return one row a quarter or month, the newest first, with a column ``<column>/<group>`` each."""
    periods = sorted(source[step].unique(), reverse=True)
    keys = list(zip(source["party_group"], source[step], strict=True))
    known = {column: dict(zip(keys, source[column].tolist(), strict=True)) for column in columns}
    said = quarter_text if step == "quarter" else month_text
    values = {
        f"{column}/{group}": [known[column].get((group, period)) for period in periods]
        for column in columns
        for group in material.groups
    }
    return pd.DataFrame({step: periods, "period": [said(period, material.texts) for period in periods], **values})
