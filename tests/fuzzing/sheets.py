"""Sheets put together at random from the headers and words of the catalog, for hypothesis."""

from datetime import date, datetime, time

from hypothesis import strategies as st

from pipeline.ingest.files.grids import Cell, CellError, Grid, Row, count_non_empty_rows, is_blank
from tests.hand_made import CATALOG

MAX_ROWS = 14
MAX_COLUMNS = 9

KINDS = sorted(CATALOG.kinds)
FORMS = {  # kind -> (header, column): one header for each of its columns
    kind: sorted(
        {entry.column: (entry.header, entry.column) for entry in CATALOG.synonyms if entry.kind == kind}.values()
    )
    for kind in KINDS
}
WORDS = sorted({word.word for word in CATALOG.words})
TOTALS = sorted(CATALOG.words_of("total"))
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


GROUPS = sorted(CATALOG.groups)
COLUMNS = {(column.table, column.column): column for column in CATALOG.columns}
GOOD: dict[str, st.SearchStrategy[Cell]] = {  # what a careful clerk writes, by dtype
    "text": st.sampled_from(["学习", "走访", "县局", "无"]),
    "identifier": st.sampled_from(["001", "甲-5", "D1", "A1"]),
    "integer": st.integers(0, 20),
    "leave_count": st.sampled_from(["王五(公假)", "无", "全勤"]),
    "year": st.sampled_from([2019, "2019年"]),
    "duration_s": st.sampled_from(["3分20秒", "3:20", 200]),
    "number": st.floats(0, 90).map(lambda number: round(number, 1)),
    "pct": st.sampled_from(["98.5%", "3.18%", "101%"]),
    "date": st.dates(date(2019, 1, 1), date(2019, 12, 31)),
    "month": st.sampled_from(["2019年1月", "201902", "2019-03"]),
    "quarter": st.sampled_from(["2019年一季度", "2019Q2"]),
    "party_group": st.sampled_from(GROUPS),
    "member": st.sampled_from(["张三", "李 四", "阿卜杜·某"]),
    "subject": st.sampled_from([*GROUPS, "张三", "李 四"]),
    "member_list": st.sampled_from(["张三、李四", "李 四", "张三 阿卜杜·某", "无"]),
    "ground": st.sampled_from(["无", "否", "安全生产事故"]),
    "boolean": st.sampled_from(["是", "否"]),
}


@st.composite
def sheets(draw: st.DrawFn) -> Grid:
    """Return one sheet: titles, headers of a kind in any order, careful and careless rows, totals, merged ranges."""
    kind = CATALOG.kinds[draw(st.sampled_from(KINDS))]
    known = draw(st.permutations(FORMS[kind.kind]))[: draw(st.integers(1, MAX_COLUMNS))]
    odd = [(label, "") for label in draw(st.lists(texts, max_size=2))]
    head = draw(st.permutations([*known, *odd]))
    rows: list[list[Cell | CellError]] = [[draw(st.sampled_from(TITLES))] for _ in range(draw(st.integers(0, 3)))]
    rows.append([label.rpartition("/")[2] for label, _ in head])
    careful = [GOOD[COLUMNS[kind.table, name].dtype] if (kind.table, name) in COLUMNS else cells for _, name in head]
    careless = st.lists(cells, max_size=len(head) + 1)
    body = st.lists(st.one_of(st.tuples(*careful).map(list), careless), max_size=MAX_ROWS)
    rows += draw(body)
    if draw(st.booleans()):
        rows.append([draw(st.sampled_from(TOTALS)), *draw(st.tuples(*careful[1:]))])
    if draw(st.booleans()):
        rows += [[label.rpartition("/")[2] for label, _ in head], *draw(body)]
    name = draw(st.sampled_from(["Sheet1", "1月", "2019年3月", "营销管理", kind.label_zh]))
    return make_grid(rows, draw(merges(len(rows), len(head))), name)


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
