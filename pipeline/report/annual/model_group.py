"""The conditions of the model group against what a year came to: required, actual, met or not, and why not judged."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.catalog import Term
from pipeline.points.averaged import FEWEST_MEMBERS
from pipeline.report.annual.scores import SCORE, year_lacks
from pipeline.report.annual.view import VOTES, AnnualReport
from pipeline.report.material.base import kept
from pipeline.report.material.gaps import gap_text
from pipeline.report.material.lacking import ITEMS, points_gaps
from pipeline.report.material.membership import groups_in, scored_months
from pipeline.report.material.numbers import joined, listed, points_text, rate_text, short_month_text
from pipeline.report.page.table_block import MISSING, format_number, is_missing
from pipeline.texts import Texts

SHARE = "vote_share_pct"
VETOES = "vetoes"  # the measure that a condition is about
MONTHS = 12
STATES = ("not_submitted", "no_base")  # of measures_by_group_month: why a month has no value
NO_MEMBERS = "no_members"  # why it has no row
UNITS = {SCORE: "points", SHARE: "pct"}  # of the conditions that are no measure


@kept
def conditions(report: AnnualReport) -> dict[str, Term]:
    """Return the conditions of the rule book by name, in its order."""
    return {term.name: term for term in report.bureau.terms_of(report.year_version, "model_group")}


def checks_of(report: AnnualReport, group: str) -> list[Mapping[Any, Any]]:
    """Return the rows of ``model_group_checks`` of one group in the order of the rule book."""
    own = {row["condition"]: row for row in _checks(report).get(group, ())}
    return [own[name] for name in conditions(report) if name in own]


@kept
def _checks(report: AnnualReport) -> Mapping[str, list[Mapping[Any, Any]]]:
    """Return the rows of ``model_group_checks`` of the year by group."""
    found: dict[str, list[Mapping[Any, Any]]] = {}
    for row in report.of_year("model_group_checks").to_dict("records"):
        found.setdefault(row["party_group"], []).append(row)
    return found


def condition_name(report: AnnualReport, name: str) -> str:
    """Return what the rule book calls a condition."""
    return report.label(conditions(report)[name])


def required_text(report: AnnualReport, check: Mapping[Any, Any]) -> str:
    """Return the bounds of a condition: ≥ 85.0%, ≤ 0."""
    unit = unit_of(report, check["condition"])
    low, high = (None if is_missing(check[name]) else amount(report, check[name], unit) for name in ("lower", "upper"))
    if low is not None and high is not None:
        return report.texts("model.between", low=low, high=high)
    return f"≥ {low}" if low is not None else f"≤ {high}" if high is not None else MISSING


def actual_text(report: AnnualReport, check: Mapping[Any, Any]) -> str:
    """Return what a group came to, a rate with its sums in brackets: 92.3% (443/480)."""
    if is_missing(check["value"]):
        return MISSING
    name = str(check["condition"])
    value = amount(report, check["value"], unit_of(report, name))
    measure = report.catalog.measures.get(name)
    if measure is None or measure.aggregate != "quotient":
        return value
    months = _known_months(report, str(check["party_group"]), name)
    above, below = (format_number(months[side].sum(), 0) for side in ("numerator", "denominator"))
    return report.texts("model.rate_of", rate=value, above=above, below=below)


def verdict_of(check: Mapping[Any, Any]) -> str:
    """Return whether a condition is met: ``met``, ``not_met`` or ``open``."""
    if is_missing(check["is_met"]):
        return "open"
    return "met" if check["is_met"] else "not_met"


def evidence_text(report: AnnualReport, check: Mapping[Any, Any]) -> str:
    """Return on how many months a condition rests and which are missing and why; or why it cannot be judged."""
    texts, name, group = report.texts, str(check["condition"]), str(check["party_group"])
    if name == SCORE:
        lacking = is_missing(check["value"])
        return texts("model.lacks", lacking=year_lacks(report, group)) if lacking else texts("model.from_scores")
    if name == SHARE:
        return _vote_text(report, group)
    if is_missing(check["value"]) and not is_missing(check["is_met"]):
        return texts("privacy.value_hidden", count=FEWEST_MEMBERS)
    count, gaps = int(check["month_count"]), _gap_text(report, group, name)
    there = scored_months(report)[group].intersection(report.year_months)
    if count == MONTHS or (report.is_over and count == len(there) and report.year_months[-1] in there):
        text = texts("model.months", count=count)
    else:
        text = texts("model.months_so_far" if not report.is_over else "model.months_lacking", count=count)
    return texts("model.noted", text=text, gaps=gaps) if gaps else text


@kept
def votes_of(report: AnnualReport) -> pd.DataFrame:
    """Return the votes of the year, round by round; none before it is over, since they are given at its end."""
    rows = report.of_year(VOTES).sort_values(["source_file", "source_row"], kind="stable")
    return rows if report.is_over else rows.iloc[:0]


def model_group_sentence(report: AnnualReport) -> str:
    """Say which group is the model group of the year, or why none is; and whose year score lacks a ledger."""
    texts = report.texts
    if not report.is_over:
        return texts("model.not_over")
    gaps = points_gaps(report.tables[ITEMS], report.groups, report.year_months)
    lacking = texts("model.lacking", places=gap_text(gaps, texts)) if gaps else ""
    return joined((_chosen_sentence(report), lacking), texts)


def _chosen_sentence(report: AnnualReport) -> str:
    texts = report.texts
    rows = report.group_rows("annual_by_group_year")
    chosen = [group for group, row in rows.items() if row["is_model_group"]]
    if chosen:
        share = rate_text(rows[chosen[0]][SHARE], texts)
        return texts("model.chosen", groups=listed(chosen, texts), year=report.year, share=share)
    eligible = [group for group, row in rows.items() if not is_missing(row["is_eligible"]) and row["is_eligible"]]
    there = groups_in(report, report.months[-1:])  # one that was merged in the course of the year is no candidate
    undecided = [group for group, row in rows.items() if is_missing(row["is_eligible"]) and group in there]
    if eligible:
        return texts("model.no_votes", groups=listed(eligible, texts))
    if undecided:
        return texts("model.undecided", groups=listed(undecided, texts))
    return texts("model.none_eligible", year=report.year)


def unit_of(report: AnnualReport, name: str) -> str:
    """Return the unit of a condition."""
    measure = report.catalog.measures.get(name)
    return measure.unit if measure is not None else UNITS.get(name, "")


def amount(report: AnnualReport, value: object, unit: str) -> str:
    """Return a value with its unit; counts have no decimals."""
    if unit == "pct":
        return rate_text(value, report.texts)
    if unit == "points":
        return points_text(value, report.texts)
    number = float(value)  # type: ignore[arg-type]
    return format_number(number, 0 if number.is_integer() else 1)


def _known_months(report: AnnualReport, group: str, name: str) -> pd.DataFrame:
    own = _measure_months(report, group, name)
    return own[~own["state"].isin(STATES)]


def _measure_months(report: AnnualReport, group: str, name: str) -> pd.DataFrame:
    return report.of_year("measures_by_group_month").iloc[_measure_places(report).get((group, name), [])]


@kept
def _measure_places(report: AnnualReport) -> Mapping[tuple[str, str], list[int]]:
    """Return the places of the months of every group and measure among those of the year."""
    rows = report.of_year("measures_by_group_month")
    found: dict[tuple[str, str], list[int]] = {}
    for place, key in enumerate(zip(rows["party_group"].tolist(), rows["measure"].tolist(), strict=True)):
        found.setdefault(key, []).append(place)
    return found


def _gap_text(report: AnnualReport, group: str, name: str) -> str:
    """Return the months of the year so far without a value, by their state: 3月、8月没有台账；5月没有到期事项.

    Of a group founded in February 1月没有党员. "" when every month has a value.
    """
    texts, own = report.texts, _measure_months(report, group, name)
    states = dict(zip(own["month"], own["state"], strict=True))
    gaps: dict[str, list[pd.Period]] = {state: [] for state in (NO_MEMBERS, *STATES)}
    there = scored_months(report)[group]
    for month in report.year_months:
        state = states.get(month, STATES[0]) if month in there or not there else NO_MEMBERS
        if state in gaps:
            gaps[state].append(month)
    named = [texts(f"model.gap_{state}", months=_spans(months, texts)) for state, months in gaps.items() if months]
    return texts("list.clauses").join(named)


def _spans(months: list[pd.Period], texts: Texts) -> str:
    """Return months in order as words, those that follow each other as a span: 1月至5月、8月."""
    spans: list[tuple[pd.Period, pd.Period]] = []
    for month in months:
        if spans and spans[-1][1] + 1 == month:
            spans[-1] = (spans[-1][0], month)
        else:
            spans.append((month, month))
    named = []
    for first, last in spans:
        ends = short_month_text(first, texts), short_month_text(last, texts)
        named.append(ends[0] if first == last else texts("model.span", first=ends[0], last=ends[1]))
    return listed(named, texts)


def _vote_text(report: AnnualReport, group: str) -> str:
    texts, rows = report.texts, votes_of(report)
    own = rows[rows["party_group"] == group]
    if own.empty:
        return texts("model.votes_missing" if report.is_over else "model.votes_to_come")
    last = own.iloc[-1]  # the last round of the form decides
    if is_missing(last["votes"]) or is_missing(last["voters"]):
        return texts("model.votes_missing")
    return texts("model.votes", votes=int(last["votes"]), voters=int(last["voters"]))
