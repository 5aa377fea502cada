"""Units as a sheet states them, and the factors to the dictionary's; never inferred from how large a number is."""

import re
from collections.abc import Iterable, Mapping

from pipeline.catalog import Unit
from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.layouts.unitwords import MAX_UNIT, SEPARATORS, Heard, hear_all
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import brackets_of, compact

_RATIO = "/"  # 元/箱: money per cigarettes
_SAID = re.compile(r"^..?单位[:为]?|^单位[:为]?")  # 单位：箱 in a bracket
MONEY = "money"  # the family that is counted per cigarettes
PER_XIANG = "xiang"  # what revenue per case is counted in


def unit_factor(
    unit: str,
    labels: Iterable[str],
    titles: Iterable[str],
    defaults: Mapping[str, Unit],
    vocabulary: Vocabulary,
    outer_titles: Iterable[str] = (),
    notes: Iterable[str] = (),
) -> float | None:
    """Return what a cell is multiplied by to be in ``unit``, a name of units.csv; 1 for a unit that has no family.

    The header's brackets are heard first, then a title row 单位：箱、元 right above the table (``titles``), then those
    of the sheet (``outer_titles``), then the notes below the table, which are not asked for where one of these speaks,
    then the bureau's settings (``defaults``: wanted unit -> unit; what holds for sales in 箱 holds for no seizure in
    条). ``None`` when none of them states a unit of the family, when texts of one rank state two or hint at another one
    than is used, or when a bracket of the header states a unit that is not of the family, whatever the titles say.
    """
    wanted = next((known for known in vocabulary.units.values() if known.unit == unit), None)
    if wanted is None:
        return 1.0
    stated = unit_in_header(labels, wanted, vocabulary)
    if stated is not None:
        return _factor_of(stated, wanted, vocabulary)
    levels = (hear_all(texts, vocabulary) for texts in (titles, outer_titles, notes))
    return _said_factor(levels, wanted, defaults)


def unit_in_header(labels: Iterable[str], wanted: Unit, vocabulary: Vocabulary) -> str | None:
    """Return the first bracket of a header that states a unit, of the family or not."""
    for label in labels:
        for bracket in brackets_of(label):
            stated = _SAID.sub("", bracket)
            if _factor_of(stated, wanted, vocabulary) is not None or is_unit(stated, vocabulary):
                return stated
    return None


def _said_factor(levels: Iterable[Heard], wanted: Unit, defaults: Mapping[str, Unit]) -> float | None:
    """Return the factor by the first of the levels that states a unit of the family, or by the bureau's settings.

    ``None`` where that level states two units or one that nobody knows, and where a hint names another unit.
    """
    used, hinted = defaults.get(wanted.unit), set()
    for heard in levels:
        hinted |= {unit.unit for unit in heard.hinted if unit.family == wanted.family}
        stated = {unit.unit: unit for unit in heard.stated if unit.family == wanted.family}
        if stated or wanted.family in heard.unknown:
            used = next(iter(stated.values())) if len(stated) == 1 and wanted.family not in heard.unknown else None
            break
    return used.factor / wanted.factor if used is not None and hinted <= {used.unit} else None


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
        len(SEPARATORS.split(amount)) == 1
        and len(amount) <= MAX_UNIT
        and amount.endswith((*vocabulary.units, *vocabulary.words["foreign_unit"]))
    )
