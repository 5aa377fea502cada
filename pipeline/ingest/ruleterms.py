"""Rows of a bureau's 考核办法: weights, stars, parameters, the order of ties, conditions; each fault in its cell.

One row is read by itself (`read_term`), and what the rows of a version say together is checked afterwards
(`settle_terms`): weights make one whole, and stars leave no hole.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isclose
from typing import get_args

from pipeline.catalog import Catalog, Term
from pipeline.catalog.bands import Interval, find_breaks
from pipeline.catalog.entries import CATEGORY_WEIGHTS
from pipeline.catalog.records import TermClass
from pipeline.ingest.files.grids import cell_address
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.rulerows import serves_groups
from pipeline.ingest.settings import by_label, one_of, word_list
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import compact

CLASSES: tuple[TermClass, ...] = get_args(TermClass)
BOUNDED = ("star", "model_group")  # classes whose rows have bounds; those of the others have a value
PARTS = ("value", "lower", "upper")
NOTHING = "—"  # what a cell should hold that says nothing of its class
SHARE = "_share"  # at the end of a parameter's name: a part of 1
WHOLES: Mapping[TermClass, float] = {"category_weight": CATEGORY_WEIGHTS, "quarter_score": 1.0, "annual_score": 1.0}
PERCENT = 100.0  # 70 / 15 / 15 make a whole as well as 0.70 / 0.15 / 0.15; no weights make both
SUM_TOLERANCE = 1e-9
SCALED_DECIMALS = 10  # 15 / 100 is 0.15, whatever the binary fraction
_STAR = re.compile(r"([1-9一二三四五六七八九])(?:颗?星级?)?")
_DIGITS = {digit: str(number) for number, digit in enumerate("一二三四五六七八九", start=1)}


@dataclass(frozen=True)
class PlacedTerm:
    """A term and the row that states it."""

    term: Term
    rows: SheetRows
    position: int


def read_term(rows: SheetRows, position: int, vocabulary: Vocabulary) -> Term | None:
    """Return one row of terms under its name in the default book; ``None``, with every fault noted, for a wrong one."""
    catalog = vocabulary.catalog
    values = {name: rows.values[name][position] for name in rows.columns}
    class_ = one_of(str(values["term"] or ""), CLASSES, vocabulary)
    if class_ is None:
        _wrong(rows, "term", position, word_list(CLASSES, vocabulary))
        return None
    before = rows.faulty.at(position)
    term = _named(class_, str(values["name"] or ""), catalog)
    if term is None:
        _wrong(rows, "name", position, ", ".join(known_names(class_, catalog).values()))
        return None
    _check_parts(rows, position, class_, values)
    numbers = {name: value if isinstance(value, float) else None for name, value in values.items() if name in PARTS}
    term = replace(
        term,
        **numbers,  # type: ignore[arg-type]
        version=str(values["version"]),
        source=f"{rows.file} [{rows.sheet.names.sheet}] {_address(rows, position)}",
    )
    if rows.faulty.at(position) == before:
        _check_numbers(rows, position, term)
    return term if rows.faulty.at(position) == before else None


def settle_terms(placed: Iterable[PlacedTerm], catalog: Catalog) -> tuple[Term, ...]:
    """Check what the terms of one version say together, and return them as they count: weights as parts of their whole.

    Weights stated as 70, 15 and 15 for a score, or as 0.3, 0.3 and 0.4 for the categories, mean the same as in the
    other way of writing them, since no weights make both 1 and 100.
    """
    listed = list(placed)
    for class_, whole in WHOLES.items():
        of_class = [entry for entry in listed if entry.term.term == class_]
        if of_class:
            factor = _check_sum(of_class, whole, catalog)
            listed = [_scaled(entry, factor) if entry.term.term == class_ else entry for entry in listed]
    _check_stars([entry for entry in listed if entry.term.term == "star"], _most_points(listed, catalog))
    _check_order([entry for entry in listed if entry.term.term == "tie"])
    return tuple(entry.term for entry in listed)


def known_names(class_: TermClass, catalog: Catalog) -> dict[str, str]:
    """Return name -> Chinese label of everything that a row of one class may be about."""
    labels: dict[str, str] = {}
    if class_ in ("category_weight", "tie"):
        labels = {name: entry.label_zh for name, entry in catalog.categories.items() if entry.weight is not None}
    if class_ == "model_group":
        labels = {name: entry.label_zh for name, entry in catalog.measures.items() if serves_groups(name, catalog)}
    return {term.name: term.label_zh for term in catalog.terms_of(class_)} | labels


def _named(class_: TermClass, written: str, catalog: Catalog) -> Term | None:
    """Return the default book's entry under a written name, or an empty one for what it does not state."""
    labels = known_names(class_, catalog)
    by_name = {compact(label): name for label, name in by_label(labels).items()}
    by_name |= {compact(term.label_zh): term.name for term in catalog.terms_of(class_)}
    name = by_name.get(compact(written))
    star = _STAR.fullmatch(compact(written)) if class_ == "star" else None
    if star is not None:
        name = _DIGITS.get(star[1], star[1])
    if name is None:
        return None
    default = next((term for term in catalog.terms_of(class_) if term.name == name), None)
    if default is not None:
        return default
    entry = catalog.measures.get(name) or catalog.categories.get(name)
    zh, en = (entry.label_zh, entry.label_en) if entry is not None else (written, written)
    return Term(class_, name, zh, en, None, None, None, "")


def _check_parts(rows: SheetRows, position: int, class_: TermClass, values: Mapping[str, object]) -> None:
    """Note numbers that are missing, and those that say nothing of a class; a faulty cell is not told twice."""
    told = {name for _, name in rows.faulty.at(position)}
    wanted = ("lower", "upper") if class_ in BOUNDED else ("value",)
    missing = [name for name in wanted if values[name] is None]
    if class_ == "model_group" and len(missing) == 1:
        missing = []  # a condition may have one bound
    for name in missing:
        if name not in told:
            rows.fault("missing_value", name, position)
    for name in PARTS:
        if name not in wanted and values[name] is not None:
            _wrong(rows, name, position, NOTHING)


def _check_numbers(rows: SheetRows, position: int, term: Term) -> None:
    """Note bounds in the wrong order, and numbers that are none of their class."""
    value = term.value or 0.0
    if term.lower is not None and term.upper is not None:
        if term.upper < term.lower or (term.term == "star" and term.upper == term.lower):
            _wrong(rows, "upper", position, f"{'>' if term.term == 'star' else '≥'} {term.lower:g}")
    elif term.term == "tie" and not (value >= 1 and value.is_integer()):
        _wrong(rows, "value", position, "1, 2, 3, …")
    elif value < 0:
        _wrong(rows, "value", position, "≥ 0")
    elif term.name.endswith(SHARE) and value > 1:
        _wrong(rows, "value", position, "0 … 1")


def _check_sum(listed: Sequence[PlacedTerm], whole: float, catalog: Catalog) -> float:
    """Return by what weights are multiplied to make their whole; a sum that makes none is noted at the last of them.

    The weights of categories are stated for all of them or for none: one that is not stated would keep the points of
    its items on top of the others.
    """
    weights = [entry.term.value or 0.0 for entry in listed]
    last, other = listed[-1], PERCENT / whole
    labels = {entry.term.name: entry.term.label_zh for entry in listed}
    if last.term.term == "category_weight" and (every := known_names("category_weight", catalog)).keys() - labels:
        seen = " + ".join(f"{labels[name]} {weight:g}" for name, weight in zip(labels, weights, strict=True))
        expected = f"{' + '.join(every.values())} = {whole:g}"
    elif isclose(sum(weights), whole, abs_tol=SUM_TOLERANCE):
        return 1.0
    elif isclose(sum(weights), other, abs_tol=SUM_TOLERANCE):
        return whole / other
    else:
        seen, expected = f"{' + '.join(f'{weight:g}' for weight in weights)} = {sum(weights):.10g}", f"{whole:g}"
    last.rows.fault("terms_do_not_sum", "value", last.position, expected, seen)
    return 1.0


def _scaled(entry: PlacedTerm, factor: float) -> PlacedTerm:
    weight = round((entry.term.value or 0.0) * factor, SCALED_DECIMALS)
    return entry if factor == 1.0 else replace(entry, term=replace(entry.term, value=weight))


def _check_stars(stars: Sequence[PlacedTerm], most: float) -> None:
    """Note holes between stars, overlaps, and a highest star that ends below the ``most`` points that there can be."""
    bounds = [Interval(entry.term.lower or 0.0, entry.term.upper) for entry in stars]
    for found in find_breaks(bounds):
        _fault_of_star(stars[found.number], found.sort, "lower", found.values)
    top = max(stars, key=lambda entry: entry.term.upper or inf, default=None)
    if top is not None and top.term.upper is not None and top.term.upper < most:
        _fault_of_star(top, "gap", "upper", f"({top.term.upper:g}, {most:g}]")


def _fault_of_star(entry: PlacedTerm, sort: str, column: str, values: str) -> None:
    entry.rows.fault("band_gap" if sort == "gap" else "band_overlap", column, entry.position, values)


def _most_points(listed: Iterable[PlacedTerm], catalog: Catalog) -> float:
    """Return the most points of a member's month: base and cap of what is earned, of the version or the default."""
    stated = {term.name: term.value for term in catalog.terms_of("parameter")}
    stated |= {entry.term.name: entry.term.value for entry in listed if entry.term.term == "parameter"}
    return sum(stated[name] or 0.0 for name in ("member_base_points", "member_earned_cap"))


def _check_order(ties: Sequence[PlacedTerm]) -> None:
    """Note a place in the order of ties that two rows claim."""
    places = [entry.term.value for entry in ties]
    free = ", ".join(str(number) for number in range(1, len(ties) + 1) if number not in places)
    for number, entry in enumerate(ties):
        if entry.term.value in places[:number]:
            _wrong(entry.rows, "value", entry.position, free)


def _wrong(rows: SheetRows, name: str, position: int, expected: str) -> None:
    rows.fault("wrong_term", name, position, expected)


def _address(rows: SheetRows, position: int) -> str:
    return cell_address(*(rows.place("name", position) or (rows.rows[position], 0)))
