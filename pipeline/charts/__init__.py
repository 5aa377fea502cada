"""Tables become plotly figures here; nothing is computed, and a chart shows only what its table holds."""

from pipeline.charts.estimates import attainment_chart, correlation_chart
from pipeline.charts.style import GROUP_COLOURS, group_colour
from pipeline.charts.topics import TopicPanel, topics_chart
from pipeline.charts.trends import MonthMarks, Track, points_chart, trend_chart

__all__ = [
    "GROUP_COLOURS",
    "MonthMarks",
    "TopicPanel",
    "Track",
    "attainment_chart",
    "correlation_chart",
    "group_colour",
    "points_chart",
    "topics_chart",
    "trend_chart",
]
