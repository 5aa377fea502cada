"""Which columns of the dictionary the paths of a header are, kind by kind."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from pipeline import periods
from pipeline.catalog import Column
from pipeline.ingest.layouts.headers import MONTH, NUMBER_DTYPES, POINTS, SEVERAL_MONTHS, Header
from pipeline.ingest.vocabulary import DROP, LEVEL, Vocabulary
from pipeline.ingest.wordforms import REMEMBERED, brackets_of, header_form

_OF_MONTH = re.compile(r"(?:(?:19|20)\d{2}年)?(?:0?[1-9]|1[0-2])月份?(.+)")  # 10月销量


def match_columns(header: Header, vocabulary: Vocabulary) -> dict[str, dict[int, tuple[str, int]]]:
    """Return for every kind that knows one of the headers: column number -> (column name, levels matched).

    A synonym matches the end of a path, so that 本月/销量 is found under any title level; the longest synonym wins. It
    may also be the levels read as one word: 会议 over 得分 is 会议得分. A level above it must not turn the column into
    another one: 计划 over 销量 is no volume. Nor must a bracket: 销量（累计） is none either.
    """
    found: dict[str, dict[int, tuple[str, int]]] = {}
    for number, path in header.named:
        for kind, matched in _columns_of(path, vocabulary).items():
            of_kind = found.setdefault(kind, {})
            if matched is not None and not _has_such_bracket(header.labels[number], path, matched, kind, vocabulary):
                of_kind[number] = matched
    return found


@lru_cache(maxsize=REMEMBERED)
def _columns_of(path: str, vocabulary: Vocabulary) -> Mapping[str, tuple[str, int] | None]:
    """Return kind -> (column name, levels) for the longest ending of a path that the kind knows; ``None`` where a level
    above it means another amount.

    1-10月 and 1-10月累计 are 累计, and 10月销量 is 销量 where no header is that without a month: whether the row is of
    that month is seen once the table is read.
    """
    to_date = periods.find_to_date(path)
    if to_date is not None:
        return _columns_of(to_date[1], vocabulary)
    found: dict[str, tuple[str, int] | None] = {}
    last = path.rpartition(LEVEL)[2]
    month = _OF_MONTH.fullmatch(last)
    if month is not None and last not in vocabulary.endings and month[1] in vocabulary.endings:
        of_rest = _columns_of(f"{path.removesuffix(last)}{month[1]}", vocabulary)
        return {kind: (matched[0], 0) if matched else None for kind, matched in of_rest.items()}
    if last and last not in vocabulary.endings:  # nearly all that is read as a deeper level, and is a row of the table
        above = path.removesuffix(last).removesuffix(LEVEL)
        return _of_this_month(above, vocabulary) if above and last in _themselves(vocabulary) else found
    for levels, ending in _endings(path):
        for form in (ending, ending.replace(LEVEL, "")):
            for kind, name in vocabulary.headers.get(form, {}).items():
                if kind not in found:
                    is_another = _means_another(path.removesuffix(ending), ending, name, kind, vocabulary)
                    found[kind] = None if is_another else (name, levels)
    return found


def _of_this_month(path: str, vocabulary: Vocabulary) -> Mapping[str, tuple[str, int] | None]:
    """Return what the path above a last level such as 本月 or 实际 is, of kinds whose amounts are those of a month."""
    return {
        kind: matched
        for kind, matched in _columns_of(path, vocabulary).items()
        if matched is None or _is_month_amount(matched[0], _columns(kind, vocabulary))
    }


def _is_month_amount(name: str, columns: Mapping[str, Column]) -> bool:
    return MONTH in columns and _is_amount(columns.get(name))


def _themselves(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the levels below an amount that say that it is the one of the month itself: 销量 over 计划, 实际."""
    return vocabulary.words["this_period"] | vocabulary.words["as_done"]


def _columns(kind: str, vocabulary: Vocabulary) -> Mapping[str, Column]:
    return vocabulary.columns_of(vocabulary.catalog.kinds[kind])


def _means_another(above: str, ending: str, name: str, kind: str, vocabulary: Vocabulary) -> bool:
    """Tell whether the levels above a header make another amount of it: 计划, 去年同期, 1-3月; points are never meant,
    but for those of several months in a table of months.

    What the matched levels say themselves is known to the catalog, and 本月 among them leaves no doubt.
    """
    if not above or name == DROP:
        return False
    columns = _columns(kind, vocabulary)
    column = columns.get(name)
    if column is not None and _compares_another(above, ending, column, kind, vocabulary):
        return True
    if column is not None and column.dtype in NUMBER_DTYPES and MONTH in columns and periods.TO_DATE in above:
        return periods.TO_DATE not in ending
    if not _is_amount(column) or any(word in ending for word in vocabulary.words["this_period"]):
        return False
    amounts, spans = vocabulary.words["other_amount"], vocabulary.words["sum_period"]
    is_sum = any(word in ending for word in amounts)  # 本年 over 累计/销量 says nothing new
    others = [word for word in (amounts if is_sum else amounts | spans) if word in above and word not in ending]
    return bool(others) or SEVERAL_MONTHS.search(above) is not None


def _compares_another(above: str, ending: str, column: Column, kind: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a comparison stands below the header of another amount: 同期 below 销售额 is no 同期 of the volume.

    One that does not say of what it is (同比, 完成率) is of the first amount of the table.
    """
    if not _is_amount(column) or not (
        column.dtype == "pct" or any(word in ending for word in vocabulary.words["other_amount"])
    ):
        return False
    columns = _columns(kind, vocabulary)
    first = next((one.column for one in columns.values() if _is_amount(one)), None)
    headers = (vocabulary.headers.get(level, {}).get(kind) for level in above.split(LEVEL))
    return any(name not in (None, first, column.column) and _is_amount(columns.get(str(name))) for name in headers)


def bracket_means_another(label: str, ending: str, name: str, kind: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a bracket of a header makes another amount of a column: 销量（累计）, 销量（1-3月）.

    A rate, or an amount that says itself which one it is, may name there what it is compared with, or name itself again
    (同比（较去年同期）, 销量目标（任务）): of those only a sum over more than the month is another.
    """
    aside = "".join(brackets_of(label))
    column = _columns(kind, vocabulary).get(name)
    if not aside or column is None or not _is_amount(column):
        return False
    amounts, spans = vocabulary.words["other_amount"], vocabulary.words["sum_period"]
    is_told = column.dtype == "pct" or any(word in ending for word in amounts)
    others = [word for word in (spans if is_told else amounts | spans) if word in aside and word not in ending]
    return bool(others) or SEVERAL_MONTHS.search(aside) is not None


def _has_such_bracket(
    labels: Sequence[str], path: str, matched: tuple[str, int], kind: str, vocabulary: Vocabulary
) -> bool:
    """Tell whether a bracket in the levels that were matched, or alone below them, makes another amount of a column."""
    name, levels = matched
    counted = max(levels, 1)
    ending = LEVEL.join(path.split(LEVEL)[-counted:])
    for label in reversed(labels):
        if bracket_means_another(label, ending, name, kind, vocabulary):
            return True
        counted -= bool(header_form(label))
        if not counted:
            return False
    return False


def _is_amount(column: Column | None) -> bool:
    """Tell whether a column counts something other than points."""
    return column is not None and column.unit not in ("", POINTS)


def _endings(path: str) -> Iterator[tuple[int, str]]:
    """Yield (levels, ending) of a path from the whole of it to its last level."""
    levels = path.split(LEVEL)
    for start in range(len(levels)):
        yield len(levels) - start, LEVEL.join(levels[start:])
