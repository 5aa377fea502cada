"""What the page of a year is written from: the derived tables as managers may see them, up to the end of a quarter."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.catalog import Catalog, Term, load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.ingest.lazy_tables import LazyTables
from pipeline.ingest.store import read_table
from pipeline.periods import months_of, parse_quarter
from pipeline.points.schemes import version_in_effect
from pipeline.report.material.base import PageMaterial, kept
from pipeline.report.material.inputs import load_lean_reading, open_tables
from pipeline.report.material.lacking import ITEMS
from pipeline.report.material.membership import TURNOVER
from pipeline.report.material.privacy import Redactor, checked_view, known_names, managers_view
from pipeline.texts import Texts, load_texts

VOTES, CHECKS = "model_votes", "model_group_checks"
CORRECTIONS = "corrections_applied"
# The tables of the run that the page may use; of an input table only who voted how often
ANNUAL_TABLES = (
    "annual_by_group_year",
    CORRECTIONS,
    "leader_terms",
    "measures_by_group_month",
    CHECKS,
    "points_by_group_month",
    ITEMS,
    "posts_by_group_quarter",
    "restatements",
    "standings_by_group_quarter",
    "stars_by_group_quarter",
    TURNOVER,
)
FREE_TEXT = {"leader_terms": ("term",), VOTES: ("round_name", "condition")}
QUARTERS = 4


@dataclass(frozen=True)
class AnnualReport(PageMaterial):
    """The year of one bureau as it was known at the end of ``quarter``, ready to be put into words.

    ``tables`` holds `ANNUAL_TABLES` and the votes, with the columns that managers may see. Nothing in them is about a
    single member.
    """

    redact: Redactor

    @property
    def is_over(self) -> bool:
        """Whether the quarter is the last one of its year."""
        return bool(self.quarter.quarter == QUARTERS)

    @kept
    def group_rows(self, table: str) -> dict[str, Mapping[Any, Any]]:
        """Return the row of every group in a table that has one a group and year."""
        rows = self.of_year(table).set_index("party_group").to_dict("index")
        return {group: rows[group] for group in self.groups if group in rows}

    @cached_property
    def year_version(self) -> str:
        """The version of the rule book that the year is weighed under: that of its last month."""
        return version_in_effect(self.bureau.rules, pd.Period(f"{self.year}-12", "M"))

    @property
    def year_terms(self) -> tuple[Term, ...]:
        """The parts of the year score with their weights."""
        return self.bureau.terms_of(self.year_version, "annual_score")

    def quarter_terms(self, quarter: pd.Period) -> tuple[Term, ...]:
        """Return the parts of a quarter's score with their weights."""
        return self.bureau.terms_of(version_in_effect(self.bureau.rules, months_of(quarter)[-1]), "quarter_score")

    @property
    def version_spans(self) -> list[tuple[str, pd.Period, pd.Period]]:
        """The rule book's versions of the year's months, each with its first and last month, in order."""
        spans: list[tuple[str, pd.Period, pd.Period]] = []
        for month in self.year_months:
            version = version_in_effect(self.bureau.rules, month)
            if spans and spans[-1][0] == version:
                spans[-1] = (version, spans[-1][1], month)
            elif version:
                spans.append((version, month, month))
        return spans


def load_year(processed_dir: str | Path, quarter: str | pd.Period, lang: str) -> AnnualReport:
    """Return what notebooks 1 to 3 left in ``processed_dir`` (the folder of one bureau and quarter).

    A table is read when it is first looked at. Raises `NotMadeYet` for a missing table, `PeriodError` for a
    wrong quarter, `ValueError` for an unknown language.
    """
    folder, catalog = Path(processed_dir), load_catalog()
    derived = open_tables(ANNUAL_TABLES, folder, catalog)
    period = parse_quarter(quarter) if isinstance(quarter, str) else quarter
    reading = load_lean_reading(folder, catalog)
    votes = read_table(VOTES, folder, catalog)
    whole = replace(reading, tables={**reading.tables, VOTES: votes})
    return build_year(whole, derived, period, load_texts(lang), catalog)


def build_year(
    reading: Reading, derived: Mapping[str, pd.DataFrame], quarter: pd.Period, texts: Texts, catalog: Catalog
) -> AnnualReport:
    """Return the page's material: nothing of later quarters, of single members, or that managers may not see."""
    redact = Redactor(known_names(reading, catalog))

    def prepare(name: str) -> pd.DataFrame:
        frame = reading.tables[name] if name == VOTES else derived[name]
        if name == CORRECTIONS:
            frame = frame[frame["member"].isna()]
        view = _prepared(frame, name, quarter, catalog, redact)
        if name == CHECKS:
            return checked_view(view, tables["annual_by_group_year"], tables["measures_by_group_month"])
        return view

    tables = LazyTables((*ANNUAL_TABLES, VOTES), prepare)
    return AnnualReport(quarter, texts, catalog, reading.bureau, tables, redact)


def _prepared(frame: pd.DataFrame, name: str, quarter: pd.Period, catalog: Catalog, redact: Redactor) -> pd.DataFrame:
    view = managers_view(frame, name, catalog)
    if "month" in view:
        view = view[view["month"] <= months_of(quarter)[-1]]
    for column in FREE_TEXT.get(name, ()):
        view = view.assign(**{column: view[column].map(redact, na_action="ignore")})
    return view.reset_index(drop=True)
