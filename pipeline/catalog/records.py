"""The frozen records that the catalog's data files become."""

from dataclasses import dataclass, field
from typing import Any, Literal

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
    "subject",  # a party group or a member
    "member_list",  # several members in one cell
    "ground",  # what stands against somebody
]
Tier = Literal["public", "managers", "secretary", "never"]
Attribution = Literal["own", "shared", "none"]
Function = Literal["marketing", "enforcement", "territory"]
Scope = Literal["group", "member", "both"]
Scheme = Literal["each", "bands", "bands_each", "rate", "attain", "sum", "veto"]
Aggregate = Literal["count", "sum", "mean", "mean_best", "best", "quotient"]
TermClass = Literal["category_weight", "quarter_score", "annual_score", "star", "parameter", "tie", "model_group"]
LIST_MARK = "@"  # in vocabularies.csv: a class of words, or one of these lists of the catalog
ANY_KIND = "*"  # in templates.csv: of every kind, by dtype
MEMBERS = "members"  # in matters.csv: the members of a group are to be reached
SUBJECT = "subject"  # the column of a table whose rows are about a party group or a member
LISTS = ("kinds", "metrics", "measures", "categories")


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
    # Read from workbooks; derived while reading; by notebooks 2, 3 and 6; put together for many bureaus
    stage: Literal["input", "reading", "points", "panel", "board", "across"]
    key: tuple[str, ...]
    has_lineage: bool  # a row names the file, sheet and row that it comes from
    group_from: str  # the column of members whose group on the day is the row's derived party_group; empty for none

    @property
    def derived(self) -> frozenset[str]:
        """Return the columns that no workbook holds: they are derived while the table is read."""
        if self.group_from == SUBJECT:
            return frozenset({"party_group", "member"})
        return frozenset({"party_group"} if self.group_from else ())


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
    due_days: int | None  # days after the end of its period until which it is on time; None for what has no period
    is_expected: bool  # told when nobody ever hands one in: points and metrics need it month by month


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
class ClosedVocabulary:
    """The words that alone may stand in a column.

    ``@own`` stands for the words of that class in words.csv, and ``@metrics`` for every name and Chinese label of that
    list of the catalog.
    """

    table: str
    column: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """A word that a column of free words is known to hold, and what else people write for it.

    ``@leader_role`` stands for the words of that class in words.csv. Any other word may stand in the column as well;
    what compares its words knows none but these.
    """

    table: str
    column: str
    word: str
    synonyms: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class RowSum:
    """A column that is the sum of others in the same row, units converted."""

    table: str
    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class RowLimit:
    """Columns that together cannot exceed another one in the same row: those who came, those who were to come."""

    table: str
    parts: tuple[str, ...]
    whole: str
    source: str


@dataclass(frozen=True)
class RowRatio:
    """What one number of a row may come to for each of another one: a case of cigarettes has a price."""

    table: str
    value: str
    base: str
    minimum: float
    maximum: float
    unit: str
    source: str


@dataclass(frozen=True)
class CountingUnit:
    """A unit that is counted and never converted."""

    unit: str
    meaning: str


@dataclass(frozen=True)
class TemplateColumn:
    """What a blank workbook says of one column to the person who fills it in; kind ``*`` speaks of a whole dtype.

    An empty header is the column's label. ``choices`` are offered in a drop-down and do not bind; ``@yes`` stands for
    the first word of that class in words.csv. The note of a dtype says what is accepted, the note of a column what it
    means.
    """

    kind: str
    column: str
    header: str
    example: str
    choices: tuple[str, ...]
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
    base: str  # the measure below the line; for mean_best and best the columns of which the best row counts
    scale: float | None  # 100 for percentages
    filter: str  # clauses joined by ";": "activity_type=党小组会;topic!=", "closed_on<=filed_on+90d"
    member: str  # the column that says which member a row is about; empty for a measure of groups only


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
    """A category of points; ``when_missing`` says what an item without a submitted record gets.

    ``weight`` is that of the default rule book; a version of a bureau's own may state another one (`Term`).
    """

    category: str
    label_zh: str
    label_en: str
    scope: Scope
    weight: float | None
    is_process: bool
    when_missing: Literal["zero", "leave_out"]


def _place() -> Any:
    """Return a field that says where an entry stands; two entries that say the same are equal wherever they stand."""
    return field(default=None, compare=False, metadata={"is_place": True})


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
    scope: Scope = "group"  # whose month the item counts in
    assessor: str = ""  # who assesses it, as the rule book writes it
    zeroes_item: bool = False  # the item that an entry is about earns nothing in that month
    source_file: str | None = _place()
    source_sheet: str | None = _place()
    source_row: int | None = _place()


@dataclass(frozen=True)
class Term:
    """What a rule book says besides its items: a weight, a star, a parameter, a place in the order of ties.

    Stars and conditions have bounds, ``lower`` included and ``upper`` excluded (that of the highest star included, and
    that of a condition); everything else has a ``value``.
    """

    term: TermClass
    name: str
    label_zh: str
    label_en: str
    value: float | None
    lower: float | None
    upper: float | None
    source: str
    version: str = field(default="", metadata={"is_place": True})  # of a bureau's own rule book; empty: the default


@dataclass(frozen=True)
class Topic:
    """A work topic of a meeting, the words by which minutes name it, and the metric that it aims at."""

    topic: str
    label_en: str
    words: tuple[str, ...]
    metric: str


@dataclass(frozen=True)
class Matter:
    """A ledger of work: which columns of its table say when a matter came up, was due and was closed, and whose it is.

    ``due`` may add days (``found_on+30d``); empty where nothing is due. A ledger that reaches members or retailers has
    ``covers`` (the column that names them) and ``coverage_base``: how many there are to reach.
    """

    matter: str
    label_zh: str
    label_en: str
    table: str
    entered: str  # the day on which it was taken down or done
    due: str
    closed: str
    status: str  # the column whose word says that it is closed although no day says so
    done_words: str  # the class of such words in words.csv
    owner: str
    number: str
    topic: str
    covers: str
    covers_for: Literal["quarter", "year", ""]  # an entry covers its quarter, or from then on until the end of the year
    coverage_base: str  # MEMBERS, or a measure: its last known month of the quarter
    metric: str  # groups that do not own this metric have no part in the matter; empty: every group has
    is_listed: bool  # overdue ones are listed one by one (domain.md section 6, question 5)


@dataclass(frozen=True)
class PrintedColumn:
    """Which category, and which items of it, a column of the bureau's own monthly points workbook holds."""

    column: str
    category: str
    items: tuple[str, ...]
