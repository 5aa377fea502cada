"""``report.xlsx``: the numbers of one quarter for who wants to go on with them, as far as managers may see them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.catalog import Column
from pipeline.report.appendix import PLAIN_COLUMNS, every_pair
from pipeline.report.audit_words import audit_rows, explanation_text, part_text, period_text
from pipeline.report.code_words import NOT_JUDGED, WORDS, decimals_of
from pipeline.report.headline import page_frame
from pipeline.report.quarter import QuarterReport
from pipeline.report.ranking import ranking_of
from pipeline.report.sections_completeness import issue_title
from pipeline.report.sections_watch import watch_sentences
from pipeline.report.table_block import is_missing
from pipeline.spreadsheets.tables import CellValue, Number, Sheet, write_spreadsheet
from pipeline.stats.words import verdict_sentence

TABLES: Mapping[str, str] = {
    "standings": "standings_by_group_quarter",
    "metrics": "metrics_by_group_quarter",
    "panel": "panel",
    "relationships": "relationships",
    "overdue": "overdue",
    "work": "work_by_group_quarter",
    "learning": "learning_by_group_quarter",
    "restatements": "restatements",
    "trail": "points_trail",
}
AUDIT_COLUMNS = ("printed_points", "recomputed_points", "difference_points", "explained_points", "unexplained_points")
PRINTED_NUMBER = "#,##0.00"  # the sheets print two decimals


def write_workbook(report: QuarterReport, path: Path) -> None:
    """Write the workbook of one quarter: results, ledgers of work, pairs, watch, audit and trail, issues, definitions.

    Columns and labels come from the data dictionary; codes are put into words. Missing values are empty cells.
    """
    sheets = [_table_sheet(report, name, table) for name, table in TABLES.items()]
    others = [_pairs_sheet(report), _watch_sheet(report), _audit_sheet(report)]
    others += [_issues_sheet(report), _definitions_sheet(report)]
    write_spreadsheet([*sheets, *others], path, report.as_of)


def _sheet(report: QuarterReport, name: str, header: list[str], rows: list[list[CellValue | Number]]) -> Sheet:
    frame = page_frame(report)
    return Sheet(
        title=report.texts(f"workbook.sheet_{name}"),
        lines=(frame.title, frame.subtitle),
        header=tuple(header),
        rows=rows,
        warning=frame.banner,
    )


def _table_sheet(report: QuarterReport, name: str, table: str) -> Sheet:
    """Return one derived table: its columns as the dictionary labels them, and the units of a row's metric."""
    frame = _as_on_the_page(report, table)
    columns = [column for column in report.catalog.columns_of(table) if column.column in frame]
    header = [_header(report, column) for column in columns]
    rows = [_row(report, columns, record) for record in frame.to_dict("records")]  # type: ignore[arg-type]
    if "metric" in frame:
        metrics = [report.catalog.metrics[code] for code in frame["metric"]]
        names = [column.column for column in columns]
        if "change" in names:
            units = [report.texts("unit.pp" if metric.unit == "pct" else "unit.pct") for metric in metrics]
            _insert(header, rows, names.index("change") + 1, report.texts("workbook.change_unit"), units)
        units = [_unit(report, metric.unit) for metric in metrics]
        _insert(header, rows, names.index("metric") + 1, report.texts("column.unit"), units)
    return _sheet(report, name, header, rows)


def _insert(header: list[str], rows: list[list[CellValue | Number]], place: int, label: str, values: list[str]) -> None:
    header.insert(place, label)
    for row, value in zip(rows, values, strict=True):
        row.insert(place, value)


def _as_on_the_page(report: QuarterReport, table: str) -> pd.DataFrame:
    """Return a table without what the page holds back: ranks within noise, and changes that one large case decides."""
    frame = report.tables[table]
    if table == "standings_by_group_quarter":
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


def _row(report: QuarterReport, columns: list[Column], record: Mapping[str, object]) -> list[CellValue | Number]:
    return [_cell(report, column, record[column.column], record) for column in columns]


def _cell(report: QuarterReport, column: Column, value: object, record: Mapping[str, object]) -> CellValue | Number:
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


def _header(report: QuarterReport, column: Column) -> str:
    label, unit = report.label(column), _unit(report, column.unit) if column.unit else ""
    return label if unit in label else f"{label} ({unit})"


def _unit(report: QuarterReport, unit: str) -> str:
    return report.texts(f"unit.{unit}")


def _pairs_sheet(report: QuarterReport) -> Sheet:
    """Return every pair of the analyst's appendix, judged or not, with its plain correlation."""
    columns = list(report.catalog.columns_of("relationships"))
    header = [_header(report, column) for column in columns]
    header += [report.texts(f"appendix.{name}") for name in PLAIN_COLUMNS]
    records: list[dict[str, object]] = every_pair(report).to_dict("records")  # type: ignore[assignment]
    rows = [[*_row(report, columns, record), *map(_correlation, map(record.get, PLAIN_COLUMNS))] for record in records]
    return _sheet(report, "pairs", header, rows)


def _correlation(value: Any) -> Number | None:
    return None if is_missing(value) else Number(float(value), PRINTED_NUMBER)


def _watch_sheet(report: QuarterReport) -> Sheet:
    """Return every check of the watch: its name, what came out, and the sentence with its figures."""
    texts = report.texts
    rows: list[list[CellValue | Number]] = [
        [texts(f"watch.name_{entry.check}"), texts(f"watch.state_{entry.state}"), entry.sentence]
        for entry in watch_sentences(report)
    ]
    keys = ("watch.check", "watch.outcome", "watch.sentence")
    return _sheet(report, "watch", [texts(key) for key in keys], rows)


def _audit_sheet(report: QuarterReport) -> Sheet:
    """Return every printed total of the quarter beside the recomputed one, and the differences of earlier periods."""
    own, before = audit_rows(report)
    rows: list[list[CellValue | Number]] = []
    for record in pd.concat([own, before[before["is_difference"]]]).to_dict("records"):
        numbers = [record[name] for name in AUDIT_COLUMNS]
        rows.append(
            [
                record["party_group"],
                period_text(record["level"], record["period"], report),
                part_text(record["part"], report),
                *(None if is_missing(number) else Number(number, PRINTED_NUMBER) for number in numbers),
                None if is_missing(record["explanation"]) else explanation_text(record, report),
                record["source_file"],
                record["source_sheet"],
                record["source_cell"],
            ]
        )
    dictionary = {column.column: report.label(column) for column in report.catalog.columns_of("points_audit")}
    names = (
        "party_group",
        "period",
        "part",
        *AUDIT_COLUMNS,
        "explanation",
        "source_file",
        "source_sheet",
        "source_cell",
    )
    return _sheet(report, "audit", [dictionary[name] for name in names], rows)


def _issues_sheet(report: QuarterReport) -> Sheet:
    """Return where something was wrong; what stood in the cell is left out, since it may be anybody's name."""
    texts = report.texts
    keys = ("column.file", "workbook.sheet", "workbook.cell", "column.severity", "column.issue")
    rows: list[list[CellValue | Number]] = [
        [
            issue.file,
            issue.sheet,
            issue.cell,
            texts(f"outcome_of.{issue.outcome}"),
            issue_title(issue.code, texts),
        ]
        for issue in report.findings
    ]
    return _sheet(report, "issues", [texts(key) for key in keys], rows)


def _definitions_sheet(report: QuarterReport) -> Sheet:
    """Return every metric with its unit and definition, and every item of the rule book in force."""
    texts, catalog = report.texts, report.catalog
    header = [texts(key) for key in ("workbook.term", "column.unit", "column.definition")]
    rows: list[list[CellValue | Number]] = [
        [
            report.label(metric),
            _unit(report, metric.unit),
            metric.definition_en if texts.lang == "en" else metric.definition_zh,
        ]
        for metric in catalog.metrics.values()
    ]
    rows += [
        [f"{rule.item} {report.label(rule)}", _unit(report, "points"), report.label(catalog.measures[rule.measure])]
        for rule in report.rules()
    ]
    return _sheet(report, "definitions", header, rows)
