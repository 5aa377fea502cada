"""The page across bureaus: what it says, where it leads, and what it never shows."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.store import read_table, write_table
from pipeline.report.page.offline import outside_references
from pipeline.report.province.batched import Choice, Entry
from pipeline.report.province.bureau_cells import BureauCell
from pipeline.report.province.page import SECTIONS, province_frame, render_province_page
from pipeline.report.province.sections import show_failed, show_late
from pipeline.report.province.sections_compare import show_comparison
from pipeline.report.province.sections_relations import FEWEST_IN_FUNNEL, LISTED_WHOLE, show_relations
from pipeline.report.province.view import BUREAUS, FUNNEL, METRICS, RELATIONSHIPS, ProvinceReport, load_province
from pipeline.texts import load_texts
from tests.report import html_rules
from tests.report.province_material import QUARTER, make_province, publish, reported
from tests.report.sample_material import SECRETS

CATALOG = load_catalog()
NAMES = [f"示例{number}县" for number in range(6)]
LATE = Entry("迟县", "late", latest_quarter="2021Q3")
FAILED = Entry("败县", "failed", why="lost", pages={"report": "%E8%B4%A5/2021Q4/report.html"})


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ProvinceReport]:
    made = make_province(tmp_path_factory.mktemp("processed"), NAMES, LATE, FAILED)
    return {"zh": made, "en": replace(made, texts=load_texts("en"))}


@pytest.fixture
def report(reports: dict[str, ProvinceReport]) -> ProvinceReport:
    return reports["zh"]


def lacking_nothing(report: ProvinceReport) -> pd.DataFrame:
    """The row of every bureau, as if no ledger behind points was missing."""
    rows = report.tables[BUREAUS]
    assert (rows["lacking_groups"].dropna() > 0).all()  # the hand-made quarter lacks one
    return rows.assign(lacking_groups=rows["lacking_groups"] * 0, unequal_groups=rows["unequal_groups"] * 0)


def html_of(block: Any) -> str:
    return "".join(output.data.get("text/html", "") for output in block.outputs())


def words_of(block: Any) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html_of(block)))


class Tables(HTMLParser):
    """The cells of every table, row by row, by caption."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self._into: list[str] | None = None
        self._caption, self._rows = "", []  # type: str, list[list[str]]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._caption, self._rows = "", []
        if tag == "tr":
            self._rows.append([])
        if tag in ("th", "td", "caption"):
            self._into = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td", "caption"):
            text = " ".join("".join(self._into or []).split())
            if tag == "caption":
                self._caption = text
            else:
                self._rows[-1].append(text)
            self._into = None
        if tag == "table":
            self.tables[self._caption] = self._rows

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_has_every_section_and_reaches_for_nothing_outside(
    reports: dict[str, ProvinceReport], lang: str
) -> None:
    page = render_province_page(reports[lang])
    for section in ("overview", "late", "failed", "comparison", "relations", "sources"):
        assert f'id="{section}-title"' in page
    assert page.count('id="plotly-packed"') == 1
    body = re.sub(r"<script.*?</script>", "", page[page.index("<body") :], flags=re.DOTALL)
    assert outside_references(body) == []
    assert "示例数据" in page
    assert page == render_province_page(reports[lang])
    assert html_rules.faults_of(page) == []


def test_groups_whose_points_lack_a_ledger_are_told_and_not_judged(report: ProvinceReport) -> None:
    def page_words(lacking: int, unequal: int) -> tuple[str, list[str], list[str]]:
        rows = lacking_nothing(report)
        is_first = rows["bureau"] == NAMES[0]
        changed = rows.assign(
            lacking_groups=rows["lacking_groups"].mask(is_first, lacking),
            unequal_groups=rows["unequal_groups"].mask(is_first, unequal),
            points_low=rows["points_low"].mask(is_first, 1.0),
            points_high=rows["points_high"].mask(is_first, 99.0),
            clear_gap_points=rows["clear_gap_points"].mask(is_first, 5.0),
        )
        made = replace(report, tables={**report.tables, BUREAUS: changed})
        points = next(iter(Tables(html_of(show_comparison(made))).tables.values()))
        return words_of(SECTIONS[0](made)), points[0], points[1]

    told, heads, first = page_words(2, 2)
    assert "1 个单位有党小组的积分缺台账" in told
    assert first[heads.index("缺台账的组")] == "2"
    assert "缺台账，不判" in first
    told, heads, first = page_words(0, 0)
    assert "缺台账" not in told
    assert "缺台账的组" not in heads
    assert "超出波动" in first
    told, heads, first = page_words(3, 0)
    assert "1 个单位有党小组的积分缺台账" in told
    assert "其中 0 个单位" in told
    assert "超出波动" in first


def test_no_person_and_no_folder_is_on_the_page(report: ProvinceReport) -> None:
    page = render_province_page(report)
    assert [secret for secret in SECRETS if secret in page] == []
    assert "/tmp" not in page
    assert "source_file" not in page


def test_late_failed_and_incomplete_bureaus_are_named_with_what_is_wrong(report: ProvinceReport) -> None:
    late = Tables(html_of(show_late(report))).tables
    assert late["没有本季数据的单位"][1:] == [["迟县", "2021年三季度"]]
    incomplete = late["没有报齐，或有内容用不上的单位"]
    assert [row[0] for row in incomplete[1:]] == NAMES[1:]  # the first has handed in everything
    assert all("群众意见台账" in row for row in incomplete[1:])
    assert late["最常缺报的台账（各有多少个单位缺）"][1:] == [["群众意见台账", "5"]]
    failed = html_of(show_failed(report))
    assert report.texts("batch.why_lost") in failed
    assert 'href="%E8%B4%A5/2021Q4/report.html"' in failed


def test_without_failures_the_page_says_that_there_are_none(report: ProvinceReport) -> None:
    entries = tuple(entry for entry in report.entries if entry.state != "failed")
    assert report.texts("province.failed_none") in words_of(show_failed(replace(report, entries=entries)))


def test_the_comparison_holds_the_values_of_the_tables_and_leads_to_the_pages(report: ProvinceReport) -> None:
    html = html_of(show_comparison(report))
    rows = Tables(html).tables["各单位积分、报送和逾期"]
    means = report.tables[BUREAUS].dropna(subset=["points_mean"])["points_mean"]
    assert [row[2] for row in rows[1:]] == [f"{mean:.1f}" for mean in means]
    assert f'href="{NAMES[0]}/index.html"' in html
    assert f'href="{NAMES[0]}/2021Q4/report.html"' in html
    metrics = Tables(html).tables["各单位业绩与目标"]
    volume = report.tables[METRICS].query("metric == 'volume_xiang'")["attained_pct"]
    assert [row[1] for row in metrics[1:]] == [f"{value:.1f}" for value in volume]
    assert {row[2] for row in metrics[1:]} == {"0 / 2"}


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"clear_gap_points": 0.1}, "province.apart_yes"),
        ({"clear_gap_points": 99.0}, "province.apart_no"),
        ({"clear_gap_points": float("nan")}, "province.apart_unknown"),
        ({"scored_groups": 1}, "province.apart_one"),
    ],
)
def test_a_gap_is_a_gap_only_beyond_the_noise(report: ProvinceReport, changes: dict[str, float], word: str) -> None:
    tables = {**report.tables, BUREAUS: lacking_nothing(report).assign(**changes)}
    rows = Tables(html_of(show_comparison(replace(report, tables=tables)))).tables["各单位积分、报送和逾期"]
    assert {row[5] for row in rows[1:]} == {report.texts(word)}


def test_claims_stand_in_the_order_of_names_with_interval_and_months(report: ProvinceReport) -> None:
    tables = Tables(html_of(show_relations(report))).tables
    claims = tables["仍有证据一起变动的（按单位名称排列）"]
    assert [row[0] for row in claims[1:]] == [NAMES[0], NAMES[3]]
    assert all(re.fullmatch(r"−?0\.\d\d（−?\d\.\d\d 至 −?\d\.\d\d）", row[3]) for row in claims[1:])
    verdicts = tables["各单位的结论（按全部单位一起收紧之后）"]
    assert [row[6] for row in verdicts[1:]] == ["1", "0", "0", "1", "0", "0"]


def test_a_funnel_says_how_many_would_lie_outside_by_chance(report: ProvinceReport) -> None:
    words = words_of(show_relations(report))
    assert "碰巧也会有约 0.3 个" in words
    assert "先核对数据" in words


def test_too_few_bureaus_make_no_funnel(report: ProvinceReport) -> None:
    few = report.tables[FUNNEL].groupby("metric").head(FEWEST_IN_FUNNEL - 1)
    block = show_relations(replace(report, tables={**report.tables, FUNNEL: few}))
    assert not [output for output in block.outputs() if output.page["part"] == "chart-plot"]
    words = words_of(block)
    assert words.count("不画漏斗图") == 1
    assert "销量、单箱销售额、" in words


def test_behind_a_funnel_of_many_bureaus_only_those_beyond_a_limit_are_listed(report: ProvinceReport) -> None:
    first = report.tables[FUNNEL].query("metric == 'volume_xiang'").iloc[[0]].assign(outside="")
    many = pd.concat([first.assign(bureau=f"县{number}") for number in range(LISTED_WHOLE + 1)], ignore_index=True)
    many.loc[3, "outside"] = "outside_998"
    block = show_relations(replace(report, tables={**report.tables, FUNNEL: many}))
    rows = Tables(html_of(block)).tables["销量：各单位的合并相关"]
    assert [row[0] for row in rows[1:]] == ["县3"]
    assert f"其余 {LISTED_WHOLE} 个" in words_of(block)


def test_hostile_names_are_inert(report: ProvinceReport) -> None:
    name = '"><script>alert(1)</script>javascript:x\u202e=cmd|'
    entries = (*report.entries, replace(reported("x"), name=name, state="late", pages={}))
    rows = report.tables[FUNNEL]
    tables = {**report.tables, FUNNEL: rows.assign(bureau=rows["bureau"].mask(rows["bureau"] == NAMES[0], name))}
    page = render_province_page(replace(report, entries=entries, tables=tables))
    assert "<script>alert" not in page
    assert "\u202e" not in page


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/etc/passwd", "../x/index.html", "#x", "a/../../b"])
def test_a_bureau_leads_nowhere_but_below_the_page(address: str) -> None:
    with pytest.raises(ValueError, match="percent-encoded"):
        BureauCell("县", address=address).html()


def test_the_quarter_and_why_it_is_told(report: ProvinceReport) -> None:
    assert "6" in words_of(SECTIONS[-1](report))
    given = words_of(SECTIONS[-1](replace(report, choice=Choice("2021Q4"))))
    assert "按要求选定" in given


def test_the_banner_says_whether_all_or_some_bureaus_are_invented(report: ProvinceReport) -> None:
    def banner(flags: list[bool]) -> str | None:
        rows = report.tables[BUREAUS]
        is_reported = rows["state"] == "reported"
        changed = rows.assign(is_synthetic=pd.Series(flags, index=rows.index[is_reported]).reindex(rows.index))
        return province_frame(replace(report, tables={**report.tables, BUREAUS: changed})).banner

    assert banner([True] * 6) == report.texts("province.all_synthetic")
    assert banner([True] + [False] * 5) == report.texts("province.some_synthetic", count=1)
    assert banner([False] * 6) is None


def test_the_page_is_made_for_one_bureau_too(tmp_path: Path) -> None:
    page = render_province_page(make_province(tmp_path, NAMES[:1]))
    assert f'href="{NAMES[0]}/2021Q4/report.html"' in page


def test_bureaus_without_a_single_estimate_have_a_page_all_the_same(tmp_path: Path) -> None:
    publish(tmp_path, NAMES[:1])
    folder = tmp_path / NAMES[0] / QUARTER
    for table in ("correlations_by_lag", "relationships"):
        write_table(read_table(table, folder, CATALOG).iloc[:0], table, folder, CATALOG)
    page = render_province_page(load_province([reported(NAMES[0])], Choice(QUARTER), tmp_path, "zh"))
    assert page.count("更短的任何结论都可能是巧合") == 2  # in the overview and beside the tables
    assert "没有站得住的关系" not in page
    assert 'id="plotly-packed"' not in page


def test_where_nothing_stands_the_page_does_not_say_that_nothing_is_there(report: ProvinceReport) -> None:
    rows = report.tables[RELATIONSHIPS]
    tables = {**report.tables, RELATIONSHIPS: rows.assign(province_verdict="none")}
    words = words_of(show_relations(replace(report, tables=tables)))
    assert "没看出来，不等于没有" in words
