"""What a piece of a page is about, as its reader's choice finds it."""

import pandas as pd
import pytest

from pipeline.report.page.blocks import About, Bullets, Footnote, Footnotes, ForFacet, KeyFigure, Prose, Section
from pipeline.report.page.facets import Facet, RowKeys, quarter_key
from pipeline.report.page.table_block import Column, Mark, Noted, Table


def test_attributes_are_inert_and_only_those_that_are_set() -> None:
    assert Facet().attributes() == ""
    assert Facet('甲" onload="x', quarter="2021Q4").attributes() == (
        ' data-group="甲&quot; onload=&quot;x" data-quarter="2021Q4"'
    )


@pytest.mark.parametrize(
    ("period", "key"),
    [
        (pd.Period("2021-12", freq="M"), "2021Q4"),
        (pd.Period("2021Q1", freq="Q"), "2021Q1"),
        (pd.NaT, ""),
        (None, ""),
        ("2021Q1", ""),
    ],
)
def test_a_month_is_found_by_its_quarter(period: object, key: str) -> None:
    assert quarter_key(period) == key


def test_rows_say_what_they_are_about_by_columns_that_need_not_be_shown() -> None:
    frame = pd.DataFrame(
        {
            "group": [Mark("甲", group=1), "全部"],
            "code": ["volume_xiang", None],
            "when": [pd.Period("2021-10", freq="M"), pd.NaT],
            "value": [1.0, 2.0],
        }
    )
    columns = (Column("group", "组"), Column("value", "值", 1, facet=Facet("甲")))
    html = Table(frame, columns, "表", keys=RowKeys("group", "code", "when")).html()
    assert '<tr data-group="甲" data-metric="volume_xiang" data-quarter="2021Q4"><th scope="row">' in html
    assert '<tr data-group="全部"><th scope="row">全部</th>' in html
    assert html.count('class="number" data-group="甲"') == 1  # the head alone: the script hides its column with it


def test_a_block_is_marked_and_a_section_cannot_be() -> None:
    facet = Facet("甲")
    (output,) = ForFacet(Prose(("一",)), facet).outputs()
    assert output.data["text/html"].startswith('<div class="facet" data-group="甲">')
    (nested,) = ForFacet(ForFacet(Prose(("一",)), Facet(metric="m")), facet).outputs()
    assert nested.data["text/html"].startswith('<div class="facet" data-group="甲"><div class="facet" data-metric="m">')
    with pytest.raises(ValueError, match="'one'"):
        ForFacet(Section("one", "节"), facet).outputs()


def test_sentences_cards_and_notes_are_marked() -> None:
    assert '<li data-metric="m">一</li><li>二</li>' in Bullets((About("一", Facet(metric="m")), "二")).html()
    assert KeyFigure("甲", "1", facet=Facet("甲")).html().startswith('<div class="card" data-group="甲">')
    notes = Footnotes("口径", (Footnote("note-m", "销量", "<b>", Facet(metric="m")),)).html()
    assert '<li id="note-m" data-metric="m"><strong>销量</strong> &lt;b&gt;</li>' in notes


def test_a_noted_cell_links_to_its_note() -> None:
    assert Noted("销量<", 2, "note-m").html() == '销量&lt;<sup><a href="#note-m">2</a></sup>'
    with pytest.raises(ValueError, match="an id is"):
        Noted("x", 1, "Note M").html()
