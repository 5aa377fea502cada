"""The charts of ``report.xlsx`` and the sheets that hold their numbers: points, attainment, metrics by month."""

from collections.abc import Sequence
from math import floor, log10

import pandas as pd

from pipeline.catalog import Metric
from pipeline.charts import group_colour
from pipeline.report.material.figures import HEADROOM, attained_rows, metric_months
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.table_block import is_missing
from pipeline.report.quarterly.headline import page_frame
from pipeline.report.workbook.sheets import back_link, make_sheet, sheet_name
from pipeline.spreadsheets.books import ChartSheet
from pipeline.spreadsheets.charts import MONTH_FORMAT, DataSeries, SheetChart
from pipeline.spreadsheets.tables import CellValue, Number, Sheet

POINTS_FORMAT, RATE_FORMAT = "0.0", '0.0"%"'  # rates stand as numbers of per cent
FULL_RATE = 100.0
POINT_COLUMNS = ("total_points", "process_points")


def points_sheet(report: QuarterReport) -> Sheet:
    """Return total and process points: a row a month, a column a group and kind of points."""
    dictionary = {column.column: report.label(column) for column in report.catalog.columns_of("points_by_group_month")}
    header = [report.texts("workbook.of_group", group=group, what=dictionary[name]) for name, group in _points(report)]
    table = report.tables["points_by_group_month"].set_index(["party_group", "month"])
    series = [table.loc[group][name] if group in table.index else None for name, group in _points(report)]
    return _by_month(report, "points_by_month", header, series, [POINTS_FORMAT] * len(series))


def attainment_sheet(report: QuarterReport) -> Sheet:
    """Return how far targets were attained: a row a metric, a column a group, and the target itself as 100 %."""
    rows = attained_rows(report)
    known = rows.set_index(["label", "party_group"])["attained_pct"].astype("float64").to_dict()
    labels = list(dict.fromkeys(rows["label"]))
    header = [report.texts("column.metric"), *report.groups, report.texts("workbook.target")]
    cells: list[list[CellValue]] = [
        [
            label,
            *(Number(known.get((label, group)), RATE_FORMAT) for group in report.groups),
            Number(FULL_RATE, RATE_FORMAT),
        ]
        for label in labels
    ]
    return make_sheet(report, "attainment", header, cells)


def results_sheet(report: QuarterReport) -> Sheet:
    """Return every metric that points are compared with: a row a month, a column a metric and group that owns it."""
    pairs = _owned(report)
    header = [
        report.texts("workbook.of_group", group=group, what=_with_unit(report, metric)) for metric, group in pairs
    ]
    series = [metric_months(report, group, metric.metric) for metric, group in pairs]
    return _by_month(report, "results_by_month", header, series, [_format(metric) for metric, _ in pairs])


def chart_sheet(report: QuarterReport) -> ChartSheet:
    """Return the sheet of charts: points, attainment, and a chart a metric with a line a group that owns it."""
    frame = page_frame(report)
    return ChartSheet(
        title=sheet_name(report, "charts"),
        lines=(
            report.texts("workbook.sheet_title", sheet=sheet_name(report, "charts"), report=frame.title),
            report.texts("workbook.about_charts"),
        ),
        charts=(*_points_charts(report), *_attainment_chart(report), *_metric_charts(report)),
        warning=frame.banner,
        back=back_link(report),
    )


def _points_charts(report: QuarterReport) -> list[SheetChart]:
    texts, count = report.texts, len(report.groups)
    return [
        SheetChart(
            title=texts(f"workbook.chart_{name}"),
            sheet=sheet_name(report, "points_by_month"),
            series=[_line(report, group, 2 + place * count + number) for number, group in enumerate(report.groups)],
            x_title=texts("column.month"),
            y_title=texts("unit.points"),
            number_format="0",
            of_months=True,
        )
        for place, name in enumerate(POINT_COLUMNS)
    ]


def _attainment_chart(report: QuarterReport) -> list[SheetChart]:
    """Return the chart of attainment; none where no metric has a target."""
    texts, rows = report.texts, attained_rows(report)
    if rows.empty:
        return []
    known = set(rows["party_group"])
    dots = [
        _line(report, group, 2 + number, look="dots") for number, group in enumerate(report.groups) if group in known
    ]
    target = DataSeries(2 + len(report.groups), texts("workbook.target"), look="reference")
    return [
        SheetChart(
            title=texts("metrics.chart_title"),
            sheet=sheet_name(report, "attainment"),
            series=[*dots, target],
            x_title=texts("column.metric"),
            y_title=texts("chart.attained_axis"),
            number_format='0"%"',
            lowest=_lowest([float(rate) for rate in rows["attained_pct"]]),
        )
    ]


def _metric_charts(report: QuarterReport) -> list[SheetChart]:
    pairs = _owned(report)
    columns = {(metric.metric, group): column for column, (metric, group) in enumerate(pairs, start=2)}
    return [
        SheetChart(
            title=report.label(metric),
            sheet=sheet_name(report, "results_by_month"),
            series=[
                _line(report, group, columns[metric.metric, group])
                for group in report.groups
                if (metric.metric, group) in columns
            ],
            x_title=report.texts("column.month"),
            y_title=_with_unit(report, metric),
            number_format="#,##0",
            of_months=True,
            lowest=_lowest(
                [
                    value
                    for owner, group in pairs
                    if owner == metric
                    for value in metric_months(report, group, metric.metric)
                ]
            ),
        )
        for metric in dict.fromkeys(metric for metric, _ in pairs)
    ]


def _lowest(values: Sequence[float]) -> float | None:
    """Return where the axis of values that stay far above 0 begins, a round number; None where it may begin at 0."""
    known = [value for value in values if not is_missing(value)]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    if low <= high / 2 or low == high:
        return None
    step = 10.0 ** floor(log10(high - low))
    return floor((low - HEADROOM * (high - low)) / step) * step


def _line(report: QuarterReport, group: str, column: int, *, look: str = "line") -> DataSeries:
    number = report.groups.index(group)
    return DataSeries(column, group, group_colour(number + 1), number, "dots" if look == "dots" else "line")


def _by_month(
    report: QuarterReport,
    name: str,
    header: Sequence[str],
    series: Sequence["pd.Series[float] | None"],
    formats: Sequence[str],
) -> Sheet:
    """Return a sheet with a row a month; a month without a value is an empty cell, and a gap in its chart."""
    months = metric_months(report, report.groups[0], "").index
    rows: list[list[CellValue]] = [
        [
            Number(month.start_time.date(), MONTH_FORMAT),
            *(_cell(column, month, kind) for column, kind in zip(series, formats, strict=True)),
        ]
        for month in months
    ]
    return make_sheet(report, name, [report.texts("column.month"), *header], rows)


def _cell(series: "pd.Series[float] | None", month: pd.Period, number_format: str) -> Number | None:
    value = None if series is None else series.get(month)
    return None if is_missing(value) else Number(float(value), number_format)  # type: ignore[arg-type]


def _points(report: QuarterReport) -> list[tuple[str, str]]:
    return [(name, group) for name in POINT_COLUMNS for group in report.groups]


def _owned(report: QuarterReport) -> list[tuple[Metric, str]]:
    """Return every metric that points are compared with, and each group that owns it."""
    return [
        (metric, group)
        for metric in report.catalog.metrics.values()
        for group in report.groups
        if metric in report.metrics_of(group, only_correlated=True)
    ]


def _with_unit(report: QuarterReport, metric: Metric) -> str:
    unit = report.texts(f"unit.{metric.unit}")
    return report.texts("chart.metric_with_unit", metric=report.label(metric), unit=unit)


def _format(metric: Metric) -> str:
    return "#,##0" + ("." + "0" * metric.decimals if metric.decimals else "")
