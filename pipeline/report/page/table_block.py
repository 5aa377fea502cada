"""A table: a frame whose cells are formatted by its columns, as one semantic HTML table."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.report.page.blocks import HtmlBlock, Tone, checked_slug, group_class
from pipeline.report.page.escaping import safe_text
from pipeline.report.page.facets import EVERYTHING, NO_KEYS, Facet, RowKeys

MISSING = "—"
NARROW = 3  # so many columns fit a phone as a table
FEW_ROWS = 6  # so many rows are kept together on paper
WIDE = 12  # above so many columns paper needs smaller type
MANY_ROWS = 40  # above this a stack of cards on a phone is longer than a table that moves sideways in its own frame


@dataclass(frozen=True)
class Mark:
    """A cell with a meaning that colour repeats: a verdict (``tone``) or a group (``group``, 1 to 6)."""

    text: str
    tone: Tone = "neutral"
    group: int | None = None

    def html(self) -> str:
        """Return the mark; its text says everything, its colour adds nothing new."""
        return f'<span class="{group_class(f"mark tone-{self.tone}", self.group)}">{safe_text(self.text)}</span>'


@dataclass(frozen=True)
class Noted:
    """A cell with a footnote: its text, the number of the note, and the id under which `Footnotes` shows it."""

    text: str
    number: int
    note: str

    def html(self) -> str:
        """Return the text and the link to its note."""
        return f'{safe_text(self.text)}<sup><a href="#{checked_slug(self.note)}">{self.number}</a></sup>'


@dataclass(frozen=True)
class Column:
    """One column of a table: the column of the frame, its label, and for numbers their digits and unit.

    ``digits`` is None for text. ``signed`` writes a plus sign before gains; ``facet`` is what the column is about. A
    column of days (``is_day``) breaks none of them over two lines.
    """

    name: str
    label: str
    digits: int | None = None
    unit: str = ""
    signed: bool = False
    facet: Facet = EVERYTHING
    is_day: bool = False

    def cell(self, value: object) -> str:
        """Return one value as HTML; missing values become a dash."""
        if isinstance(value, Mark | Noted):
            return value.html()
        if is_missing(value):
            return MISSING
        if self.digits is None or isinstance(value, str):
            return safe_text(str(value))
        return safe_text(format_number(value, self.digits, signed=self.signed))


@dataclass(frozen=True)
class Table(HtmlBlock):
    """A frame as a table; ``columns`` choose and order what is shown, the first one names the row.

    The frame may hold text, numbers, periods, `Mark` and missing values. ``note`` stands below (sources, n,
    reservations); ``keys`` tell what each row is about. A grid (``is_grid``) is compared along rows and columns, such
    as members by months: on a phone it stays a table that moves sideways, its first column in place, instead of
    becoming a card a row.
    """

    frame: pd.DataFrame
    columns: tuple[Column, ...]
    caption: str
    note: str = ""
    is_grid: bool = False
    keys: RowKeys = NO_KEYS

    def html(self) -> str:
        """Return the table in its frame; raises `KeyError` naming the columns that the frame lacks."""
        missing = [column.name for column in self.columns if column.name not in self.frame.columns]
        if missing:
            raise KeyError(f"the frame has no column {missing}; it has {list(self.frame.columns)}")
        note = f'<p class="table-note">{safe_text(self.note)}</p>' if self.note else ""
        label = safe_text(self.caption)
        return (
            f'<div class="table-block {self._layout()}">'
            f'<div class="table-frame" role="group" aria-label="{label}" tabindex="0"><table>'
            f"<caption>{label}</caption>{self._head()}{self._body()}</table></div>{note}</div>"
        )

    def _layout(self) -> str:
        paper = " short" if len(self.frame) <= FEW_ROWS else ""
        if len(self.columns) <= NARROW:
            return f"phone-table{paper}"
        if len(self.columns) > WIDE:
            paper += " wide"
        if self.is_grid:
            return f"phone-scroll grid{paper}"
        return f"phone-cards{paper}" if len(self.frame) <= MANY_ROWS else "phone-scroll"

    def _head(self) -> str:
        cells = []
        for column in self.columns:
            unit = f' <span class="unit">{safe_text(column.unit)}</span>' if column.unit else ""
            cells.append(
                f'<th scope="col"{_class(column)}{column.facet.attributes()}>{safe_text(column.label)}{unit}</th>'
            )
        return f"<thead><tr>{''.join(cells)}</tr></thead>"

    def _body(self) -> str:
        names = [str(name) for name in self.frame.columns]
        values = (self.frame[name].tolist() for name in names)
        rows = (dict(zip(names, row, strict=True)) for row in zip(*values, strict=True))
        return f"<tbody>{''.join(map(self._row, rows))}</tbody>"

    def _row(self, row: Mapping[str, object]) -> str:
        first, *others = self.columns
        cells = [f'<th scope="row"{_class(first)}>{first.cell(row[first.name])}</th>']
        # What a column is about stands in its head alone: in every cell it was a fifth of a page of many groups
        cells += [f"<td{_class(column)}>{column.cell(row[column.name])}</td>" for column in others]
        return f"<tr{self.keys.facet_of(row).attributes()}>{''.join(cells)}</tr>"


def filled_columns(frame: pd.DataFrame, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the first of ``columns``, and of the others those that hold anything in ``frame``."""
    first, *others = columns
    return (first, *(column for column in others if not frame[column.name].map(is_missing).all()))


def is_missing(value: object) -> bool:
    """Tell whether ``value`` is None, NaN, NaT or NA."""
    if isinstance(value, str | int | float):  # most cells, and pandas takes long to say so
        return value != value  # noqa: PLR0124  # only NaN differs from itself
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]


def format_number(value: object, digits: int, *, signed: bool = False) -> str:
    """Return a number with thousands separators, ``digits`` decimals and a true minus sign; 0 never gets a sign."""
    number = round(float(value), digits)  # type: ignore[arg-type]
    text = f"{abs(number):,.{digits}f}"
    if number < 0:
        return f"−{text}"
    return f"+{text}" if signed and number > 0 else text


def _class(column: Column) -> str:
    if column.is_day:
        return ' class="day"'
    return "" if column.digits is None else ' class="number"'
