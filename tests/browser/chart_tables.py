"""What the tables behind the charts of a page say, and what the published tables say of the same thing."""

import base64
import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.catalog import load_catalog
from pipeline.report.material.numbers import month_text
from pipeline.report.page.table_block import MISSING
from pipeline.texts import load_texts
from tests.report.html_rules import parsed, text_of

NUMBER = re.compile(r"[+\-]?\d+(?:\.(\d+))?")


@dataclass(frozen=True)
class ShownChart:
    """A chart as the page holds it: its id, its title, its figure, and the table behind it, head and rows apart."""

    id: str
    title: str
    figure: dict[str, Any]
    heads: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Expected:
    """One cell of a chart's table, or one point of its lines, and the value that the published table holds for it."""

    where: str
    seen: str | float
    value: float

    @property
    def agrees(self) -> bool:
        """Equal to all the digits that are shown; a dash is a missing value."""
        if not isinstance(self.seen, str):
            both_missing = math.isnan(self.seen) and math.isnan(self.value)
            return both_missing or math.isclose(self.seen, self.value, rel_tol=1e-6, abs_tol=1e-9)
        if self.seen == MISSING:
            return math.isnan(self.value)
        number = NUMBER.fullmatch(self.seen.replace("−", "-").replace(",", ""))
        if number is None or math.isnan(self.value):
            return False
        return abs(float(number[0]) - self.value) <= 0.5 * 10.0 ** -len(number[1] or "") + 1e-9


def charts_of(page: Path) -> list[ShownChart]:
    """Every chart of a page; a chart without a table raises."""
    document, _ = parsed(page.read_text(encoding="utf-8"))
    found = []
    for figure in document.iter("figure"):
        table, script = figure.find(".//table"), figure.find(".//script")
        assert table is not None, f"{figure.get('id')} has no table"
        assert script is not None, f"{figure.get('id')} has no figure"
        head, *rows = [[text_of(cell) for cell in row] for row in table.iter("tr")]
        title = text_of(figure.find(".//*[@class='chart-title']"))
        found.append(ShownChart(str(figure.get("id")), title, json.loads(script.text or ""), head, rows))
    return found


class Checks:
    """What each kind of chart must show, by the tables of one published quarter."""

    def __init__(self, tables: Path, lang: str) -> None:
        self._tables, self._lang, self._texts, self._catalog = tables, lang, load_texts(lang), load_catalog()
        self._kinds: dict[str, Callable[[ShownChart], Iterator[Expected]]] = {
            r"chart-(points|year)": lambda chart: self._by_month(chart, "total_points"),
            r"chart-months-total-points": lambda chart: self._by_month(chart, "total_points"),
            r"chart-months-process-points": lambda chart: self._by_month(chart, "process_points"),
            r"chart-months-(?!total-points|process-points).+": self._metric_by_month,
            r"chart-trend-\d+": self._of_one_group,
            r"chart-topics-\d+": self._of_one_group,
            r"chart-attainment": self._attainment,
            r"chart-forest-.+": self._forest,
            r"chart-lags-.+": self._lags,
            r"chart-(scatter-\d+|raw-adjusted)": self._adjusted,
        }

    def expected(self, chart: ShownChart) -> list[Expected]:
        """Every number of a chart beside its source; a chart of a new kind raises `LookupError`."""
        for kind, check in self._kinds.items():
            if re.fullmatch(kind, chart.id):
                return list(check(chart))
        raise LookupError(f"no check for the chart {chart.id!r}: add its kind")

    def _read(self, name: str) -> pd.DataFrame:
        table = pd.read_parquet(self._tables / f"{name}.parquet")
        return table.assign(month=pd.PeriodIndex(table["month"], freq="M")) if "month" in table else table

    @cached_property
    def _points(self) -> pd.DataFrame:
        return self._read("points_by_group_month").set_index(["party_group", "month"])

    @cached_property
    def _panel(self) -> pd.DataFrame:
        return self._read("panel").set_index(["party_group", "month", "metric"])

    @cached_property
    def _groups(self) -> list[str]:
        return sorted(self._points.index.get_level_values("party_group").unique())

    @cached_property
    def _months(self) -> dict[str, pd.Period]:
        return {month_text(month, self._texts): month for month in self._points.index.get_level_values("month")}

    def _label(self, entry: Any) -> str:
        return str(entry.label_en if self._lang == "en" else entry.label_zh)

    def _metric(self, text: str) -> str | None:
        """The metric whose name begins a text: the longest one."""
        found = [code for code, metric in self._catalog.metrics.items() if text.startswith(self._label(metric))]
        return max(found, key=lambda code: len(self._label(self._catalog.metrics[code])), default=None)

    def _group(self, text: str) -> str:
        (found,) = [group for group in self._groups if group in text]
        return found

    def _value(self, group: str, month: pd.Period, metric: str) -> float:
        return float(self._panel["value"].get((group, month, metric), math.nan))

    def _by_month(self, chart: ShownChart, column: str) -> Iterator[Expected]:
        yield from self._grid(chart, lambda group, month: float(self._points[column].get((group, month), math.nan)))

    def _metric_by_month(self, chart: ShownChart) -> Iterator[Expected]:
        metric = chart.id.removeprefix("chart-months-").replace("-", "_")
        yield from self._grid(chart, lambda group, month: self._value(group, month, metric))

    def _grid(self, chart: ShownChart, value: Callable[[str, pd.Period], float]) -> Iterator[Expected]:
        """Months by groups: the cells of the table, and the points of each group's line."""
        groups = [self._group(head) for head in chart.heads[1:]]
        for month, *cells in chart.rows:
            for group, cell in zip(groups, cells, strict=True):
                yield Expected(f"{chart.id} {group} {month}", cell, value(group, self._months[month]))
        lines = [trace for trace in chart.figure["data"] if trace.get("name") in groups]
        assert {line["name"] for line in lines} == set(groups)
        is_logarithmic = "ticktext" in chart.figure["layout"]["yaxis"]  # heavy tails: log10(1 + value)
        for line in lines:
            for day, point in zip(line["x"], numbers_of(line["y"]), strict=True):
                expected = value(line["name"], pd.Period(day, "M"))
                drawn = 10**point - 1 if is_logarithmic else point
                yield Expected(f"{chart.id} line {line['name']} {day}", drawn, expected)

    def _of_one_group(self, chart: ShownChart) -> Iterator[Expected]:
        group = self._group(chart.title)
        points = self._texts("chart.process_points")
        for row in chart.rows:
            month = self._months[row[0]]
            for head, cell in list(zip(chart.heads, row, strict=True))[1:]:
                where = f"{chart.id} {group} {row[0]} {head}"
                if head.startswith(points):
                    yield Expected(where, cell, float(self._points["process_points"][group, month]))
                elif metric := self._metric(head):
                    yield Expected(where, cell, self._value(group, month, metric))

    def _attainment(self, chart: ShownChart) -> Iterator[Expected]:
        quarters = self._read("metrics_by_group_quarter")
        newest = quarters[quarters["quarter"] == quarters["quarter"].max()].set_index(["metric", "party_group"])
        for label, group, cell in chart.rows:
            where = f"{chart.id} {label} {group}"
            yield Expected(where, cell, float(newest["attained_pct"].get((self._metric(label), group), math.nan)))

    def _scope(self, text: str) -> str:
        return text if text in self._groups else "pooled"

    def _of_metric(self, table: str, chart: ShownChart, prefix: str, *keys: str) -> dict[Any, dict[str, Any]]:
        """The rows of a table about the metric that a chart is named for, by what tells them apart."""
        metric = chart.id.removeprefix(prefix).replace("-", "_")
        found = self._read(table)
        rows = found[found["metric"] == metric].to_dict("records")
        return {tuple(row[key] for key in keys): {str(name): value for name, value in row.items()} for row in rows}

    def _forest(self, chart: ShownChart) -> Iterator[Expected]:
        """Months, and r with its interval: of the group alone, then with regard to the others."""
        rows = self._of_metric("relationships", chart, "chart-forest-", "scope")
        for scope, _, count, *_, own, shrunk in chart.rows:
            found, estimates = rows[self._scope(scope),], {("r", "ci_low", "ci_high"): own}
            yield Expected(f"{chart.id} {scope} n", count, float(found["n_months"]))
            if scope in self._groups:
                estimates["r_shrunk", "shrunk_low", "shrunk_high"] = shrunk
            else:
                assert shrunk == MISSING, "the mean that groups are moved towards is the appendix's"
            for columns, cell in estimates.items():
                seen = [MISSING] * 3 if cell == MISSING else re.findall(r"[−+]?\d\.\d+", cell)
                for text, column in zip(seen, columns, strict=True):
                    yield Expected(f"{chart.id} {scope} {column}", text, float(found[column]))

    def _lags(self, chart: ShownChart) -> Iterator[Expected]:
        rows = self._of_metric("correlations_by_lag", chart, "chart-lags-", "scope", "lag")
        for scope, lag, *cells in chart.rows:
            found = rows[self._scope(scope), int(lag)]
            for column, cell in zip(("r", "ci_low", "ci_high", "n_months"), cells, strict=True):
                yield Expected(f"{chart.id} {scope} {lag} {column}", cell, float(found[column]))

    def _adjusted(self, chart: ShownChart) -> Iterator[Expected]:
        """Values in standard deviations; the last two columns of the table. A lag moves the month of the points."""
        group, metric = self._group(chart.title), self._metric(chart.heads[-1])
        relationships, adjusted = self._read("relationships"), self._read("adjusted_by_group_month")
        is_pair = (relationships["scope"] == group) & (relationships["metric"] == metric)
        lags = {0, *relationships.loc[is_pair, "lag"]}
        of_pair = adjusted[(adjusted["group"] == group) & (adjusted["metric"] == metric)]
        points = dict(zip(of_pair["month"], of_pair["points_sd"], strict=True))
        results = dict(zip(of_pair["month"], of_pair["result_sd"], strict=True))
        cells = [(self._months[row[0]], row[-2], row[-1]) for row in chart.rows]
        fits = {
            lag: [
                *(Expected(f"{chart.id} {month} points", seen, float(points[month])) for month, seen, _ in cells),
                *(
                    Expected(f"{chart.id} {month} result", seen, float(results.get(month + lag, math.nan)))
                    for month, _, seen in cells
                ),
            ]
            for lag in sorted(lags)
        }
        yield from min(fits.values(), key=lambda found: sum(not each.agrees for each in found))


def numbers_of(values: Any) -> list[float]:
    """The numbers of one axis of a trace: a list, or plotly's packed form of one; None is a gap."""
    if isinstance(values, dict):
        return [float(value) for value in np.frombuffer(base64.b64decode(values["bdata"]), np.dtype(values["dtype"]))]
    return [math.nan if value is None else float(value) for value in values]
