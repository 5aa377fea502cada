"""What a bureau is: its name, groups, aliases, attribution and rules, after its own settings workbooks were applied."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.catalog import Catalog, Group, Kind, Rule, Term
from pipeline.catalog.records import Attribution, TermClass
from pipeline.ingest.faults import Fault
from pipeline.ingest.ledger import FileLedger, Issue


@dataclass(frozen=True)
class Bureau:
    """The settings of one bureau: the catalog's defaults, replaced where a settings workbook says otherwise."""

    name: str
    branch: str
    is_synthetic: bool
    groups: Mapping[str, Group]
    aliases: Mapping[str, str]  # any written name -> standard name of a group or a member
    attribution: Mapping[tuple[str, str], Attribution]  # (party group, metric)
    rules: tuple[Rule, ...]  # all versions; a month is scored under the latest version in effect
    terms: tuple[Term, ...]  # the default book's (without a version) and those of the bureau's own versions
    publishes_names: bool = False  # the bulletin board names leaders and five-star members
    objection_contact: str = ""  # whom the bulletin board names for objections
    objection_until: str = ""  # the last day for objections, "2022-01-15"; empty: by the days of the rule book

    def terms_of(self, version: str, term: TermClass) -> tuple[Term, ...]:
        """Return what a version says of one class of terms; the default book where the version is silent."""
        own = tuple(entry for entry in self.terms if (entry.version, entry.term) == (version, term))
        return own or tuple(entry for entry in self.terms if (entry.version, entry.term) == ("", term))

    def weights_of(self, version: str, score: TermClass) -> Mapping[str, float]:
        """Return the weight of every part of a score under a version."""
        return {entry.name: entry.value or 0.0 for entry in self.terms_of(version, score)}

    def parameter(self, version: str, name: str) -> float:
        """Return one parameter of a version, or of the default book; raises `KeyError` for an unknown name."""
        stated = {entry.name: entry.value for entry in self.terms_of("", "parameter")}
        stated |= {entry.name: entry.value for entry in self.terms_of(version, "parameter")}
        return float(stated[name] or 0.0)

    def owns(self, party_group: str, metric: str) -> bool:
        """Tell whether ``metric`` may be shown for ``party_group`` at all."""
        return self.attribution.get((party_group, metric), "none") != "none"

    def owes(self, kind: Kind, catalog: Catalog) -> bool:
        """Tell whether workbooks of ``kind`` are asked for: not where they serve only metrics that no group owns, nor
        what groups say of each other where there is only one.
        """
        if len(self.groups) < 2 and catalog.is_between_groups(kind.table):
            return False
        served = [
            name
            for name, metric in catalog.metrics.items()
            if kind.table in {catalog.measures[leaf].table for leaf in catalog.leaf_measures(metric.measure)}
        ]
        return not served or any(self.owns(group, name) for group in self.groups for name in served)


@dataclass(frozen=True)
class Reading:
    """Everything that was read from a bureau's folder.

    ``tables`` holds every input table of the data dictionary (empty ones too, with all their columns), and the derived
    tables ``printed_totals`` and ``coverage``. Dtypes follow the dictionary (``schema.DTYPES``): dates are datetime64,
    months Period[M], quarters Period[Q-DEC], counts Int64, numbers and rates float64, yes and no boolean, the rest str;
    missing values are NA. ``faults`` are what ``issues`` say in one language, in the same order, for those who say
    them in another; they are not stored, and a reading that was loaded has none.
    """

    bureau: Bureau
    tables: Mapping[str, pd.DataFrame]
    files: tuple[FileLedger, ...]
    issues: tuple[Issue, ...]
    faults: tuple[Fault, ...] = ()
