"""Which workbooks of the quarter are missing or could not be used, by name."""

from pipeline.report.numbers import listed, short_month_text
from pipeline.report.quarter import QuarterReport

NOT_USED = ("missing", "unreadable")  # states of list_submissions, worst first
NAMED_AT_MOST = 3  # in a sentence; more are listed in their section


def missing_workbooks(report: QuarterReport) -> tuple[str, ...]:
    """Return what was not handed in, then what was but could not be used; one line for workbooks of the same months."""
    texts, submissions = report.texts, report.of_quarter("submissions").fillna({"party_group": ""})
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
    return tuple(lines)


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
