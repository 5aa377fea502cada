"""When a group's meetings had a topic that aims at one of its results, beside that result month by month."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from plotly.graph_objects import Figure

from pipeline.catalog import Metric
from pipeline.charts import TopicPanel, topics_chart
from pipeline.report.material.figures import metric_months
from pipeline.report.material.numbers import listed
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.table_block import format_number

MONTHS_SHOWN = 24  # every calendar month twice
HEADROOM = 0.12  # of the range of values above them; the marks of meetings stand as far below them, twice
EMPTY_SCALE = (0.0, 1.0)


@dataclass(frozen=True)
class TopicMonths:
    """One result of a group by month over the months shown, and what its meetings had as a topic that aims at it."""

    metric: Metric
    values: "pd.Series[float]"
    held: Mapping[pd.Period, tuple[str, ...]]  # month -> topics as the page calls them, one a meeting

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic once."""
        return tuple(dict.fromkeys(topic for topics in self.held.values() for topic in topics))


def topic_months(report: QuarterReport, group: str) -> tuple[TopicMonths, ...]:
    """Return the results that a group's meetings had a topic of, in the order of the catalog."""
    own = report.rows_of("topic_meetings", "party_group", group)
    meetings: dict[tuple[str, pd.Period], list[str]] = {}
    for code, month, topic in zip(*(own[name].tolist() for name in ("metric", "month", "topic")), strict=True):
        meetings.setdefault((code, month), []).append(topic_label(report, topic))
    aimed_at = {code for code, _ in meetings}
    found: list[TopicMonths] = []
    for metric in report.metrics_of(group):
        if metric.metric in aimed_at:
            values = metric_months(report, group, metric.metric).iloc[-MONTHS_SHOWN:]
            pairs = [(month, (metric.metric, month)) for month in values.index]
            held = {month: tuple(meetings[pair]) for month, pair in pairs if pair in meetings}
            if held:
                found.append(TopicMonths(metric, values, held))
    return tuple(found)


def topic_label(report: QuarterReport, topic: str) -> str:
    """Return a topic of the catalog in the language of the page; any other as it was written."""
    known = next((entry for entry in report.catalog.topics if entry.topic == topic), None)
    return known.label_en if known and report.texts.lang == "en" else topic


def topics_figure(report: QuarterReport, group: str, found: tuple[TopicMonths, ...]) -> Figure:
    """Return the chart of one group: a panel a result."""
    return topics_chart([_panel(report, entry) for entry in found], report.numbers[group], report.texts)


def _panel(report: QuarterReport, entry: TopicMonths) -> TopicPanel:
    texts, digits = report.texts, entry.metric.decimals
    unit = texts(f"unit.{entry.metric.unit}")
    named = texts("chart.metric_with_unit", metric=report.label(entry.metric), unit=unit)
    known = entry.values.dropna()
    low, high = (float(known.min()), float(known.max())) if len(known) else EMPTY_SCALE
    room = HEADROOM * (high - low or 1.0)
    return TopicPanel(
        label=texts("topics.panel", metric=named, topics=listed(entry.topics, texts)),
        values=entry.values,
        meetings={month: len(topics) for month, topics in entry.held.items()},
        scale=(low - 3 * room, high + room),
        ticks=[(value, format_number(value, digits)) for value in dict.fromkeys((low, high))] if len(known) else [],
        floor=low - 2 * room,
        digits=digits,
    )
