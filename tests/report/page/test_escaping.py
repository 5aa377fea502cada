import pytest

from pipeline.report.page.escaping import json_for_script, safe_chart_text, safe_chart_value, safe_text
from pipeline.spreadsheets.cleaning import plain_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张三", "张三"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("\u2066x\u2069\u200f\u061c", "x"),
        ("a\x00b\x1b[31m\ufeff", "ab[31m"),
        ("两行\n第二\t格", "两行\n第二\t格"),
        ("\ud800", "\ufffd"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_plain_text_keeps_what_is_read_and_drops_what_misleads(text: str, expected: str) -> None:
    assert plain_text(text) == expected


def test_safe_text_is_inert_in_content_and_attributes() -> None:
    assert safe_text("""<b title="x" id='y'>&""") == "&lt;b title=&quot;x&quot; id=&#x27;y&#x27;&gt;&amp;"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第一行<br>第二行<br/>", "第一行<br>第二行<br/>"),
        ("<b>合计</b> %{y}<extra></extra>", "<b>合计</b> %{y}<extra></extra>"),
        ('<a href="javascript:x">点</a>', '&lt;a href="javascript:x">点&lt;/a>'),
        ('<span style="x">', '&lt;span style="x">'),
        ('<b onclick="x">', '&lt;b onclick="x">'),
        ("<script>", "&lt;script>"),
    ],
)
def test_charts_draw_only_line_breaks_and_emphasis(text: str, expected: str) -> None:
    assert safe_chart_text(text) == expected


def test_every_string_of_a_chart_is_cleaned() -> None:
    figure = {"<i x>": ["<img>", 1, None, True, {"y": [["\u202eab"]]}]}
    assert safe_chart_value(figure) == {"&lt;i x>": ["&lt;img>", 1, None, True, {"y": [["ab"]]}]}


def test_json_cannot_leave_its_script_tag() -> None:
    text = json_for_script({"名": "</script><!-- \u2028 &"})
    assert text == '{"名":"\\u003c/script\\u003e\\u003c!-- \\u2028 \\u0026"}'


def test_json_refuses_nan() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_for_script([float("nan")])


def test_a_stated_number_stays_beside_its_name() -> None:
    assert (
        safe_text("（r = −0.64，n = 38 个月，r ≥ 0.54）")
        == "（r\u00a0=\u00a0−0.64，n\u00a0=\u00a038 个月，r\u00a0≥\u00a00.54）"
    )
    assert safe_text("A1 = B, over = 3") == "A1 = B, over = 3"
