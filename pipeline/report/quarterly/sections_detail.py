"""Section: every item of the quarter with what was measured, its points, its rule, and the rows that it came from."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.catalog import Rule
from pipeline.points.averaged import COUNT, FEWEST_MEMBERS
from pipeline.points.scoring import SCORED
from pipeline.report.material.base import kept
from pipeline.report.material.numbers import POINT_DIGITS, joined, listed, quantity, short_month_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.source_places import Place, named_places, places_of
from pipeline.report.page.blocks import Block, Fold, ForFacet, Prose, Section, Stack
from pipeline.report.page.facets import Facet
from pipeline.report.page.table_block import MISSING, Column, Table, format_number, is_missing

VALUE_DIGITS: Mapping[str, int] = {"pct": 1, "points": 1, "xiang": 1, "yuan": 0}  # counts have none


def show_detail(report: QuarterReport) -> Stack:
    """Show the trail of every point of the quarter, a folded table a group."""
    texts = report.texts
    lead = texts("detail.lead", files=listed(_books(report), texts) or MISSING)
    folds: list[Block] = [
        ForFacet(Fold(texts("detail.fold", group=group), _table(group, report)), Facet(group))
        for group in report.groups
        if group in _items_by_group(report)
    ]
    return Stack((Section("detail", texts("detail.title"), lead), Prose((texts("detail.how_to_read"),)), *folds))


def _table(group: str, report: QuarterReport) -> Table:
    """Return an item a row: its rule, each month's value and points, and each month's source rows."""
    texts = report.texts
    rules = {month: {rule.item: rule for rule in report.rules_of(month)} for month in report.months}
    rows = []
    for item, own in sorted(_items_by_group(report)[group].items()):
        in_effect = {row["month"]: rules[row["month"]][item] for row in own}
        cells = {str(row["month"]): _month_text(row, in_effect[row["month"]], report) for row in own}
        last = in_effect[max(in_effect)]
        name = f"{item} {report.label(last)}"
        rule = listed(dict.fromkeys(_rule_text(rule, report) for rule in in_effect.values()), texts)
        rows.append({"item": name, "rule": rule, **cells, "sources": _sources_text(group, item, report)})
    columns = (
        Column("item", texts("audit.item")),
        Column("rule", texts("detail.rule")),
        *(Column(str(month), short_month_text(month, texts)) for month in report.months),
        Column("sources", texts("detail.sources")),
    )
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    return Table(frame, columns, caption=texts("detail.table", group=group))


@kept
def _items_by_group(report: QuarterReport) -> Mapping[str, Mapping[str, list[Mapping[Any, Any]]]]:
    """Return the rows of the quarter's items by group and item, a month each."""
    found: dict[str, dict[str, list[Mapping[Any, Any]]]] = {}
    for row in report.of_quarter("points_by_group_month_item").to_dict("records"):
        found.setdefault(row["party_group"], {}).setdefault(row["item"], []).append(row)
    return found


@kept
def _places_by_item(report: QuarterReport) -> Mapping[tuple[str, str, pd.Period], list[Place]]:
    """Return where the points of the quarter come from, by group, item and month."""
    trail = report.of_quarter("points_trail")
    found: dict[tuple[str, str, pd.Period], list[Place]] = {}
    keys = zip(trail["party_group"].tolist(), trail["item"].tolist(), trail["month"].tolist(), strict=True)
    for key, place in zip(keys, places_of(trail), strict=True):
        found.setdefault(key, []).append(place)
    return found


def _sources_text(group: str, item: str, report: QuarterReport) -> str:
    """Return the source rows of one item, month by month."""
    texts, found = report.texts, _places_by_item(report)
    months = [
        texts(
            "detail.month_sources",
            month=short_month_text(month, texts),
            places=named_places(found[group, item, month], texts),
        )
        for month in report.months
        if (group, item, month) in found
    ]
    return joined(months, texts) or MISSING


def _month_text(row: Mapping[Any, Any], rule: Rule, report: QuarterReport) -> str:
    """Return what was measured and what it earned: "96.0% → 6.0/6.0"; why an item is left out or earned nothing."""
    texts = report.texts
    if is_missing(row["points"]):
        return texts(f"detail.state_{row['state']}")
    points = format_number(row["points"], POINT_DIGITS)
    if not is_missing(row["full_points"]):
        points = texts("detail.of_full", points=points, full=format_number(row["full_points"], POINT_DIGITS))
    if row["state"] != SCORED:
        return texts("detail.month", value=texts(f"detail.state_{row['state']}"), points=points)
    if not is_missing(row[COUNT]) and row[COUNT] < FEWEST_MEMBERS:
        return texts("detail.month", value=texts("detail.too_few", count=FEWEST_MEMBERS), points=points)
    unit = report.catalog.measures[rule.measure].unit
    value = _value_text(row["value"], unit, report)
    if not is_missing(row["target"]):
        target = format_number(row["target"], VALUE_DIGITS.get(unit, 0))
        value = texts("detail.of_target", value=value, target=target)
    return texts("detail.month", value=value, points=points)


def _value_text(value: object, unit: str, report: QuarterReport) -> str:
    digits = VALUE_DIGITS.get(unit, 0)
    if report.texts.has(f"quantity.{unit}"):
        return quantity(value, unit, digits, report.texts)
    return MISSING if is_missing(value) else format_number(value, digits)


def _rule_text(rule: Rule, report: QuarterReport) -> str:
    """Return the version of a rule and its row in the rule book."""
    if rule.source_row is None:
        return rule.version
    return report.texts("detail.rule_row", version=rule.version, row=rule.source_row)


def _books(report: QuarterReport) -> list[str]:
    """Return the files and sheets of the rule books that the quarter was scored under."""
    rules = [rule for month in report.months for rule in report.rules_of(month)]
    sheets = dict.fromkeys((rule.source_file, rule.source_sheet) for rule in rules if rule.source_file)
    return [report.redact(f"{file} [{sheet}]" if sheet else str(file)) for file, sheet in sheets]
