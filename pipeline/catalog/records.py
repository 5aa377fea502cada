"""The frozen records that the catalog's data files become."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Dtype = Literal[
    "text",
    "identifier",
    "integer",
    "number",
    "pct",
    "date",
    "month",
    "quarter",
    "year",
    "party_group",
    "member",
    "boolean",
    "duration_s",
    "leave_count",
]
Tier = Literal["public", "managers", "secretary", "never"]
Attribution = Literal["own", "shared", "none"]
Function = Literal["marketing", "enforcement", "territory"]
Scheme = Literal["each", "bands", "rate", "attain", "sum"]
Aggregate = Literal["count", "sum", "mean", "mean_best", "quotient"]


class CatalogError(ValueError):
    """Raised when an entry of a data file is wrong; names the file, its line and what was expected."""


@dataclass(frozen=True)
class Column:
    """A column of the data dictionary; ``table`` is ``*`` for the lineage columns that every input table carries."""

    table: str
    column: str
    label_zh: str
    label_en: str
    unit: str
    dtype: Dtype
    minimum: str  # as written: a number or an ISO date, by dtype; empty for none
    maximum: str
    required: bool
    tier: Tier
    note: str


@dataclass(frozen=True)
class Table:
    """A table, named for its row; ``key`` lists the columns that identify a row (empty: rows may repeat)."""

    table: str
    label_zh: str
    label_en: str
    stage: Literal["input", "derived"]
    key: tuple[str, ...]
    has_lineage: bool  # a row names the file, sheet and row that it comes from


@dataclass(frozen=True)
class Kind:
    """A kind of workbook: the table it fills, its layout, and which columns its name, sheets or title may supply."""

    kind: str
    label_zh: str
    label_en: str
    table: str
    layout: Literal["table", "matrix"]
    name_words: tuple[str, ...]  # words of a file name or a title that speak for this kind
    context: tuple[str, ...]  # columns that may come from the sheet name, the title or the file name
    cadence: Literal["once", "monthly", "quarterly", "yearly"]
    per_group: bool  # every group hands one in


@dataclass(frozen=True)
class Synonym:
    """A header that means ``column`` in workbooks of ``kind``; levels of a header are joined by ``/``.

    The column ``drop`` marks personal data that is never taken over.
    """

    kind: str
    column: str
    header: str


@dataclass(frozen=True)
class Word:
    """A word with a meaning of its own in a sheet (totals, footers, empties, yes and no ...)."""

    class_: str
    word: str
    note: str


@dataclass(frozen=True)
class Unit:
    """A unit of measure; ``factor`` converts it to the base of its family (sticks, yuan)."""

    unit: str
    family: Literal["cigarettes", "money"]
    label: str
    factor: float
    source: str


@dataclass(frozen=True)
class Group:
    """A party group, the work it does and the other names it goes by."""

    party_group: str
    function: Function
    leader_post: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class FunctionMetric:
    """Whether groups of one function own a metric."""

    function: Function
    metric: str
    attribution: Attribution


@dataclass(frozen=True)
class Measure:
    """How a number per group and month comes out of a table; a ``quotient`` divides two other measures."""

    measure: str
    label_zh: str
    label_en: str
    unit: str
    aggregate: Aggregate
    table: str
    period: str  # the date or month column that says when: "held_on", "filed_on+90d"
    value: str  # column expression ("expected-excused_count"), or the measure above the line of a quotient
    base: str  # the measure below the line; for mean_best the columns of which the best row counts
    scale: float | None  # 100 for percentages
    filter: str  # clauses joined by ";": "activity_type=党小组会;topic!=", "closed_on<=filed_on+90d"


@dataclass(frozen=True)
class Metric:
    """A business metric: a measure with a target, a direction and a definition that the report prints."""

    metric: str
    label_zh: str
    label_en: str
    unit: str
    measure: str
    target: str
    direction: Literal["up", "down", "none"]
    decimals: int
    is_correlated: bool
    has_heavy_tail: bool  # medians and log scales (domain.md section 4)
    definition_zh: str
    definition_en: str


@dataclass(frozen=True)
class Category:
    """A category of points; ``when_missing`` says what an item without a submitted record gets."""

    category: str
    label_zh: str
    label_en: str
    weight: float | None
    is_process: bool
    when_missing: Literal["zero", "leave_out"]


@dataclass(frozen=True)
class Rule:
    """One row of a rule book: how a measure becomes points."""

    version: str
    effective_month: str  # "2018-11"
    item: str
    category: str
    label_zh: str
    label_en: str
    measure: str
    scheme: Scheme
    points: float | None
    bands: tuple[tuple[float, float], ...]  # (threshold, points), highest first, closed below
    target: str
    cap_month: float | None  # a negative cap bounds deductions
    cap_quarter: float | None
    metric: str  # the business metric that the item is derived from (coupling tag); empty for process items
    when_no_base: Literal["zero", "leave_out"] = "leave_out"  # a rate in a month in which nothing was due


@dataclass(frozen=True)
class Weight:
    """The weight of one part of a quarter's or a year's score."""

    score: str
    part: str
    weight: float
    source: str


@dataclass(frozen=True)
class PrintedColumn:
    """Which category a column of the bureau's own monthly points workbook belongs to."""

    column: str
    category: str


@dataclass(frozen=True)
class Catalog:
    """Everything the data files say."""

    tables: Mapping[str, Table]
    columns: tuple[Column, ...]
    kinds: Mapping[str, Kind]
    synonyms: tuple[Synonym, ...]
    words: tuple[Word, ...]
    units: Mapping[str, Unit]
    groups: Mapping[str, Group]
    attribution: tuple[FunctionMetric, ...]
    categories: Mapping[str, Category]
    measures: Mapping[str, Measure]
    metrics: Mapping[str, Metric]
    rules: tuple[Rule, ...]
    weights: tuple[Weight, ...]
    printed: tuple[PrintedColumn, ...]
    fingerprint: str = field(default="")  # SHA-256 over the data files

    def columns_of(self, table: str) -> tuple[Column, ...]:
        """Return the columns of ``table`` in order, the lineage columns last where the table has them."""
        own = tuple(column for column in self.columns if column.table == table)
        if self.tables[table].has_lineage:
            return own + tuple(column for column in self.columns if column.table == "*")
        return own

    def weights_of(self, score: str) -> Mapping[str, float]:
        """Return the weight of every part of ``score``."""
        return {weight.part: weight.weight for weight in self.weights if weight.score == score}

    def words_of(self, class_: str) -> frozenset[str]:
        """Return the words of one class."""
        return frozenset(word.word for word in self.words if word.class_ == class_)
