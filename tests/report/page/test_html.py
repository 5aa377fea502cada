"""Every page is valid HTML, in both languages, and its style sheet has no error."""

import pytest

from tests.report import html_rules
from tests.report.rendered import sample_pages

PAGES = ("report", "appendix", "annual", "board", "secretary")
GOOD = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>页</title><style>
@media print {{ p {{ color: red }} }}</style></head><body>
<nav aria-label="目录"><a href="#one">一</a></nav><main><h1>页</h1>
<section id="one" aria-labelledby="t"><h2 id="t">一</h2>
<label>选 <select><option>甲</option></select></label><button type="button">全部</button>
<table><caption>表</caption><thead><tr><th scope="col">组</th><th scope="col">分</th></tr></thead>
<tbody><tr><th scope="row">甲</th><td>1</td></tr></tbody></table>{more}</section></main></body></html>"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_has_a_fault(lang: str) -> None:
    faults = {name: html_rules.faults_of(page) for name, page in sample_pages(lang).items()}
    assert faults == {name: [] for name in PAGES}


def test_a_good_page_passes() -> None:
    assert html_rules.faults_of(GOOD.format(more="")) == []


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("<p><div>块</div></p>", "unexpected-end-tag"),
        ("<b><i>错</b></i>", "adoption-agency"),
        ("<p id='one'>二</p>", "the id 'one' is there 2 times"),
        ("<a href='#two'>二</a>", "<a> refers to the missing id 'two'"),
        ("<p aria-describedby='t u'>二</p>", "<p> refers to the missing id 'u'"),
        ("<label for='field'>二</label>", "<label> refers to the missing id 'field'"),
        ("<h1>二</h1>", "2 headings of the first level"),
        ("<h4>二</h4>", "<h4> '二' follows <h2>"),
        ("<h3></h3>", "<h3> is empty"),
        ("<section>二</section>", "<section> has no name"),
        ("<section aria-label='一'></section>", "2 <section> are named '一'"),
        ("<select></select>", "<select id=None> has no label"),
        ("<button>二</button>", "<button> '二' has no type"),
        ("<button type='button'></button>", "<button> has no words"),
        ("<table><tr><th scope='row'>甲</th></tr></table>", "a table has no caption"),
        ("<table><caption>二</caption><tr><th>甲</th></tr></table>", "a head has no scope"),
        (
            "<table><caption>二</caption><tr><td>1</td></tr><tr><td>1</td><td>2</td></tr></table>",
            "rows of [1, 2] cells",
        ),
        ("<p onclick='x()'>二</p>", "<p onclick='x()'>"),
        ("<a href=' java\tscript:x()'>二</a>", "<a href="),
        ("<p style='background: url(x)'>二</p>", "<p style="),
        ("<p style='color red'>二</p>", "style of <p>"),
        ("<style>p {{ color red; }}</style>", "style sheet: line 1"),
        ("<style>@media print {{ p {{ color } }}</style>", "style sheet: line 1"),
    ],
)
def test_a_fault_is_noticed(more: str, fault: str) -> None:
    found = html_rules.faults_of(GOOD.format(more=more.replace("{{", "{").replace("}}", "}")))
    assert any(fault in line for line in found), found
