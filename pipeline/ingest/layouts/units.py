"""Units as a sheet states them, and the factors to the dictionary's; never inferred from how large a number is."""

import re
from collections.abc import Iterable, Mapping

from pipeline.catalog import Unit
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import brackets_of, compact

# 单位：箱、元, but neither 编制单位 nor 填报单位; 数量单位：箱 may be followed by 金额单位：元 without a separator
_STATED = re.compile(r"(?:^|[^制报定送])单位:((?:(?!..单位:)[^。;()])+)")
_SEPARATORS = re.compile(r"[、,，/;和及]|\s")
_RATIO = "/"  # 元/箱: money per cigarettes
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
    those of the sheet (``outer_titles``). ``None`` when none of them states a unit of the family, or when a title
    states two.
    """
    wanted = next((known for known in vocabulary.units.values() if known.unit == unit), None)
    if wanted is None:
        return 1.0
    for label in labels:
        for stated in brackets_of(label):
            factor = _factor_of(stated, wanted, vocabulary)
            if factor is not None:
                return factor
    for texts in (titles, outer_titles):
        said = {found.unit: found for text in texts for found in _units_in(text, vocabulary)}
        of_family = [found for found in said.values() if found.family == wanted.family]
        if of_family:
            return of_family[0].factor / wanted.factor if len(of_family) == 1 else None
    source = defaults.get(wanted.unit)
    return None if source is None else source.factor / wanted.factor


def _factor_of(stated: str, wanted: Unit, vocabulary: Vocabulary) -> float | None:
    """Return the factor for one bracket such as 条, 万元 or 元/箱; ``None`` when it is no unit of the family."""
    amount, _, per = stated.partition(_RATIO)
    unit = vocabulary.units.get(amount)
    if unit is None or unit.family != wanted.family:
        return None
    if not per:
        return unit.factor / wanted.factor
    per_unit = vocabulary.units.get(per)
    if per_unit is None:
        return None
    return unit.factor / wanted.factor * vocabulary.catalog.units[PER_XIANG].factor / per_unit.factor


def _units_in(title: str, vocabulary: Vocabulary) -> list[Unit]:
    found = []
    for listed in _STATED.findall(compact(title)):
        found += [vocabulary.units[part] for part in _SEPARATORS.split(listed) if part in vocabulary.units]
    return found
