"""Which workbooks of the quarter are missing or could not be used, by name."""

from collections.abc import Iterable

from pipeline.ingest.checking.coverage import forms_of
from pipeline.ingest.checking.gaps import may_be
from pipeline.report.material.base import kept
from pipeline.report.material.lacking import ITEMS, items_of_kinds, never_read
from pipeline.report.material.numbers import joined, listed, short_month_text
from pipeline.report.material.quarter import QuarterReport

NOT_USED = ("missing", "unreadable")  # states of list_submissions, worst first
NAMED_AT_MOST = 3  # in a sentence; more are listed in their section


@kept
def never_handed_in(report: QuarterReport) -> tuple[str, ...]:
    """Return the kinds that the quarter lacks and of which no workbook came in any month: nobody keeps them. One that
    came and could not be used is kept.
    """
    submissions, catalog = report.of_quarter("submissions"), report.catalog
    is_missing = submissions["state"].eq("missing").groupby(submissions["kind"], sort=False).all()
    read = set(report.tables["coverage"]["kind"])
    lacking = {str(kind): forms_of(catalog.kinds[kind], catalog) for kind in is_missing.index[is_missing]}
    return tuple(
        kind
        for kind, forms in lacking.items()
        if read.isdisjoint(forms)
        and not any(may_be(file, catalog.kinds[form]) for form in forms for file in report.files)
    )


def never_handed_in_line(report: QuarterReport) -> tuple[str, ...]:
    """Return one line for all kinds that nobody keeps, with the items that have no points for it; none without any."""
    texts, kinds = report.texts, never_handed_in(report)
    if not kinds:
        return ()
    of_kinds = items_of_kinds(kinds, report.bureau, report.catalog)
    items = item_names(report, [item for item in never_read(report.tables[ITEMS]) if item in of_kinds])
    names = listed((workbook_name(report, kind, "") for kind in kinds), texts)
    first = texts("completeness.list_never", workbooks=names)
    return (joined((first, texts("completeness.never_items", items=items) if items else ""), texts),)


def item_names(report: QuarterReport, items: Iterable[str]) -> str:
    """Return items with their names as a list; "" without any."""
    texts, labels = report.texts, report.item_labels()
    return listed((texts("next.item_name", item=item, label=labels.get(item, item)) for item in items), texts)


def missing_workbooks(report: QuarterReport) -> tuple[str, ...]:
    """Return what was not handed in, then what was but could not be used; one line for workbooks of the same months,
    and one for all that nobody keeps.
    """
    texts, submissions = report.texts, report.of_quarter("submissions").fillna({"party_group": ""})
    submissions = submissions[~submissions["kind"].isin(never_handed_in(report))]
    lines = []
    for state in NOT_USED:
        workbooks: dict[str, list[str]] = {}
        own = submissions[submissions["state"] == state].sort_values("month", kind="stable")
        for (kind, group), rows in own.groupby(["kind", "party_group"], sort=False):
            months = listed((short_month_text(month, texts) for month in rows["month"]), texts)
            workbooks.setdefault(months, []).append(workbook_name(report, str(kind), str(group)))
        lines += [
            texts(f"completeness.list_{state}", months=months, workbooks=listed(names, texts))
            for months, names in workbooks.items()
        ]
    return (*lines, *never_handed_in_line(report))


def few_missing_workbooks(report: QuarterReport) -> str:
    """Return the names of what was not handed in for a sentence; "" where there is nothing, or too much to name."""
    texts, submissions = report.texts, report.of_quarter("submissions").fillna({"party_group": ""})
    own = submissions[submissions["state"] == "missing"].sort_values("month", kind="stable")
    if len(own) > NAMED_AT_MOST:
        return ""
    names = (
        texts(
            "completeness.workbook_of_month",
            month=short_month_text(month, texts),
            workbook=workbook_name(report, str(kind), str(group)),
        )
        for month, kind, group in zip(own["month"], own["kind"], own["party_group"], strict=True)
    )
    return listed(names, texts)


def workbook_name(report: QuarterReport, kind: str, group: str) -> str:
    """Return what a kind of workbook is called, with the group that hands it in ("" where the bureau does)."""
    label = report.label(report.catalog.kinds[kind])
    return report.texts("completeness.workbook_of_group", workbook=label, group=group) if group else label
