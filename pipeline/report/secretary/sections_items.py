"""Section of the secretary's page: members' items of the quarter, and every point led back to rule and source rows."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.points.measures import NOT_SUBMITTED
from pipeline.points.members import SCORED
from pipeline.report.material.numbers import POINT_DIGITS, date_text, listed, short_month_text
from pipeline.report.material.source_places import places_text
from pipeline.report.page.blocks import Block, Fold, Prose, Section, Stack, Subheading
from pipeline.report.page.table_block import Column, Table, is_missing
from pipeline.report.secretary.view import SecretaryReport

KEY = ["member", "month", "item"]


def show_member_items(report: SecretaryReport) -> Stack:
    """Show the points of each item by member, then folded, member by member, what each point rests on."""
    texts = report.texts
    items = _items(report)
    blocks: list[Block] = [Section("items", texts("secretary.items_title"), texts("secretary.items_lead"))]
    if items.empty:
        return Stack((*blocks, Prose((texts("secretary.no_items"),))))
    blocks += [_totals(report, group, own) for group, own in report.by_group(items)]
    unknown = _not_submitted(report, items)
    if unknown:
        blocks.append(Prose(unknown))
    if len(report.of_quarter_days("quiz_results", "session_on")):
        blocks.append(Fold(texts("secretary.quiz_fold"), _quiz(report)))
    blocks += [Subheading(texts("secretary.trail_title")), Prose((texts("secretary.trail_note"),))]
    trails = dict(iter(report.of_quarter("member_points_trail").groupby("member")))
    for _, own in report.by_group(items):
        for member, rows in own.groupby("member", sort=False):
            blocks.append(_detail(report, str(member), rows, trails.get(member)))
    return Stack(tuple(blocks))


def _items(report: SecretaryReport) -> pd.DataFrame:
    """Return the items of the quarter; ``counted`` are their points in the months that are scored."""
    items = report.of_quarter("points_by_member_month_item")
    months = report.of_quarter("points_by_member_month")[["member", "month", "state"]]
    both = items.merge(months.rename(columns={"state": "month_state"}), on=["member", "month"], how="left")
    known = (both["month_state"] == SCORED) & (both["state"] != NOT_SUBMITTED)
    return both.assign(counted=both["points"].where(known))


def _totals(report: SecretaryReport, group: str, items: pd.DataFrame) -> Table:
    texts = report.texts
    sums = items.groupby(["member", "item"], sort=False)["counted"].sum(min_count=1).unstack("item")
    codes = sorted(sums.columns)
    frame = sums[codes].reset_index()
    columns = (
        Column("member", texts("secretary.member")),
        *(Column(code, report.item_name(code), digits=POINT_DIGITS) for code in codes),
    )
    caption = texts("secretary.items_table", group=group)
    return Table(frame, columns, caption=caption, note=texts("secretary.items_note"), is_grid=True)


def _not_submitted(report: SecretaryReport, items: pd.DataFrame) -> tuple[str, ...]:
    """Return, item by item, in which months which groups' ledgers were not handed in: nothing earned, nothing lost."""
    texts, unknown = report.texts, items[items["state"] == NOT_SUBMITTED]
    lines = []
    for item, own in unknown.groupby("item"):
        months = listed((short_month_text(month, texts) for month in sorted(own["month"].unique())), texts)
        groups = listed((group for group in report.groups if (own["party_group"] == group).any()), texts)
        lines.append(texts("secretary.item_unknown", item=report.item_name(item), months=months, groups=groups))
    return tuple(lines)


def _quiz(report: SecretaryReport) -> Table:
    """Return the best score of each member in each session of the quarter, and how often it was tried."""
    texts, rows = report.texts, report.of_quarter_days("quiz_results", "session_on")
    tried = rows.groupby(["member", "session_on"])["score"].agg(["max", "size"])
    best = tried.apply(
        lambda row: texts("secretary.quiz_score", score=f"{row['max']:g}", count=int(row["size"])), axis=1
    )
    wide = best.unstack("session_on")
    sessions = pd.DatetimeIndex(wide.columns)
    groups = rows.groupby("member")["party_group"].last()
    frame = report.in_order(wide.set_axis([str(day) for day in sessions], axis=1).join(groups).reset_index())
    columns = (
        Column("member", texts("secretary.member")),
        *(Column(str(day), date_text(day.date(), texts)) for day in sessions),
    )
    return Table(frame, columns, texts("secretary.quiz_table"), texts("secretary.quiz_note"), is_grid=True)


def _detail(report: SecretaryReport, member: str, items: pd.DataFrame, trail: pd.DataFrame | None) -> Fold:
    """Return one member's items that hold anything, each with its rule and where its rows stand."""
    texts = report.texts
    traces = {} if trail is None else dict(iter(trail.groupby(["month", "item"])))
    rows = []
    for row in items.sort_values(["item", "month"]).to_dict("records"):
        trace = traces.get((row["month"], row["item"]))
        if trace is not None or row["points"] or row["value"]:
            rows.append(_detail_row(report, row, trace))
    columns = (
        Column("item", texts("secretary.item_column")),
        Column("month", texts("column.month")),
        Column("value", texts("secretary.value"), digits=POINT_DIGITS),
        Column("points", texts("secretary.points"), digits=POINT_DIGITS, signed=True),
        Column("rule", texts("secretary.rule")),
        Column("places", texts("secretary.places")),
    )
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    label = texts("secretary.detail_fold", member=member, count=len(frame))
    return Fold(label, Table(frame, columns, caption=texts("secretary.detail_table", member=member)))


def _detail_row(report: SecretaryReport, row: Mapping[Any, Any], trace: pd.DataFrame | None) -> dict[str, object]:
    return {
        "item": report.item_name(row["item"]),
        "month": short_month_text(row["month"], report.texts),
        "value": row["value"],
        "points": row["points"],
        "rule": _rule_text(report, str(row["rule_version"]), trace),
        "places": None if trace is None else places_text(trace, report.texts),
    }


def _rule_text(report: SecretaryReport, version: str, trace: pd.DataFrame | None) -> str:
    """Return the version of the rule and the row of the file that states it; the default book has no sheet."""
    if trace is None or is_missing(trace["rule_row"].iloc[0]):
        return version
    first = trace.iloc[0]
    sheet = "" if is_missing(first["rule_sheet"]) else f" [{first['rule_sheet']}]"
    place = f"{first['rule_file']}{sheet}"
    return report.texts("secretary.rule_place", version=version, place=place, row=int(first["rule_row"]))
