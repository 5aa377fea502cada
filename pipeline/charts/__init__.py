"""Tables become plotly figures here; nothing is computed, and a chart shows only what its table holds."""

from pipeline.charts.attainment import attainment_chart
from pipeline.charts.forest import Estimate, ForestGroup, ForestMean, forest_chart
from pipeline.charts.lags import LagProfile, lags_chart
from pipeline.charts.months import GroupMonths, MonthsScale, months_chart
from pipeline.charts.scatter import MonthDots, raw_and_adjusted_chart, scatter_chart
from pipeline.charts.style import GROUP_COLOURS, group_colour
from pipeline.charts.topics import TopicPanel, topics_chart
from pipeline.charts.trends import MonthMarks, Track, points_chart, trend_chart

__all__ = [
    "GROUP_COLOURS",
    "Estimate",
    "ForestGroup",
    "ForestMean",
    "GroupMonths",
    "LagProfile",
    "MonthDots",
    "MonthMarks",
    "MonthsScale",
    "TopicPanel",
    "Track",
    "attainment_chart",
    "forest_chart",
    "group_colour",
    "lags_chart",
    "months_chart",
    "points_chart",
    "raw_and_adjusted_chart",
    "scatter_chart",
    "topics_chart",
    "trend_chart",
]
