"""Web pages as sheets; each page is also counted by the second reader."""

import pytest

from pipeline.ingest.files import html_layout
from pipeline.ingest.files.counting_html import count_html_rows
from pipeline.ingest.files.grids import Grid, Row, count_non_empty_rows
from pipeline.ingest.files.html_tables import read_html_grid
from pipeline.ingest.files.refusals import Refused


def read(page: str) -> Grid:
    grid = read_html_grid(page, "台账")
    (count,) = count_html_rows(page, "台账")
    assert (grid.name, grid.visible, count.name) == ("台账", True, "台账")
    assert count.rows == count_non_empty_rows(grid.rows)
    return grid


def test_a_page_as_excel_writes_it() -> None:
    grid = read(
        r"""<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><title>月报</title>
        <style><!-- .xl65 {mso-number-format:"0\.00%";} --></style></head><body link=blue>
        <!--[if !excel]>&nbsp;&nbsp;<![endif]--><![if !supportMisalignedColumns]><![endif]>
        <table x:str border=0><col width=72><tr height=19><td colspan=4 class=xl65>2019年1月<br>卷烟销售月报</td></tr>
        <tr><td>单位：箱</td><td></td></tr>
        <tr><td rowspan=2>单位</td><td colspan=2>本月</td><td rowspan=2>完成率</td></tr>
        <tr><td>销量</td><td>同期</td></tr>
        <tr><td>城区</td><td x:num="720.44">720.4</td><td x:num>698.2</td><td x:num="1.012">101%</td></tr>
        <tr style='display:none'><td>驮卢</td><td>&nbsp;</td><td>240</td><td class=xl65>0.985</td></tr>
        </table></body></html>"""
    )
    assert grid.rows == (
        ("2019年1月\n卷烟销售月报",),
        ("单位：箱",),
        ("单位", "本月", None, "完成率"),
        (None, "销量", "同期"),
        ("城区", 720.44, 698.2, 1.012),
        ("驮卢", None, "240", 0.985),
    )
    assert grid.merges == ((0, 0, 0, 3), (2, 0, 3, 0), (2, 1, 2, 2), (2, 3, 3, 3))
    assert grid.percent_cells == ((4, 3), (5, 3))
    assert grid.hidden_rows == (5,)


@pytest.mark.parametrize(
    ("page", "rows"),
    [
        # text around tables
        ("<h2>台账</h2><p>单位：箱<table><caption>一月</caption><tr><td>甲</table>注：<b>无</b><div>乙",
         (("台账",), ("单位：箱",), ("一月",), ("甲",), ("注：无",), ("乙",))),
        ("第一行<br>第二行<hr>第三行", (("第一行",), ("第二行",), ("第三行",))),
        ("<table><tr><td>甲</td></tr></table><table><tr><td>乙</td></tr></table>", (("甲",), ("乙",))),
        # markup in cells
        ("<table><tr><td> 张\n <b>三</b> <i>丰</i><td>甲<br><br>乙<p>丙</p><td>&lt;1&gt;&amp;&nbsp;&#19977;",
         (("张 三 丰", "甲\n乙\n丙", "<1>&\xa0三"),)),
        ("<table><tr><td>&nbsp;<td>\u3000<td><br></table>", ()),
        ("<p>于<st1:chsdate year=2019>1月5日</st1:chsdate>印发<o:p></o:p></p><p>甲", (("于1月5日印发",), ("甲",))),
        # what is not data
        ("<script>var a='<td>x</td>'</script><style>td{}</style><!-- <tr><td>x --><table><tr><td>甲<script>x</script>",
         (("甲",),)),
        ("<table><tr><td>甲<span style='display:none'>x</span><td style='display:none'>x<td>乙<td hidden>x</table>",
         (("甲", "乙"),)),
        ("<div style='display: none'><table><tr><td>x</table></div><p hidden>x<p>甲", (("甲",),)),
        # ends left out, or too many
        ("<table><tr><td>甲<td>乙<tr><td>丙<tr><tr><td>丁", (("甲", "乙"), ("丙",), (), ("丁",))),
        ("<table><thead><tr><th>甲<tbody><tr><td>乙<tfoot><tr><td>丙", (("甲",), ("乙",), ("丙",))),
        ("<table><tr><td>甲</td></td></tr></tr><tr><td>乙</td></tr></table></table></div><p>丙",
         (("甲",), ("乙",), ("丙",))),
        ("<table><td>甲<td>乙<tr><td>丙", (("甲", "乙"), ("丙",))),
        ("<tr><td>甲</td></tr><tr><td>乙</td></tr>", (("甲",), ("乙",))),
        ("<TABLE><TR><TD>甲<P>乙<TD>丙</TR></TABLE>", (("甲\n乙", "丙"),)),
        ("<table><tr><td><font color=red>甲<td><font>乙</table>", (("甲", "乙"),)),
        ("<table><tr><td/><td>甲</td></tr></table>", ((None, "甲"),)),
        # tables in cells
        ("<table><tr><td>上<table><tr><td>甲<td>乙</table>下<td>右<tr><td>末</table>",
         (("上",), ("甲", "乙"), ("下", "右"), ("末",))),
        ("<table><tr><td><table><tr><td>甲</table></td></tr><tr><td><table><tr><td>乙</table></table>",
         (("甲",), ("乙",))),
        ("", ()),
    ],
)  # fmt: skip
def test_rows_by_hand(page: str, rows: tuple[Row, ...]) -> None:
    assert read(page).rows == rows


@pytest.mark.parametrize(
    ("page", "rows", "merges"),
    [
        ("<tr><td rowspan=9>组<td>甲<tr><td>乙", (("组", "甲"), (None, "乙")), ((0, 0, 1, 0),)),
        ("<tr><td rowspan=0>组<td>甲<tr><td>乙", (("组", "甲"), (None, "乙")), ((0, 0, 1, 0),)),
        ("<tr><td colspan=0>甲<td colspan=x>乙", (("甲", "乙"),), ()),
        ("<tr><td rowspan=2 colspan=2>甲<td>乙<tr><td>丙<tr><td>丁",
         (("甲", None, "乙"), (None, None, "丙"), ("丁",)), ((0, 0, 1, 1),)),
        ("<tr><td colspan=3>甲<table><tr><td>乙</table>", (("甲",), ("乙",)), ()),
    ],
)  # fmt: skip
def test_spans_become_merges(page: str, rows: tuple[Row, ...], merges: tuple[tuple[int, ...], ...]) -> None:
    grid = read(f"<p>标题<table>{page}</table>")
    assert grid.rows == (("标题",), *rows)
    assert grid.merges == tuple((first + 1, left, last + 1, right) for first, left, last, right in merges)


def test_every_row_of_a_hidden_table_is_hidden() -> None:
    grid = read("<p>甲<table style='display:none'><caption>乙<tr><td>丙<tr><td>丁</table><p>戊")
    assert grid.rows == (("甲",), ("乙",), ("丙",), ("丁",), ("戊",))
    assert grid.hidden_rows == (1, 2, 3)


def test_stray_text_in_a_table_does_not_move_a_percent_cell() -> None:
    grid = read("<table><tr><td x:num='0.5'>50%</td>注</tr></table>")
    assert grid.rows == (("注",), (0.5,))
    assert grid.percent_cells == ((1, 0),)


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<table><tr><td colspan=1000000>x", "too_wide"),
        ("<table><tr><td colspan=99999999999999999999>x", "too_wide"),
        ("<table><tr>" + "<td>" * 20_000 + "x", "too_wide"),
        ("<table><tr><td rowspan=1000000 colspan=16384>x<tr><td>y", "too_wide"),
        ("<div>" * 600 + "x", "damaged"),
        ("<table><tr><td>" * 600 + "x", "damaged"),
    ],
)
def test_what_no_sheet_could_hold_is_refused(page: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read_html_grid(page, "台账")
    assert caught.value.reason.code == code


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_layout, "SHEET_ROWS", 10)
    with pytest.raises(Refused, match="row_limit"):
        read_html_grid("<table>" + "<tr><td>x" * 12, "台账")
