"""Section of the period library: two quarters or two groups side by side, chosen by the reader.

Every choice is answered from numbers and words that stand in the page; without scripts it shows the latest quarter
beside the same quarter of the year before, group by group.
"""

import json
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.catalog import Metric
from pipeline.charts.library import SideLine, comparison_chart
from pipeline.charts.style import GROUP_COLOURS
from pipeline.periods import months_of
from pipeline.report.library.compare_words import (
    NOT_COMPARED,
    UNITS,
    difference_text,
    holds_mid_autumn,
    item_label,
    notes,
    remark,
    side_note,
    value_text,
)
from pipeline.report.library.comparing import (
    MARCH,
    PROCESS,
    SPRING,
    TOTAL,
    Item,
    Sides,
    Value,
    difference,
    in_parts,
    items_of,
)
from pipeline.report.library.view import Library, owned_metrics, quarters_known
from pipeline.report.material.base import PageMaterial
from pipeline.report.material.festivals import FIRST_QUARTER
from pipeline.report.material.numbers import POINT_DIGITS, quarter_text, short_month_text
from pipeline.report.page.blocks import Block, Bullets, HtmlBlock, Section, Stack
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.escaping import safe_chart_text, safe_text
from pipeline.report.page.table_block import Column, Table
from pipeline.texts import Texts

NUMBER_CELL = 0  # the cells are text with their unit; digits only set them to the right
SIDES = ("left", "right")
FIELDS = ("item", "left", "right", "difference", "remark")  # columns of a comparison


@dataclass(frozen=True)
class ComparePanel(HtmlBlock):
    """The choice of two sides with the notes and tables that follow it; ``data`` is what the script answers from."""

    groups: tuple[str, ...]
    quarters: tuple[pd.Period, ...]
    chosen: tuple[pd.Period, pd.Period]
    metrics: tuple[tuple[str, str], ...]
    notes: Bullets
    tables: tuple[Table, ...]
    data: dict[str, Any]
    texts: Texts

    def html(self) -> str:
        """Return the fields, which only show where scripts run, and below them what they choose."""
        answers = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        tables = "".join(table.html() for table in self.tables)
        return (
            f'<div class="compare" id="compare-panel" data-comparison="{safe_text(answers)}">'
            f'<div class="compare-fields">{"".join(map(self._side, range(2)))}{self._show()}</div>'
            f'<div class="compare-notes" role="status">{self.notes.html()}</div>'
            f'<div class="compare-tables">{tables}</div></div>'
        )

    def _side(self, side: int) -> str:
        texts, name = self.texts, SIDES[side]
        groups = [("all", texts("library.every_group"))]
        groups += [(str(number), group) for number, group in enumerate(self.groups, start=1)]
        quarters = [(str(quarter), quarter_text(quarter, texts)) for quarter in self.quarters]
        return (
            f"<fieldset><legend>{safe_text(texts(f'library.side_{name}'))}</legend>"
            f"{_select(f'{name}-group', texts('column.party_group'), groups, 'all')}"
            f"{_select(f'{name}-quarter', texts('library.quarter'), quarters, str(self.chosen[side]))}</fieldset>"
        )

    def _show(self) -> str:
        texts = self.texts
        label = texts("library.compare_show")
        return (
            f"<fieldset><legend>{safe_text(texts('library.compare_chart_field'))}</legend>"
            f"{_select('show', label, list(self.metrics), self.metrics[0][0])}</fieldset>"
        )


def show_comparison(library: Library, newest: PageMaterial) -> Stack:
    """Show the latest quarter beside the same one a year before, for every group, and let the reader choose others."""
    texts, left = library.texts, newest.quarter
    right = default_right(newest)
    sides = Sides(newest)
    panel = ComparePanel(
        groups=newest.groups,
        quarters=tuple(reversed(quarters_known(newest))),
        chosen=(left, right),
        metrics=tuple(drawable(newest)),
        notes=Bullets(tuple(notes(left, right, texts, is_same_group=True))),
        tables=tuple(_table(group, left, right, sides, newest) for group in newest.groups),
        data=comparison_data(sides, newest),
        texts=texts,
    )
    blocks: list[Block] = [
        Section("compare", texts("library.compare_title"), texts("library.compare_lead")),
        panel,
        _chart(left, right, sides),
    ]
    return Stack(tuple(blocks))


def default_right(newest: PageMaterial) -> pd.Period:
    """Return the same quarter a year before; the oldest known quarter where there is none."""
    known = quarters_known(newest)
    return newest.quarter - 4 if newest.quarter - 4 in known else known[0]


def drawable(newest: PageMaterial) -> list[tuple[str, str]]:
    """Return (code, name) of what the chart can show; not what a single large case rules."""
    texts = newest.texts
    points = [(TOTAL, texts("library.panel_total_points")), (PROCESS, texts("library.panel_process_points"))]
    return points + [
        (metric.metric, _with_unit(metric, newest)) for metric in owned_metrics(newest) if not metric.has_heavy_tail
    ]


def comparison_data(sides: Sides, newest: PageMaterial) -> dict[str, Any]:
    """Return what the script answers from: rows, values as numbers and as text, months, and every sentence."""
    quarters = quarters_known(newest)
    items = [*items_of(newest), *(item for item in in_parts(items_of(newest)) if item.part)]
    each = [(number, group, quarter) for number, group in enumerate(newest.groups, start=1) for quarter in quarters]
    values = {(group, quarter): sides.side(group, quarter) for _, group, quarter in each}
    return {
        "groups": list(newest.groups),
        "drawn_groups": [safe_chart_text(group) for group in newest.groups],
        "colours": [GROUP_COLOURS[number % len(GROUP_COLOURS)] for number in range(len(newest.groups))],
        "items": {item.code: [item_label(item, newest), item.kind] for item in items},
        "order": [item.code for item in items_of(newest)],
        "parts": [item.code for item in in_parts(items_of(newest))],
        "quarters": {str(quarter): _quarter_data(quarter, newest.texts) for quarter in quarters},
        "sides": {
            f"{number}:{quarter}": {
                item.code: _value_data(item, values[(group, quarter)][item.code], newest)
                for item in items
                if item.code in values[(group, quarter)]
            }
            for number, group, quarter in each
        },
        "eras": {f"{number}:{quarter}": sides.eras(group, quarter) for number, group, quarter in each},
        "months": {
            f"{number}:{quarter}": _months_data(group, quarter, values[(group, quarter)], sides)
            for number, group, quarter in each
        },
        "shown": {code: [name, _digits(code, newest)] for code, name in drawable(newest)},
        "places": _places(newest.texts),
        "words": _words(newest.texts),
    }


def _quarter_data(quarter: pd.Period, texts: Texts) -> dict[str, Any]:
    return {
        "name": quarter_text(quarter, texts),
        "note": side_note(quarter, texts),
        "midAutumn": holds_mid_autumn(quarter),
    }


def _value_data(item: Item, value: Value, newest: PageMaterial) -> list[Any]:
    """Return number, text, noise, state, and whether the number is a sum over too few months."""
    return [value.number, value_text(item, value, newest), value.noise, value.state, int(value.is_partial)]


def _months_data(group: str, quarter: pd.Period, side: dict[str, Value], sides: Sides) -> dict[str, Any]:
    """Return the months of what the chart can show, and of metrics the two parts of a first quarter."""
    found: dict[str, Any] = {}
    for code, _ in drawable(sides.material):
        values = sides.months(code, group, quarter)
        if any(value is not None for value in values):
            found[code] = values
        parts = [side.get(f"{code}@{part}") for part in (SPRING, MARCH)]
        if any(part is not None and part.number is not None for part in parts):
            found[f"{code}@parts"] = [part.number if part else None for part in parts]
    return found


def _places(texts: Texts) -> dict[str, list[str]]:
    """Return the names of the places along the axis: by quarter of the year, of its parts, and of any quarter."""
    quarters = {str(number): pd.Period(year=2021, quarter=number, freq="Q") for number in range(1, 5)}  # any year
    return {
        **{number: [short_month_text(month, texts) for month in months_of(q)] for number, q in quarters.items()},
        "parts": [texts("library.place_spring"), texts("library.place_march")],
        "any": [texts("library.place_month", number=number) for number in (1, 2, 3)],
    }


def _words(texts: Texts) -> dict[str, str]:
    """Return the sentences that the script needs, with the names of their placeholders left in."""
    hole = {"number": "{number}"}
    return {
        **{f"unit_{kind}": texts(f"quantity.{unit}", **hole) for kind, unit in UNITS.items()},
        **{reason: texts(f"library.not_compared_{reason}") for reason in NOT_COMPARED},
        "clear": texts("library.is_clear"),
        "within": texts("library.is_within_noise"),
        "unknown": texts("library.is_unknown"),
        "season": texts("library.is_season"),
        "others": texts("library.is_other_members"),
        "sizes": texts("library.sizes_differ"),
        "same": texts("library.note_same"),
        "spring": texts("library.note_spring"),
        "seasons": texts("library.note_seasons"),
        "mid_autumn": texts("library.note_mid_autumn"),
        "groups": texts("library.note_groups"),
        "not_owned": texts("library.note_not_owned", metrics="{metrics}"),
        "separator": texts("list.separator"),
        "join": texts("list.sentences", first="{first}", second="{second}"),
        "side": texts("library.side_name", group="{group}", quarter="{quarter}"),
        "table": texts("library.compare_table", left="{left}", right="{right}"),
        "table_of_group": texts("library.compare_table_of_group", group="{group}", left="{left}", right="{right}"),
        "chart_summary": texts("library.compare_chart_summary", what="{what}", left="{left}", right="{right}"),
        "chart_title": texts("library.compare_chart_title", what="{what}"),
        "place": texts("library.place"),
    }


def _table(group: str, left: pd.Period, right: pd.Period, sides: Sides, newest: PageMaterial) -> Table:
    texts = newest.texts
    names = [quarter_text(quarter, texts) for quarter in (left, right)]
    rows = items_of(newest)
    if left.quarter == right.quarter == FIRST_QUARTER:
        rows = in_parts(rows)
    mine, other = sides.side(group, left), sides.side(group, right)
    cells = [
        (item, mine[item.code], other[item.code])
        for item in rows
        if item.metric is None or newest.bureau.owns(group, item.metric.metric)
    ]
    is_same_season = left.quarter == right.quarter
    has_others = sides.has_others(group, left, right)
    found = [difference(*cell, is_same_season=is_same_season, has_others=has_others) for cell in cells]
    frame = pd.DataFrame(
        {
            "item": [item_label(item, newest) for item, _, _ in cells],
            "left": [value_text(item, value, newest) for item, value, _ in cells],
            "right": [value_text(item, value, newest) for item, _, value in cells],
            "difference": [difference_text(item, gap, texts) for (item, _, _), gap in zip(cells, found, strict=True)],
            "remark": [
                remark(item, gap, texts, is_same_group=True) for (item, _, _), gap in zip(cells, found, strict=True)
            ],
        }
    )
    caption = texts("library.compare_table_of_group", group=group, left=names[0], right=names[1])
    return Table(frame, _columns(names, texts), caption=caption, note=texts("library.compare_note"))


def _columns(names: list[str], texts: Texts) -> tuple[Column, ...]:
    labels = (texts("library.item"), *names, texts("library.difference"), texts("library.remark"))
    digits = (None, NUMBER_CELL, NUMBER_CELL, NUMBER_CELL, None)
    return tuple(Column(name, label, digit) for name, label, digit in zip(FIELDS, labels, digits, strict=True))


def _chart(left: pd.Period, right: pd.Period, sides: Sides) -> Chart:
    """Return total points of every group in the two quarters, the right side dashed."""
    newest, texts = sides.material, sides.material.texts
    places = _places(texts)[str(left.quarter) if left.quarter == right.quarter else "any"]
    lines = [
        SideLine(
            texts("library.side_name", group=group, quarter=quarter_text(quarter, texts)),
            number,
            side,
            tuple(sides.months(TOTAL, group, quarter)),
        )
        for number, group in enumerate(newest.groups, start=1)
        for side, quarter in enumerate((left, right))
    ]
    what = drawable(newest)[0][1]
    names = [quarter_text(quarter, texts) for quarter in (left, right)]
    frame = pd.DataFrame({"place": places, **{line.name: line.values for line in lines}})
    columns = (
        Column("place", texts("library.place")),
        *(Column(line.name, line.name, digits=POINT_DIGITS) for line in lines),
    )
    title = texts("library.compare_chart_title", what=what)
    return Chart(
        id="chart-compare",
        figure=comparison_chart(lines, places, what, POINT_DIGITS),
        title=title,
        summary=texts("library.compare_chart_summary", what=what, left=names[0], right=names[1]),
        table=Table(frame, columns, caption=title),
        table_label=texts("chart.view_data"),
        how_to_read=texts("library.compare_how_to_read"),
    )


def _with_unit(metric: Metric, newest: PageMaterial) -> str:
    unit = newest.texts(f"unit.{metric.unit}")
    return newest.texts("chart.metric_with_unit", metric=newest.label(metric), unit=unit)


def _digits(code: str, newest: PageMaterial) -> int:
    return newest.catalog.metrics[code].decimals if code in newest.catalog.metrics else POINT_DIGITS


def _select(name: str, label: str, options: list[tuple[str, str]], chosen: str) -> str:
    choices = "".join(
        f'<option value="{safe_text(value)}"{" selected" if value == chosen else ""}>{safe_text(words)}</option>'
        for value, words in options
    )
    return f'<label>{safe_text(label)} <select name="{name}" autocomplete="off">{choices}</select></label>'
