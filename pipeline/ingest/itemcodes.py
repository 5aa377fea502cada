"""Under which codes of its rule book a bureau writes entries, and about whom an entry under each may be."""

from collections.abc import Collection, Iterable, Mapping

from pipeline.catalog import Catalog, Measure, Rule
from pipeline.ingest.layouts.context import GROUP

POINTS_LEDGER = "points_ledger"
ITEM_CLAUSE = "item="  # the clause of a measure's filter (measures.csv) that says which rows of the ledger it takes
MEMBER = "member"
SUBJECTS: Mapping[str, frozenset[str]] = {  # scope of a rule -> which derived columns of a ledger say who it is about
    "group": frozenset({GROUP}),
    "member": frozenset({MEMBER}),
    "both": frozenset({GROUP, MEMBER}),
}
VETO = "veto"  # a scheme; what it is about is vetoed, a group as well as a member
Items = Mapping[str, frozenset[str]]  # code -> who an entry under it may be about


def ledger_codes(measure: Measure, rules: Collection[Rule]) -> frozenset[str]:
    """Return the codes under which the rows that ``measure`` takes stand in the points ledger; none for a measure that
    takes no item of it.

    They are the items of the rules (of any version) that use the measure. The catalog's own code counts as well, unless
    it is the item of a rule with another measure; where no rule uses the measure, it is the only one.
    """
    own = _own_codes(measure)
    if not own:
        return frozenset()
    used = frozenset(rule.item for rule in rules if rule.measure == measure.measure)
    others = frozenset(rule.item for rule in rules if rule.measure != measure.measure)
    return used | (own - others) if used else own


def other_clauses(measure: Measure) -> str:
    """Return the filter of a measure without the clause that names its item in the points ledger."""
    if measure.table != POINTS_LEDGER:
        return measure.filter
    return ";".join(clause for clause in measure.filter.split(";") if not clause.startswith(ITEM_CLAUSE))


def ledger_items(rules: Collection[Rule], catalog: Catalog) -> Items:
    """Return the codes of the points ledger that any version of the rules takes points from; every other item is
    scored from the ledgers of the work itself.
    """
    taken = (
        (code, rule)
        for rule in rules
        for name in (rule.measure, rule.target)
        if name
        for code in ledger_codes(catalog.measures[name], rules)
    )
    return _with_subjects(taken)


def scored_items(rules: Iterable[Rule]) -> Items:
    """Return every item code of any version of the rules: what a correction may be about."""
    return _with_subjects((rule.item, rule) for rule in rules)


def _own_codes(measure: Measure) -> frozenset[str]:
    clauses = measure.filter.split(";") if measure.table == POINTS_LEDGER else []
    return frozenset(clause.removeprefix(ITEM_CLAUSE) for clause in clauses if clause.startswith(ITEM_CLAUSE))


def _with_subjects(taken: Iterable[tuple[str, Rule]]) -> Items:
    """Return each code with everybody whom one of its rules is about."""
    found: dict[str, frozenset[str]] = {}
    for code, rule in taken:
        found[code] = found.get(code, frozenset()) | SUBJECTS["both" if rule.scheme == VETO else rule.scope]
    return found
