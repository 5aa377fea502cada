"""The first sections of the page across bureaus: its sentences, who has not submitted, and which reports failed."""

from collections import Counter
from typing import Any

import pandas as pd

from pipeline.periods import parse_quarter
from pipeline.report.material.numbers import RATE_DIGITS, listed, points_text, quarter_text, rate_text
from pipeline.report.page.blocks import Block, Bullets, KeyFigure, KeyFigures, Section, Stack
from pipeline.report.page.table_block import MISSING, Column, Table, format_number, is_missing
from pipeline.report.province.batched import Entry
from pipeline.report.province.bureau_cells import BureauCell, BureauFinder, PageCell
from pipeline.report.province.tables import LIST_SEPARATOR, ON_TARGET_PCT
from pipeline.report.province.view import BUREAUS, METRICS, RELATIONSHIPS, ProvinceReport
from pipeline.stats.words import NEEDED

VOLUME = "volume_xiang"  # the metric whose plan every bureau has (domain.md section 6, question 3)


def show_overview(report: ProvinceReport) -> Stack:
    """Show the quarter of all bureaus in key figures and sentences."""
    texts = report.texts
    finder = BureauFinder(
        label=texts("province.finder_label"),
        more=texts("province.finder_more", count="{count}"),  # the script fills these two
        none=texts("province.finder_none"),
        sort=texts("province.finder_sort", column="{column}"),
    )
    blocks: tuple[Block, ...] = (
        Section("overview", texts("province.overview_title"), _reports_sentence(report)),
        KeyFigures(_cards(report)),
        Bullets(tuple(sentence for sentence in _sentences(report) if sentence)),
        finder,
    )
    return Stack(blocks)


def show_late(report: ProvinceReport) -> Stack:
    """Show which bureaus have no data of the quarter, and which have handed in less than was due."""
    texts, late, incomplete = report.texts, report.of_state("late"), incomplete_rows(report)
    blocks: list[Block] = [
        Section(
            "late",
            texts("province.late_title"),
            texts("province.late_lead", late=len(late), incomplete=len(incomplete), reported=_reported(report)),
        )
    ]
    if late:
        blocks.append(_late_table(report, late))
    if len(incomplete):
        blocks.append(_incomplete_table(report, incomplete))
        blocks += [block for block in (_missing_kinds_table(report, incomplete),) if block is not None]
    return Stack(tuple(blocks))


def show_failed(report: ProvinceReport) -> Stack:
    """Show which reports failed, and why: each for a reason of its own, without holding up the others."""
    texts, failed = report.texts, report.of_state("failed")
    lead = texts("province.failed_lead", count=len(failed)) if failed else texts("province.failed_none")
    section = Section("failed", texts("province.failed_title"), lead)
    if not failed:
        return Stack((section,))
    rows = [
        {
            "bureau": bureau_cell(entry),
            "why": texts(f"batch.why_{entry.why}"),
            "report": page_cell(entry, texts("province.earlier_report")),
        }
        for entry in failed
    ]
    columns = (
        Column("bureau", texts("province.bureau")),
        Column("why", texts("column.reason")),
        Column("report", texts("province.still_there")),
    )
    return Stack((section, Table(pd.DataFrame(rows), columns, texts("province.failed_table"))))


def bureau_cell(entry: Entry) -> Any:
    """Return the name of a bureau, leading to the library of its quarters where there is one."""
    return BureauCell(entry.name, address=entry.pages.get("library", ""))


def page_cell(entry: Entry, label: str) -> Any:
    """Return a link to the quarter's report of a bureau; None where none stands."""
    address = entry.pages.get("report", "")
    return PageCell(label, address=address) if address else None


def reported_rows(report: ProvinceReport) -> pd.DataFrame:
    """Return the rows of the reported bureaus, with the cells ``bureau`` and ``report`` in place of names."""
    rows = report.tables[BUREAUS]
    rows = rows[rows["state"] == "reported"].reset_index(drop=True)
    entries = {entry.name: entry for entry in report.entries}
    names = rows["bureau"].tolist()
    return rows.assign(
        name=names,
        bureau=[bureau_cell(entries[name]) for name in names],
        report=[page_cell(entries[name], report.texts("province.report")) for name in names],
        share_pct=100 * rows["workbooks_submitted"] / rows["workbooks_due"].where(rows["workbooks_due"] > 0),
    )


def incomplete_rows(report: ProvinceReport) -> pd.DataFrame:
    """Return the reported bureaus that have not handed in everything, or of whom not everything could be used."""
    rows = reported_rows(report)
    lacks = (rows["workbooks_submitted"] < rows["workbooks_due"]) | (rows["workbooks_unreadable"] > 0)
    lacks |= (rows["rows_rejected"] > 0) | (rows["files_refused"] > 0) | _is_not_full(report, rows)
    return rows[lacks.astype(bool)].reset_index(drop=True)


def _is_not_full(report: ProvinceReport, rows: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which bureaus lack results of a month of the quarter."""
    return rows["latest_quarter"].isna() | (rows["latest_quarter"] < report.quarter)


def _reported(report: ProvinceReport) -> int:
    return len(report.of_state("reported"))


def _cards(report: ProvinceReport) -> tuple[KeyFigure, ...]:
    texts, rows = report.texts, reported_rows(report)
    late, failed = len(report.of_state("late")), len(report.of_state("failed"))
    due, submitted = int(rows["workbooks_due"].sum()), int(rows["workbooks_submitted"].sum())
    return (
        KeyFigure(
            texts("province.card_reported"),
            str(_reported(report)),
            note=texts("province.card_of", total=len(report.entries)),
        ),
        KeyFigure(texts("province.card_late"), str(late), tone="bad" if late else "neutral"),
        KeyFigure(texts("province.card_failed"), str(failed), tone="bad" if failed else "neutral"),
        KeyFigure(
            texts("province.card_share"),
            format_number(100 * submitted / due, RATE_DIGITS) if due else MISSING,
            texts("unit.pct"),
            texts("province.card_share_note", submitted=f"{submitted:,}", due=f"{due:,}"),
        ),
    )


def _reports_sentence(report: ProvinceReport) -> str:
    return report.texts(
        "province.said_reports",
        quarter=quarter_text(report.quarter, report.texts),
        total=len(report.entries),
        reported=_reported(report),
        late=len(report.of_state("late")),
        failed=len(report.of_state("failed")),
    )


def _sentences(report: ProvinceReport) -> tuple[str, ...]:
    texts, rows, incomplete = report.texts, reported_rows(report), incomplete_rows(report)
    due, submitted = int(rows["workbooks_due"].sum()), int(rows["workbooks_submitted"].sum())
    complete = texts(
        "province.said_complete",
        due=f"{due:,}",
        submitted=f"{submitted:,}",
        share=rate_text(100 * submitted / due if due else None, texts),
        incomplete=int((incomplete["workbooks_submitted"] < incomplete["workbooks_due"]).sum()),
        rejected=int(((incomplete["rows_rejected"] > 0) | (incomplete["files_refused"] > 0)).sum()),
    )
    points = (_points_sentence(report, rows), _lacking_sentence(report, rows))
    return (complete, *points, _plan_sentence(report), _relations_sentence(report))


def _points_sentence(report: ProvinceReport, rows: pd.DataFrame) -> str:
    means = rows["points_mean"].dropna()
    if means.empty:
        return report.texts("province.said_no_points")
    return report.texts(
        "province.said_points",
        low=points_text(means.min(), report.texts),
        high=points_text(means.max(), report.texts),
        apart=int(is_apart(rows).sum()),
        within=int((_is_judged(rows) & ~is_apart(rows)).sum()),
        bureaus=len(means),
    )


def _lacking_sentence(report: ProvinceReport, rows: pd.DataFrame) -> str:
    """Return in how many bureaus points were scored without a ledger; "" where none were."""
    count, unequal = int(is_lacking(rows).sum()), int(is_unequal(rows).sum())
    return report.texts("province.said_lacking", count=count, unequal=unequal) if count else ""


def is_apart(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Tell in which bureaus the highest and the lowest group are further apart than months move by themselves.

    Not where points of a group lack a ledger that others do not lack.
    """
    beyond = rows["points_high"] - rows["points_low"] > rows["clear_gap_points"]
    return beyond.astype(bool) & _is_judged(rows)


def _is_judged(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which bureaus have groups that can be compared, and months enough to know how much these move."""
    return (rows["scored_groups"] > 1).astype(bool) & rows["clear_gap_points"].notna() & ~is_unequal(rows)


def is_lacking(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Tell in which bureaus the points of a group lack a ledger; see `lacking.quarter_gaps`."""
    return (rows["lacking_groups"] > 0).fillna(value=False).astype(bool)


def is_unequal(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Tell in which bureaus a group lacks a ledger that others do not lack; see `lacking.unequal_groups`."""
    return (rows["unequal_groups"] > 0).fillna(value=False).astype(bool)


def _plan_sentence(report: ProvinceReport) -> str:
    rows = report.tables[METRICS]
    reached = rows.loc[rows["metric"] == VOLUME, "attained_pct"].dropna()
    return report.texts(
        "province.said_plan",
        metric=report.label(report.catalog.metrics[VOLUME]),
        bureaus=len(reached),
        attained=int((reached >= ON_TARGET_PCT).sum()),
    )


def _relations_sentence(report: ProvinceReport) -> str:
    rows = report.tables[RELATIONSHIPS]
    if rows["p_max_t"].isna().all():
        return report.texts("province.not_judged", **NEEDED)
    claims = rows[rows["province_verdict"] == "evidence"]
    return report.texts(
        "province.said_relations",
        pairs=int(rows["p_max_t"].notna().sum()),
        bureaus=int(rows.loc[rows["p_max_t"].notna(), "bureau"].nunique()),
        claims=len(claims),
        selected=int(claims["bureau"].nunique()),
    )


def _late_table(report: ProvinceReport, late: list[Entry]) -> Table:
    texts = report.texts
    rows = [{"bureau": bureau_cell(entry), "latest": _quarter_or_none(entry.latest_quarter, report)} for entry in late]
    columns = (
        Column("bureau", texts("province.bureau")),
        Column("latest", texts("province.latest_report")),
    )
    return Table(pd.DataFrame(rows), columns, texts("province.late_table"))


def _quarter_or_none(quarter: str, report: ProvinceReport) -> str | None:
    return quarter_text(parse_quarter(quarter), report.texts) if quarter else None


def _incomplete_table(report: ProvinceReport, rows: pd.DataFrame) -> Table:
    texts = report.texts
    lacks, kinds = _is_not_full(report, rows), [_kind_names(codes, report) for codes in rows["missing_kinds"]]
    full = pd.Series(texts("province.results_lacking"), index=rows.index).where(lacks)
    frame = rows.assign(kinds=pd.Series(kinds, index=rows.index, dtype="object"), full=full)
    columns = (
        Column("bureau", texts("province.bureau")),
        Column("workbooks_due", texts("province.due"), digits=0),
        Column("workbooks_submitted", texts("province.submitted"), digits=0),
        Column("share_pct", texts("province.share"), digits=RATE_DIGITS, unit=texts("unit.pct")),
        *_where_any(
            frame,
            Column("kinds", texts("province.missing_kinds")),
            Column("full", texts("province.results")),
            Column("workbooks_unreadable", texts("province.unreadable"), digits=0),
            Column("rows_rejected", texts("province.rejected"), digits=0),
            Column("files_refused", texts("province.refused"), digits=0),
        ),
    )
    note = texts("province.incomplete_note")
    return Table(frame, columns, texts("province.incomplete_table"), note, is_grid=True)


def _where_any(frame: pd.DataFrame, *columns: Column) -> list[Column]:
    """Return the columns in which at least one bureau has a text, or a number other than 0."""
    return [column for column in columns if any(not is_missing(value) and value != 0 for value in frame[column.name])]


def _kind_names(codes: object, report: ProvinceReport) -> str | None:
    kinds = [code for code in str(codes).split(LIST_SEPARATOR) if code in report.catalog.kinds]
    return listed((report.label(report.catalog.kinds[code]) for code in kinds), report.texts) or None


def _missing_kinds_table(report: ProvinceReport, rows: pd.DataFrame) -> Table | None:
    """Return which workbooks most bureaus lack; None where no two bureaus lack the same."""
    texts = report.texts
    lists = (str(codes).split(LIST_SEPARATOR) for codes in rows["missing_kinds"].dropna())
    counts = Counter(code for codes in lists for code in codes if code in report.catalog.kinds)
    if not counts or max(counts.values()) < 2:
        return None
    ordered = sorted(counts, key=lambda code: (-counts[code], list(report.catalog.kinds).index(code)))
    frame = pd.DataFrame(
        {
            "kind": [report.label(report.catalog.kinds[code]) for code in ordered],
            "count": [counts[code] for code in ordered],
        }
    )
    columns = (Column("kind", texts("column.kind")), Column("count", texts("province.bureaus"), digits=0))
    return Table(frame, columns, texts("province.kinds_table"))
