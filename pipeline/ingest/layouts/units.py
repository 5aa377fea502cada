"""Units as a sheet states them, and the factors to the dictionary's; never inferred from how large a number is."""

import re
from collections.abc import Iterable, Mapping

from pipeline.catalog import Unit
from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import brackets_of, compact

# 单位：箱、元, but neither 编制单位 nor 填报单位; 数量单位：箱 may be followed by 金额单位：元 without a separator
_STATED = re.compile(r"(?:^|[^制报定送])单位[:为]((?:(?!..单位[:为])[^。;()])+)")
_SEPARATORS = re.compile(r"[、,，/;和及]|\s")
_RATIO = "/"  # 元/箱: money per cigarettes
_SAID = re.compile(r"^..?单位[:为]?|^单位[:为]?")  # 单位：箱 in a bracket
MAX_UNIT = 4  # characters of a unit; a longer bracket is an explanation that happens to end like one
MONEY = "money"  # the family that is counted per cigarettes
PER_XIANG = "xiang"  # what revenue per case is counted in


def unit_factor(
    unit: str,
    labels: Iterable[str],
    titles: Iterable[str],
    defaults: Mapping[str, Unit],
    vocabulary: Vocabulary,
    outer_titles: Iterable[str] = (),
) -> float | None:
    """Return what a cell is multiplied by to be in ``unit``, a name of units.csv; 1 for a unit that has no family.

    The header's brackets are heard first, then a title row 单位：箱、元, then the bureau's settings (``defaults``:
    wanted unit -> unit; what holds for sales in 箱 holds for no seizure in 条). A title right above the table wins over
    those of the sheet (``outer_titles``). ``None`` when none of them states a unit of the family, when a title states
    two, or when a bracket of the header states a unit that is not of the family, whatever the titles say.
    """
    wanted = next((known for known in vocabulary.units.values() if known.unit == unit), None)
    if wanted is None:
        return 1.0
    for label in labels:
        for bracket in brackets_of(label):
            stated = _SAID.sub("", bracket)
            factor = _factor_of(stated, wanted, vocabulary)
            if factor is not None or is_unit(stated, vocabulary):
                return factor
    for texts in (titles, outer_titles):
        said = {found.unit: found for text in texts for found in _units_in(text, vocabulary)}
        of_family = [found for found in said.values() if found.family == wanted.family]
        if of_family:
            return of_family[0].factor / wanted.factor if len(of_family) == 1 else None
    source = defaults.get(wanted.unit)
    return None if source is None else source.factor / wanted.factor


def own_units(unit: str, factor: float, vocabulary: Vocabulary) -> dict[str, float]:
    """Return unit -> factor for numbers with a unit of their own, in a column whose bare numbers are brought to
    ``unit`` by ``factor``; none for a unit that has no family.
    """
    wanted = vocabulary.catalog.units.get(unit)
    if wanted is None:
        return {}
    family = [known for known in vocabulary.units.values() if known.family == wanted.family]
    return {known.label: known.factor / wanted.factor / factor for known in family}


def state_their_units(cells: Iterable[Cell | CellError], unit: str, vocabulary: Vocabulary) -> bool:
    """Tell whether every number of a column carries its unit, so that no header need state one."""
    labels = tuple(own_units(unit, 1.0, vocabulary))
    empties = vocabulary.words["empty"]
    filled = [cell for cell in cells if cell is not None and not (isinstance(cell, str) and compact(cell) in empties)]
    return bool(filled) and all(isinstance(cell, str) and compact(cell).endswith(labels) for cell in filled)


def _factor_of(stated: str, wanted: Unit, vocabulary: Vocabulary) -> float | None:
    """Return the factor for one bracket such as 条, 万元 or 元/箱; ``None`` when it is no unit of the family."""
    amount, _, per = stated.partition(_RATIO)
    unit = vocabulary.units.get(amount)
    if unit is None or unit.family != wanted.family:
        return None
    if not per:
        return unit.factor / wanted.factor
    per_unit = vocabulary.units.get(per)
    if per_unit is None or unit.family != MONEY or per_unit.family == MONEY:
        return None
    return unit.factor / wanted.factor * vocabulary.catalog.units[PER_XIANG].factor / per_unit.factor


def is_ratio(label: str, vocabulary: Vocabulary) -> bool:
    """Tell whether the bracket of a header states a unit per another one: 元/箱."""
    parts = [stated.split(_RATIO) for stated in brackets_of(label)]
    return any(len(units) > 1 and set(units) <= vocabulary.units.keys() for units in parts)


def is_unit(stated: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a bracket states one unit, known or not: 条, 元/箱, 大箱, 担, 百分点; 含税 is none."""
    amount = stated.partition(_RATIO)[0]
    return (
        len(_SEPARATORS.split(amount)) == 1
        and len(amount) <= MAX_UNIT
        and amount.endswith((*vocabulary.units, *vocabulary.words["foreign_unit"]))
    )


def _units_in(title: str, vocabulary: Vocabulary) -> list[Unit]:
    """Return the units that a title states behind 单位：, or in a bracket that holds nothing else: （箱、万元）."""
    found = []
    for listed in _STATED.findall(compact(title)):
        found += [vocabulary.units[part] for part in _SEPARATORS.split(listed) if part in vocabulary.units]
    for bracket in brackets_of(title):
        parts = _SEPARATORS.split(bracket)
        found += [vocabulary.units[part] for part in parts if set(parts) <= vocabulary.units.keys()]
    return found
