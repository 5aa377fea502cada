"""Totals that are called after a group, 城区合计: where no row is the group's, they may be all that there is of it."""

from collections.abc import Mapping
from dataclasses import replace

from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.layouts.findings import Recognised
from pipeline.ingest.layouts.headers import GROUP_DTYPE
from pipeline.ingest.layouts.rows import ClassifiedRows, cell_at
from pipeline.ingest.layouts.rowwords import RowWords
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import compact, header_form


def with_lone_groups(
    sheet: Recognised, classified: ClassifiedRows, group_names: Mapping[str, str], vocabulary: Vocabulary
) -> ClassifiedRows:
    """Return the rows with every total as data that stands for a group which has no other row in its table.

    As data its name is told to be no group's, unless 名称对照 knows it; as a total it would go without a word. One with
    data rows above it, up to the total or header before, sums these, whatever they are called.
    """
    columns = vocabulary.columns_of(sheet.kind)
    number = next(
        (n for n, name in sheet.columns.items() if name in columns and columns[name].dtype == GROUP_DTYPE), -1
    )
    totals = classified.of("total") if number >= 0 and group_names else []
    if not totals:
        return classified
    words = RowWords(vocabulary.words)
    named = {row: _group_of_total(cell_at(sheet.grid, row, number), group_names, words) for row in totals}
    if not any(named.values()):
        return classified
    present = {_group_of(cell_at(sheet.grid, row, number), group_names) for row in classified.of("data")}
    bare = _without_block(classified)
    lone = {row for row, group in named.items() if group is not None and group not in present and row in bare}
    classes = {row: "data" if row in lone else class_ for row, class_ in classified.classes.items()}
    return replace(classified, classes=classes, lone=frozenset(lone))


def _without_block(classified: ClassifiedRows) -> set[int]:
    """Return the totals right below another total, a header or a heading, with no data rows between."""
    found: set[int] = set()
    has_data = False
    for row, class_ in classified.classes.items():
        if class_ == "total" and not has_data:
            found.add(row)
        if class_ in ("data", "total", "header", "title"):
            has_data = class_ == "data"
    return found


def _group_of(cell: Cell | CellError, group_names: Mapping[str, str]) -> str | None:
    return group_names.get(compact(cell)) if isinstance(cell, str) else None


def _group_of_total(cell: Cell | CellError, group_names: Mapping[str, str], words: RowWords) -> str | None:
    """Return the group of a label such as 城区合计 or 驮卢小计; ``None`` where it is called after none."""
    if not isinstance(cell, str):
        return None
    label = header_form(cell)
    parts = ((label[:end], label[end:]) for end in range(len(label) - 1, 0, -1))
    found = (group_names[name] for name, word in parts if name in group_names and words.is_total_word(word))
    return _group_of(cell, group_names) or next(found, None)
