"""Which topics meetings had, beside the results that they aim at: what was discussed when, and no word of effect."""

import pandas as pd

from pipeline.report.material.marks import group_marks
from pipeline.report.material.numbers import date_text, joined, listed, metric_value, month_text, short_month_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import Block, Fold, ForFacet, Notice, Prose, Stack, Subheading
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.facets import Facet, RowKeys
from pipeline.report.page.table_block import Column, Table
from pipeline.report.quarterly.topic_months import TopicMonths, topic_label, topic_months, topics_figure

DECISIONS = ("decision_count", "due_count", "on_time_count")


def show_topics(report: QuarterReport) -> Stack:
    """Show the quarter's meetings with a work topic, and a chart a group of its topics and results along the months."""
    texts = report.texts
    blocks: list[Block] = [Subheading(texts("topics.title"))]
    meetings = report.of_quarter("topic_meetings")
    if meetings.empty:
        blocks.append(Prose((texts("topics.none"),)))
    else:
        blocks += [Prose((_counts(report, meetings),)), Fold(texts("topics.fold"), _meetings(report, meetings))]
    found = {group: topic_months(report, group) for group in report.groups}
    charts = [ForFacet(_chart(report, group, entries), Facet(group)) for group, entries in found.items() if entries]
    if charts:
        blocks.append(Notice(texts("topics.note_title"), texts("topics.note")))
    return Stack((*blocks, *charts))


def _counts(report: QuarterReport, meetings: pd.DataFrame) -> str:
    """Say how many meetings had which topic, and what became of what they decided."""
    texts = report.texts
    counts = meetings["topic"].value_counts(sort=True)
    parts = [texts("topics.count", topic=topic_label(report, str(name)), count=count) for name, count in counts.items()]
    held = meetings.drop_duplicates(["source_file", "source_sheet", "source_row"])  # one may have had two topics
    first = texts("topics.meetings", count=len(held), parts=listed(parts, texts))
    decided = meetings.drop_duplicates(["party_group", "month", "topic"])[list(DECISIONS)]
    known = decided.dropna()
    total, due, on_time = (int(known[name].sum()) for name in known)
    second = texts("topics.decisions", count=total, due=due, on_time=on_time) if len(known) else ""
    third = texts("topics.decisions_unknown") if len(known) < len(decided) else ""
    return joined((first, second, third), texts)


def _meetings(report: QuarterReport, meetings: pd.DataFrame) -> Table:
    texts, metrics = report.texts, report.catalog.metrics
    frame = meetings.assign(
        day=[date_text(day.date(), texts) for day in meetings["held_on"]],
        group=group_marks(report, meetings["party_group"]),
        topic=[topic_label(report, topic) for topic in meetings["topic"]],
        code=meetings["metric"],
        metric=meetings["metric"].map({name: report.label(metric) for name, metric in metrics.items()}),
    )
    columns = (
        Column("day", texts("topics.day")),
        Column("group", texts("column.party_group")),
        Column("topic", texts("topics.topic")),
        Column("metric", texts("topics.metric")),
        Column("decision_count", texts("topics.decided"), digits=0),
        Column("due_count", texts("topics.due"), digits=0),
        Column("on_time_count", texts("topics.on_time"), digits=0),
    )
    keys = RowKeys(group="group", metric="code")
    return Table(frame, columns, caption=texts("topics.table"), note=texts("topics.table_note"), keys=keys)


def _chart(report: QuarterReport, group: str, found: tuple[TopicMonths, ...]) -> Chart:
    texts = report.texts
    title = texts("topics.chart_title", group=group)
    return Chart(
        id=f"chart-topics-{report.numbers[group]}",
        figure=topics_figure(report, group, found),
        title=title,
        summary=joined((_sentence(report, entry) for entry in found), texts),
        table=_months_table(report, title, found),
        table_label=texts("chart.view_data"),
        how_to_read=texts("topics.how_to_read"),
    )


def _sentence(report: QuarterReport, entry: TopicMonths) -> str:
    """Say in which months the topics were discussed, and what the result was in those months and in all."""
    texts, metric, catalog = report.texts, entry.metric, report.catalog
    then, known = entry.values[entry.values.index.isin(list(entry.held))].dropna(), entry.values.dropna()
    values: dict[str, object] = {
        "topics": listed(entry.topics, texts),
        "months": _when(report, entry),
        "metric": report.label(metric),
    }
    if then.empty:
        return texts("topics.without_values", all=len(entry.values), **values)
    found = (then.min(), then.max(), known.median())
    low, high, values["median"] = (metric_value(value, metric, catalog, texts) for value in found)
    values["known"] = len(known)
    if low == high:
        return texts("topics.one_value", value=low, **values)
    return texts("topics.range", low=low, high=high, **values)


def _when(report: QuarterReport, entry: TopicMonths) -> str:
    """Return the months with a meeting, their year said once: 2020年3月、9月；2021年1月."""
    texts = report.texts
    if len(entry.held) == len(entry.values):
        return texts("topics.every_month")
    by_year: dict[int, list[str]] = {}
    for month in entry.held:
        by_year.setdefault(month.year, []).append(short_month_text(month, texts))
    parts = (texts("topics.year_months", year=year, months=listed(own, texts)) for year, own in by_year.items())
    return texts("list.clauses").join(parts)


def _months_table(report: QuarterReport, title: str, found: tuple[TopicMonths, ...]) -> Table:
    texts = report.texts
    months = found[0].values.index
    topics = [dict.fromkeys(topic for entry in found for topic in entry.held.get(month, ())) for month in months]
    held = [listed(names, texts) or None for names in topics]
    frame = pd.DataFrame({"period": months, "month": [month_text(month, texts) for month in months], "held": held})
    for entry in found:
        frame[entry.metric.metric] = entry.values.to_numpy()
    columns = [Column("month", texts("column.month")), Column("held", texts("topics.held"))]
    for metric in (entry.metric for entry in found):
        unit, facet = texts(f"unit.{metric.unit}"), Facet(metric=metric.metric)
        columns.append(Column(metric.metric, report.label(metric), metric.decimals, unit, facet=facet))
    return Table(frame.iloc[::-1], tuple(columns), caption=title, keys=RowKeys(period="period"))
