import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.files.counting_html import count_html_rows
from pipeline.ingest.files.grids import count_non_empty_rows
from pipeline.ingest.files.html_tables import read_html_grid
from pipeline.ingest.files.refusals import Refused


@pytest.mark.parametrize(
    ("page", "rows"),
    [
        ("", 0),
        ("甲", 1),
        ("<p>甲<p>乙<br>丙", 3),
        ("<table><tr><td>甲</td><td>乙</td></tr><tr><td> &nbsp; </td></tr><tr><td>丙</td></tr></table>", 2),
        ("<table><tr><td>甲<tr><td>乙</table>丙", 3),
        ("<table><tr><td>甲<table><tr><td>乙<tr><td>丙</table>丁<td>戊</table>", 4),
        ("<tr><td>甲<tr><td>乙", 2),
        ("<title>x</title><style>x</style><script>x</script><xml>x</xml><!-- x -->", 0),
        ("<table><tr style='display:none'><td>甲</table><p style='display:none'>x<p>乙", 2),
        ("<table><tr><td style='display:none'>x<td>甲<tr><td style='display:none'>x</table>", 1),
    ],
)
def test_rows_by_hand(page: str, rows: int) -> None:
    (count,) = count_html_rows(page, "台账")
    assert (count.name, count.rows) == ("台账", rows)


def test_elements_nested_too_deeply_are_refused() -> None:
    with pytest.raises(Refused, match="damaged"):
        count_html_rows("<div>" * 600, "台账")


CELL = st.sampled_from(
    ["<td>", "<td>甲", "<th>甲</th>", "<td><b>甲</b></td>", "<td>&nbsp;", "<td><p>甲<p>乙", "<td>甲<br>"]
)
TABLE_ROW = st.lists(CELL, max_size=3).map(lambda cells: "<tr>" + "".join(cells))
BLOCK = st.sampled_from(["甲", "<p>乙", "<h1>丙</h1>", "<br>", "<div> </div>", "<!-- x -->"])
TABLE = st.lists(TABLE_ROW, max_size=4).map(lambda rows: "<table>" + "".join(rows) + "</table>")


@given(st.lists(st.one_of(TABLE, BLOCK), max_size=5).map("".join))
def test_both_readers_agree_on_pages_that_leave_ends_out(page: str) -> None:
    (count,) = count_html_rows(page, "台账")
    assert count.rows == count_non_empty_rows(read_html_grid(page, "台账").rows)
