"""The sheets of ``report.xlsx`` that are derived tables: columns by the data dictionary, codes in words."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.catalog import Column
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.ranking import place_text, ranking_of
from pipeline.report.page.table_block import is_missing
from pipeline.report.workbook.code_words import NOT_JUDGED, WORDS, decimals_of
from pipeline.report.workbook.sheets import make_sheet
from pipeline.spreadsheets.tables import CellValue, Number, Sheet
from pipeline.stats.words import verdict_sentence

STANDINGS = "standings_by_group_quarter"
TINTED = ("verdict", "state")  # columns whose words have a colour


def table_sheet(report: QuarterReport, name: str, table: str) -> Sheet:
    """Return one derived table: its columns as the dictionary labels them, and the units of a row's metric."""
    frame = _as_on_the_page(report, table)
    columns = [column for column in report.catalog.columns_of(table) if column.column in frame]
    header = [column_header(report, column) for column in columns]
    rows = [table_row(report, columns, record) for record in frame.to_dict("records")]  # type: ignore[arg-type]
    if table == STANDINGS:
        place = [column.column for column in columns].index("rank") + 1
        _insert(header, rows, place, report.texts("workbook.places"), _places(report, frame))
    if "metric" in frame:
        metrics = [report.catalog.metrics[code] for code in frame["metric"]]
        names = [column.column for column in columns]
        if "change" in names:
            units = [report.texts("unit.pp" if metric.unit == "pct" else "unit.pct") for metric in metrics]
            _insert(header, rows, names.index("change") + 1, report.texts("workbook.change_unit"), units)
        units = [unit_word(report, metric.unit) for metric in metrics]
        _insert(header, rows, names.index("metric") + 1, report.texts("column.unit"), units)
    return make_sheet(
        report, name, header, rows, [report.label(column) for column in columns if column.column in TINTED]
    )


def _places(report: QuarterReport, frame: pd.DataFrame) -> list[str | None]:
    """Return the places that each group may have, as the pages show them, beside the rule book's single rank."""
    ranked = zip(frame["party_group"], frame["quarter"], frame["rank"], strict=True)
    return [
        None if is_missing(rank) else place_text(ranking_of(report, quarter).places.get(group))
        for group, quarter, rank in ranked
    ]


def _insert(
    header: list[str], rows: list[list[CellValue]], place: int, label: str, values: Sequence[str | None]
) -> None:
    header.insert(place, label)
    for row, value in zip(rows, values, strict=True):
        row.insert(place, value)


def _as_on_the_page(report: QuarterReport, table: str) -> pd.DataFrame:
    """Return a table without what the page holds back: ranks within noise, and changes that one large case decides."""
    frame = report.tables[table]
    if table == STANDINGS:
        clear = [quarter for quarter in frame["quarter"].unique() if ranking_of(report, quarter).is_spread_clear]
        places = {group: place for place, group in enumerate(report.groups)}
        shown = frame.assign(rank=frame["rank"].where(frame["quarter"].isin(clear)))
        order = shown.assign(place=shown["party_group"].map(places)).sort_values(["quarter", "rank", "place"])
        return shown.loc[order.index]
    if table == "points_trail":
        return report.of_quarter(table)  # every quarter has its own workbook; the tables of the run hold all months
    if table == "restatements":
        clear = [quarter for quarter in frame["quarter"].unique() if ranking_of(report, quarter).is_spread_clear]
        ranks = frame[["rank_before", "rank"]].where(frame["quarter"].isin(clear))
        return frame.assign(rank_before=ranks["rank_before"], rank=ranks["rank"])
    if table == "metrics_by_group_quarter":
        heavy = [name for name, metric in report.catalog.metrics.items() if metric.has_heavy_tail]
        return frame.assign(change=frame["change"].mask(frame["metric"].isin(heavy)))
    return frame


def table_row(report: QuarterReport, columns: list[Column], record: Mapping[str, object]) -> list[CellValue]:
    """Return one record of a table as cells, in the order of ``columns``."""
    return [_cell(report, column, record[column.column], record) for column in columns]


def _cell(report: QuarterReport, column: Column, value: object, record: Mapping[str, object]) -> CellValue:
    """Return one value of a table as a cell; codes of a metric, a verdict or a state become words."""
    if is_missing(value):
        return None
    if column.column == "reason":
        return verdict_sentence(record).read(report.texts) if record["verdict"] in NOT_JUDGED else None
    if isinstance(value, bool):
        return report.texts("workbook.yes" if value else "workbook.no")
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, int | float):
        return Number(value, _number_format(report, column, record))
    return _word(report, column.column, str(value))


def _word(report: QuarterReport, column: str, code: str) -> str:
    texts = report.texts
    if column == "metric":
        return report.label(report.catalog.metrics[code])
    if column == "matter":
        return report.label(report.catalog.matters[code])
    if column == "measure" and code in report.catalog.measures:
        return report.label(report.catalog.measures[code])
    key = WORDS.get((column, code))
    return texts(key) if key else code


def _number_format(report: QuarterReport, column: Column, record: Mapping[str, object]) -> str:
    """Return the format of a number: a change carries its sign."""
    digits = decimals_of(column, record, report.catalog)
    number = "#,##0" + ("." + "0" * digits if digits else "")
    return f"+{number};-{number};{number}" if column.column.startswith("change") else number


def column_header(report: QuarterReport, column: Column) -> str:
    """Return the label of a column, with its unit unless the label says it."""
    label, unit = report.label(column), unit_word(report, column.unit) if column.unit else ""
    return label if unit in label else f"{label} ({unit})"


def unit_word(report: QuarterReport, unit: str) -> str:
    """Return a unit of the catalog in words."""
    return report.texts(f"unit.{unit}")
