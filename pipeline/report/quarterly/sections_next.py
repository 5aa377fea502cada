"""Section: what do we look at next quarter? Rules over the tables; every line has its figure and blames nobody."""

from collections.abc import Iterator

from pipeline.points.measures import NOT_SUBMITTED
from pipeline.report.material.audit_words import CARRIED, audit_rows, period_text
from pipeline.report.material.figures import metric_signals, process_signals
from pipeline.report.material.lacking import never_read
from pipeline.report.material.membership import ended_groups
from pipeline.report.material.numbers import (
    listed,
    points_text,
    rate_text,
    short_month_text,
)
from pipeline.report.material.overdue import ended_lines, longest_overdue
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.relations import SHOWN_FIRST, claim_label, dated_r
from pipeline.report.material.results import results_of_quarter
from pipeline.report.material.totals import completeness
from pipeline.report.page.blocks import Bullets, Prose, Section, Stack
from pipeline.report.quarterly.handed_in import item_names, never_handed_in
from pipeline.stats.words import verdict_name

LOW_SHARE = 0.7  # an item of the rule book below this share of its full points is worth a look
TARGETS_SHOWN = 3
RELATIONS_SHOWN = 3


def show_next(report: QuarterReport) -> Stack:
    """Show what to look at next quarter."""
    lines = matters_to_look_at(report)
    section = Section("next", report.texts("next.title"), report.texts("next.lead" if lines else "next.nothing"))
    return Stack((section, Bullets(lines), Prose((report.texts("next.note"),)))) if lines else Stack((section,))


def matters_to_look_at(report: QuarterReport) -> tuple[str, ...]:
    """Return the lines in order: missing data, targets, items, signals, overdue matters, differences, relationships."""
    rules = (
        _missing_data,
        _items_without_data,
        _targets_not_reached,
        _lowest_items,
        _signals,
        _overdue,
        _differences,
        _claims,
    )
    return tuple(line for rule in rules for line in rule(report))


def _missing_data(report: QuarterReport) -> Iterator[str]:
    handed_in = completeness(report)
    never = int(report.of_quarter("submissions")["kind"].isin(never_handed_in(report)).sum())
    if handed_in.due > handed_in.submitted + never:
        yield report.texts("next.missing", count=handed_in.due - handed_in.submitted - never)
    if handed_in.unreadable:
        yield report.texts("next.unreadable", count=handed_in.unreadable)
    refused = sum(file.status == "refused" for file in report.files)
    if refused:
        yield report.texts("next.refused", count=refused)


def _targets_not_reached(report: QuarterReport) -> Iterator[str]:
    rows = results_of_quarter(report)
    wanted_up = rows["metric"].map(lambda name: report.catalog.metrics[name].direction == "up").astype(bool)
    below = rows[wanted_up & (rows["attained_pct"] < 100)].sort_values("attained_pct", kind="stable")
    for row in below.head(TARGETS_SHOWN).itertuples():
        attained = rate_text(row.attained_pct, report.texts)
        yield report.texts("next.target", group=row.party_group, metric=row.label, attained=attained)


def _lowest_items(report: QuarterReport) -> Iterator[str]:
    items = report.of_quarter("points_by_group_month_item")
    items = items[items["state"] != NOT_SUBMITTED]  # points that only lack their data are no weakness
    labels = report.item_labels()
    sums = items[items["full_points"] > 0].groupby(["party_group", "item"])[["points", "full_points"]].sum(min_count=1)
    share = (sums["points"] / sums["full_points"]).dropna()
    for group in report.groups:
        if group not in share.index.get_level_values("party_group"):
            continue
        own = share[group]
        lowest = str(own.idxmin())
        if own[lowest] < LOW_SHARE:
            full = {
                name: points_text(sums.loc[(group, lowest), name], report.texts) for name in ("points", "full_points")
            }
            yield report.texts("next.item", group=group, item=lowest, label=labels.get(lowest, lowest), **full)


def _items_without_data(report: QuarterReport) -> Iterator[str]:
    """Name the items whose data are missing: their points say nothing about the group; once for all, never kept."""
    texts, items = report.texts, report.of_quarter("points_by_group_month_item")
    labels = report.item_labels()
    never = never_read(report.tables["points_by_group_month_item"])
    if never:
        yield texts("next.items_never", items=item_names(report, never))
    lacking = items[(items["state"] == NOT_SUBMITTED) & ~items["item"].isin(never)].sort_values(["item", "month"])
    for group in report.groups:
        named = [
            texts(
                "gap.named_months",
                name=texts("next.item_name", item=item, label=labels.get(str(item), str(item))),
                months=listed((short_month_text(month, texts) for month in rows["month"]), texts),
            )
            for item, rows in lacking[lacking["party_group"] == group].groupby("item")
        ]
        if named:
            yield texts("next.items_without_data", group=group, items=listed(named, texts))


def _signals(report: QuarterReport) -> Iterator[str]:
    for group in report.groups:
        named = [(report.texts("chart.process_points"), process_signals(report, group))]
        named += [
            (report.label(metric), metric_signals(report, group, metric.metric))
            for metric in report.metrics_of(group, only_correlated=True)
        ]
        for label, months in named:
            outside = months[months.index.isin(report.months) & (months["signal"] == "outside")]
            if len(outside):
                names = listed((short_month_text(month, report.texts) for month in outside.index), report.texts)
                yield report.texts("next.signal", group=group, label=label, months=names)


def _overdue(report: QuarterReport) -> Iterator[str]:
    texts, overdue = report.texts, report.tables["overdue"]
    counts = overdue["party_group"].value_counts()
    gone = ended_groups(report)
    parts = [
        texts("next.overdue_group", group=group, count=int(counts[group]))
        for group in report.groups
        if group in counts and group not in gone
    ]
    if parts:
        yield texts("next.overdue", groups=listed(parts, texts), longest=longest_overdue(report, gone))
    yield from ended_lines(report)


def _differences(report: QuarterReport) -> Iterator[str]:
    own, _ = audit_rows(report)
    differences = own[own["is_difference"] & ~own["explanation"].isin(CARRIED)]
    if len(differences):
        row = differences.sort_values("difference_points", key=abs, kind="stable").iloc[-1]
        yield report.texts(
            "next.difference",
            count=len(differences),
            group=row["party_group"],
            period=period_text(str(row["level"]), str(row["period"]), report),
            difference=points_text(row["difference_points"], report.texts, signed=True),
        )


def _claims(report: QuarterReport) -> Iterator[str]:
    texts, table = report.texts, report.tables["relationships"]
    claims = table[table["verdict"].isin(SHOWN_FIRST)].sort_values("p_max_t", kind="stable")
    parts = [
        texts(
            "next.relation_pair",
            scope=claim_label(str(row["scope"]), str(row["metric"]), report),
            metric=report.label(report.catalog.metrics[str(row["metric"])]),
            verdict=verdict_name(str(row["verdict"]), texts),
            r=dated_r(report, row),
            n=row["n_months"],
        )
        for row in claims.head(RELATIONS_SHOWN).to_dict("records")
    ]
    if parts:
        yield texts("next.relation", pairs=listed(parts, texts))
