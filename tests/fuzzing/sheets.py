"""Sheets put together at random from the headers and words of the catalog, for hypothesis."""

from datetime import date, datetime, time

from hypothesis import strategies as st

from pipeline.ingest.files.grids import Cell, CellError, Grid, Row, count_non_empty_rows, is_blank
from tests.hand_made import CATALOG

MAX_ROWS = 14
MAX_COLUMNS = 9

KINDS = sorted(CATALOG.kinds)
HEADERS = {kind: sorted({synonym.header for synonym in CATALOG.synonyms if synonym.kind == kind}) for kind in KINDS}
WORDS = sorted({word.word for word in CATALOG.words})
TITLES = [
    "2019年3月",
    "一季度",
    "单位：箱、元",
    "填报日期：2019年1月5日",
    "姓名：张三",
    "关于报送的通知",
    "党小组：营销管理",
]
VALUES = [
    "张三",
    "营销管理",
    "驮卢",
    "98.5%",
    "(1,750)",
    "2019.1.5",
    "1.8",
    "10月",
    "００１",
    "=1+1",
    "无",
    "—",
    "约30",
]

numbers = st.one_of(
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.985, 43466, 1e17]),
)
days = st.one_of(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31)),
    st.just(time(3, 20)),
)
texts = st.one_of(st.sampled_from(VALUES + WORDS), st.text(max_size=12))
cells: st.SearchStrategy[Cell | CellError] = st.one_of(
    st.none(), numbers, days, texts, st.booleans(), st.sampled_from([CellError("#DIV/0!"), CellError("#N/A")])
)


@st.composite
def sheets(draw: st.DrawFn) -> Grid:
    """Return one sheet: titles, the headers of some kind in any order, rows of anything, merged ranges of any shape."""
    kind = draw(st.sampled_from(KINDS))
    head = draw(st.lists(st.one_of(st.sampled_from(HEADERS[kind]), texts), min_size=1, max_size=MAX_COLUMNS))
    rows: list[list[Cell | CellError]] = [[draw(st.sampled_from(TITLES))] for _ in range(draw(st.integers(0, 3)))]
    rows += [[label.rpartition("/")[2] for label in head]]
    width = len(head)
    body = st.lists(st.lists(cells, max_size=width + 1), max_size=MAX_ROWS)
    rows += draw(body)
    if draw(st.booleans()):
        rows += [list(head), *draw(body)]
    name = draw(st.sampled_from(["Sheet1", "1月", "2019年3月", "营销管理", CATALOG.kinds[kind].label_zh]))
    return make_grid(rows, draw(merges(len(rows), width)), name)


@st.composite
def merges(draw: st.DrawFn, rows: int, columns: int) -> tuple[tuple[int, int, int, int], ...]:
    """Return a few merged ranges inside a sheet; they may overlap, as damaged files have it."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        top, left = draw(st.integers(0, rows - 1)), draw(st.integers(0, columns - 1))
        bottom, right = draw(st.integers(top, rows - 1)), draw(st.integers(left, columns - 1))
        if (top, left) != (bottom, right):
            found.append((top, left, bottom, right))
    return tuple(found)


def make_grid(rows: list[list[Cell | CellError]], merged: tuple[tuple[int, int, int, int], ...], name: str) -> Grid:
    """Return rows as the reader gives them: blank text is no cell, rows end at their last one, no empty rows below."""
    cleaned: list[Row] = []
    for row in rows:
        kept = [None if isinstance(cell, str) and is_blank(cell) else cell for cell in row]
        while kept and kept[-1] is None:
            kept.pop()
        cleaned.append(tuple(kept))
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    return Grid(name, True, tuple(cleaned), merged, count_non_empty_rows(cleaned))
