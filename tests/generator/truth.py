"""What a generated bureau must come to, and how it is written beside the tests."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.generator.member_oracle import MemberPoints
from tests.generator.mistakes import PlantedIssue
from tests.generator.oracle import ItemPoints
from tests.generator.printed import AuditSlip, Difference
from tests.generator.world import World, score_everybody

Row = Sequence[str | int | float | None]
DECIMALS = 6


@dataclass(frozen=True)
class NotSubmitted:
    """A month of a workbook kind that nobody handed in; ``party_group`` is empty where it covers every group."""

    kind: str
    month: date
    party_group: str


@dataclass(frozen=True)
class Truth:
    """Everything that is known about a generated bureau."""

    folder: Path
    files: tuple[str, ...]
    world: World
    items: tuple[ItemPoints, ...]  # as the rule book gives them for what was submitted, before corrections
    issues: tuple[PlantedIssue, ...]
    missing: tuple[NotSubmitted, ...]
    differences: tuple[Difference, ...]
    slips: tuple[AuditSlip, ...]

    @property
    def members(self) -> tuple[MemberPoints, ...]:
        """The members' months as the rule book gives them, before corrections; counted anew each time."""
        return score_everybody(self.world)


def save_truth(truth: Truth, folder: Path) -> None:
    """Write expected points and metrics, and what was planted or is missing, as csv."""
    folder.mkdir(parents=True, exist_ok=True)
    _save_points(truth, folder)
    _save_members(truth, folder)
    _write(folder / "expected_metrics.csv", ("party_group", "month", "metric", "value"), _metric_rows(truth))
    _save_planted(truth, folder)


def _save_points(truth: Truth, folder: Path) -> None:
    _write(
        folder / "expected_points.csv",
        ("party_group", "month", "category", "item", "state", "capped_points", "points", "full_points"),
        (
            (
                i.party_group,
                f"{i.month:%Y-%m}",
                i.category,
                i.item,
                i.state,
                *map(_round, (i.capped, i.points, i.full_points)),
            )
            for i in truth.items
        ),
    )


def _save_members(truth: Truth, folder: Path) -> None:
    """Write a row for every month of a member, with the points of each item; they are empty where it does not count."""
    members = truth.members
    items = sorted({item for entry in members for item in entry.items})
    _write(
        folder / "expected_member_points.csv",
        (
            *("member", "month", "party_group", "state", *items, "earned_points", "deduction_points", "total_points"),
            *("member_days_d", "leave_days_d", "excused_count", "has_veto"),
        ),
        (
            (
                *(m.member, f"{m.month:%Y-%m}", m.party_group, m.state, *(m.items.get(item) for item in items)),
                *(m.earned, m.deducted, m.total, m.member_days, m.leave_days, m.excused),
                "yes" if m.has_veto else "no",
            )
            for m in members
        ),
    )


def _save_planted(truth: Truth, folder: Path) -> None:
    _write(
        folder / "planted_issues.csv",
        ("file", "sheet", "cell", "code", "note"),
        ((i.file, i.sheet, i.cell, i.code, i.note) for i in truth.issues),
    )
    _write(
        folder / "planted_differences.csv",
        ("party_group", "month", "category", "column", "difference_points", "note"),
        ((d.party_group, f"{d.month:%Y-%m}", d.category, d.column, d.cents / 100, d.reason) for d in truth.differences),
    )
    _write(
        folder / "planted_audit.csv",
        ("level", "party_group", "period", "part", "difference_points", "note"),
        ((s.level, s.party_group, s.period, s.part, s.cents / 100, s.reason) for s in truth.slips),
    )
    _write(
        folder / "planted_corrections.csv",
        ("corrected_on", "month", "party_group", "member", "item", "change_points", "note"),
        (
            (f"{c.corrected_on}", f"{c.month:%Y-%m}", c.party_group, c.member, c.item, c.change_points, c.ground)
            for c in truth.world.governance.corrections
        ),
    )
    _write(
        folder / "planted_effects.csv",
        ("metric", "strength", "lag"),
        ((metric, effect.strength, effect.lag) for metric, effect in truth.world.effects.items()),
    )
    _write(
        folder / "missing.csv",
        ("kind", "month", "party_group"),
        ((m.kind, f"{m.month:%Y-%m}", m.party_group) for m in truth.missing),
    )


def _metric_rows(truth: Truth) -> list[Row]:
    """Return the metrics that stand directly in what happened, except what was not submitted or was made unreadable."""
    results = truth.world.results
    gone = {(m.kind, m.month) for m in truth.missing}
    rows: list[Row] = []
    for sale in results.sales:
        key = (sale.party_group, f"{sale.month:%Y-%m}")
        rows.append((*key, "volume_xiang", sale.volume_xiang))
        rows.append((*key, "plan_rate_pct", _round(100 * sale.volume_xiang / sale.plan_xiang)))
        rows.append((*key, "revenue_per_case_yuan", _round(sale.revenue_yuan / sale.volume_xiang)))
        rows.append((*key, "class1_share_pct", _round(100 * sale.class1_volume_xiang / sale.volume_xiang)))
    for shelf in results.shelves:
        rate = _round(100 * shelf.stocking_retailers / shelf.retailers)
        rows.append((shelf.party_group, f"{shelf.month:%Y-%m}", "new_product_shelf_rate_pct", rate))
    for row in results.inspections:
        if ("inspections", row.month) not in gone:
            done = row.market_inspections + row.courier_inspections
            clean = _round(100 * (1 - row.offending_retailers / row.market_inspections))
            rows.append((row.party_group, f"{row.month:%Y-%m}", "inspections", done))
            rows.append((row.party_group, f"{row.month:%Y-%m}", "clean_market_rate_pct", clean))
    for spec in (spec for spec in truth.world.people.groups if spec.enforces):
        rows += _enforcement_rows(truth, spec.party_group)
    spoilt = {(name, f"{month:%Y-%m}", metric) for name, month, metric in (i.spoils for i in truth.issues if i.spoils)}
    return [row for row in rows if row[:3] not in spoilt]


def _enforcement_rows(truth: Truth, name: str) -> list[Row]:
    """Return counts and sums of cases and shops by the month of filing, finding or closing."""
    results = truth.world.results
    cases = [case for case in results.cases if case.party_group == name]
    shops = [shop for shop in results.unlicensed if shop.party_group == name]
    rows: list[Row] = []
    for month in truth.world.months:
        key = (name, f"{month:%Y-%m}")
        filed = [case for case in cases if case.filed_on.replace(day=1) == month]
        closed = sum(shop.closed_on is not None and shop.closed_on.replace(day=1) == month for shop in shops)
        rows.append((*key, "cases_filed", len(filed)))
        rows.append((*key, "seized_tiao", round(sum(case.seized_tiao for case in filed), 1)))
        rows.append((*key, "case_value_yuan", sum(case.case_value_yuan for case in filed)))
        rows.append((*key, "unlicensed_found", sum(shop.found_on.replace(day=1) == month for shop in shops)))
        rows.append((*key, "unlicensed_closed", closed))
    return rows


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)


def _write(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
