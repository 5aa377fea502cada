"""The period library: every quarter listed, trends with their noise, what was restated and what a new run changed."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.report.library.comparing import Sides
from pipeline.report.library.page import render_library
from pipeline.report.library.sections import show_quarters, show_reruns, show_restated
from pipeline.report.library.sections_compare import comparison_data, show_comparison
from pipeline.report.library.sections_trends import show_metrics_over_time, show_points
from pipeline.report.library.view import Library, load_library
from pipeline.report.material.published import Changes, Move, PublishedQuarter, Rerun
from pipeline.report.page.blocks import Stack
from pipeline.report.page.offline import outside_references
from pipeline.report.page.plotly_bundle import PLOTLY_MIME
from tests.report.library_material import NEWEST, entry, library_of, with_value, write_tables
from tests.report.pages import figures_of, text_of
from tests.report.sample_material import GROUPS, SECRETS

HOSTILE = "<script>stolen=1</script><img src=x onerror='stolen=1'><a href='javascript:stolen=1'>\u202e组</a>"
REFUSALS = (
    "no_manifest",
    "damaged_manifest",
    "other_manifest",
    "missing_tables",
    "damaged_tables",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"))


def test_quarters_stand_newest_first_with_links_to_the_pages_that_are_there(tmp_path: Path) -> None:
    library = library_of(tmp_path, entries={"2021Q3": entry("2021Q3", pages=("board.html", "report.html"))})
    html = show_quarters(library).outputs()[1].data["text/html"]
    links = re.findall(r'href="([^"]+)"', html)
    assert [link for link in links if link.startswith("2021Q3")] == ["2021Q3/report.html", "2021Q3/board.html"]
    assert [link.split("/")[0] for link in links] == ["2021Q4"] * 5 + ["2021Q3"] * 2 + ["2020Q4"] * 5
    assert "2021-12-31 08:04" in html
    assert "示例1.0" in html
    assert re.search(r"\d+ / \d+（\d+\.\d%）", html)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_quarter_that_cannot_be_read_is_listed_with_the_reason(tmp_path: Path, refusal: str) -> None:
    broken = PublishedQuarter("2021Q3", ("report.html",), refusal)
    library = library_of(tmp_path, entries={"2021Q3": broken})
    assert library.texts(f"library.unread_{refusal}") in text_of(show_quarters(library))
    assert [material.quarter for _, material in library.readable] == [NEWEST, NEWEST - 4]


def test_tables_of_another_version_are_listed_with_the_reason(tmp_path: Path) -> None:
    write_tables(tmp_path / "2021Q4", "2021Q4")
    path = tmp_path / "2021Q4" / "panel.parquet"
    pd.read_parquet(path).drop(columns="state").to_parquet(path)
    (tmp_path / "2021Q3").mkdir()
    library = load_library([entry("2021Q3"), entry("2021Q4")], tmp_path, "示例县局")
    assert library.newest is None
    assert text_of(show_quarters(library)).count(library.texts("library.unread_other_tables")) == 2


def test_without_a_readable_quarter_the_page_is_the_list(tmp_path: Path) -> None:
    library = load_library([PublishedQuarter("2021Q4", (), "no_manifest")], tmp_path, "县局")
    page = render_library(library)
    assert library.texts("library.unread_no_manifest") in page
    assert "<h1>县局 各季度总览</h1>" in page


def test_the_language_is_that_of_the_latest_run(tmp_path: Path) -> None:
    later = entry("2020Q4", lang="en", run_at="2022-06-01T00:00:00+00:00")
    assert library_of(tmp_path, entries={"2020Q4": later}).texts.lang == "en"


def test_standings_have_ranks_only_where_the_gap_is_clear(tmp_path: Path) -> None:
    apart = with_value("quarter_score", 20.0, party_group=GROUPS[1], quarter=NEWEST)
    library = library_of(
        tmp_path,
        altered={
            "2021Q4": {
                "standings_by_group_quarter": lambda frame: apart(
                    frame.assign(quarter_score=80.0, rank_basis="quarter_score")
                )
            }
        },
    )
    assert library.newest
    html = show_points(library, library.newest).outputs()[1].data["text/html"]
    rows = re.findall(r"<tr[^>]*>.*?</tr>", html)
    (clear,) = [row for row in rows if "2021年四季度" in row]
    assert [clear.count(place) for place in ("（第1–2）", "（第3）")] == [2, 1]
    assert "差距不显著" in clear  # between the two that lead
    others = [row for row in rows if "2021年三季度" in row]
    assert all("（第" not in row and "差距不显著" in row for row in others)


def test_charts_show_what_the_tables_hold(library: Library) -> None:
    assert library.newest
    by_quarter, by_month = figures_of(show_points(library, library.newest))
    standings = library.newest.tables["standings_by_group_quarter"]
    own = standings[standings["party_group"] == GROUPS[0]].sort_values("quarter")
    trace = next(trace for trace in by_quarter["data"] if trace["name"] == GROUPS[0])
    assert trace["y"] == pytest.approx(own["points_mean"].tolist(), rel=1e-6)
    assert trace["text"] == [str(quarter) for quarter in own["quarter"]]
    assert trace["meta"] == {"group": 1}
    assert by_month["layout"]["meta"]["months"] == ["2018-11-01", "2022-01-01"]
    assert len(by_month["data"]) == 2 * len(GROUPS)


def test_a_metric_is_drawn_for_its_owners_and_whole_quarters_only(library: Library) -> None:
    assert library.newest
    blocks = show_metrics_over_time(library, library.newest)
    figures = [output.data[PLOTLY_MIME] for output in blocks.outputs() if PLOTLY_MIME in output.data]
    volume = next(figure for figure in figures if figure["data"][0]["meta"]["metric"] == "volume_xiang")
    assert [trace["name"] for trace in volume["data"]] == ["营销管理", "驮卢片区"]
    first = dict(zip(volume["data"][0]["text"], volume["data"][0]["y"], strict=True))["2018Q4"]
    assert first is None  # November and December alone
    seized = next(figure for figure in figures if figure["data"][0]["meta"]["metric"] == "seized_tiao")
    assert seized["layout"]["yaxis"]["type"] == "log"


def test_nothing_restated_is_said(library: Library) -> None:
    assert library.newest
    assert "2 个较早季度当时公布的数字" in text_of(show_restated(library, library.newest))


def test_a_figure_that_differs_from_what_was_published_is_listed(tmp_path: Path) -> None:
    quarter = NEWEST - 1
    published = with_value("points_mean", 12.34, party_group=GROUPS[0], quarter=quarter)
    library = library_of(tmp_path, altered={"2021Q3": {"standings_by_group_quarter": published}})
    assert library.newest
    text = text_of(show_restated(library, library.newest))
    now = library.newest.tables["standings_by_group_quarter"].set_index(["party_group", "quarter"])["points_mean"]
    assert "有 1 个数字与当时公布的不同，涉及2021年三季度" in text
    assert f"月积分均值 12.34 分 {now[(GROUPS[0], quarter)]:.2f} 分" in text


def test_what_a_new_run_changed_is_listed(tmp_path: Path) -> None:
    moves = (
        Move("metric", GROUPS[0], "volume_xiang", 2000.0, 2010.0),
        Move("metric", GROUPS[0], "plan_rate_pct", 97.0, 99.5),
        Move("verdict", "pooled", "volume_xiang", "none", "clue"),
        Move("metric", GROUPS[1], "case_value_yuan", None, 12_345.0),
    )
    again = Changes(since="2022-01-05T08:00:00+00:00", causes=("code",))
    earlier = Rerun("2022-01-04T09:30:00+00:00", (Move("metric", GROUPS[0], "volume_xiang", 1900.0, 2000.0),))
    entries = {
        "2021Q4": entry("2021Q4", changes=replace(again, causes=("inputs",), moves=moves, earlier=(earlier,))),
        "2021Q3": entry("2021Q3", changes=replace(again, moves=())),
        "2020Q4": entry("2020Q4", changes=again),
    }
    library = library_of(tmp_path, entries=entries)
    assert library.newest
    text = text_of(show_reruns(library, library.newest))
    assert "上一次生成于 2022-01-05 08:00（UTC），重跑的缘由：工作簿。有 4 个数字变了" in text
    assert "数字没有变化" in text
    assert "数字未比较" in text
    assert "2022-01-05 08:00 营销管理 销量 2,000.0 箱 2,010.0 箱 +0.5%" in text
    assert "2022-01-04 09:30 营销管理 销量 1,900.0 箱 2,000.0 箱 +5.3%" in text  # a later run takes nothing away
    assert "计划完成率 97.0% 99.5% +2.5 个百分点" in text
    assert "各党小组合并 积分与销量的关系：结论 看不出关系 线索 —" in text
    assert "案值 没有数据 12,345 元 —" in text


def test_the_page_is_the_same_again_and_names_nobody(library: Library, tmp_path: Path) -> None:
    page = render_library(library)
    assert page == render_library(library_of(tmp_path))
    assert [word for word in (*SECRETS, str(tmp_path), "/tmp") if word in page] == []
    assert "示例数据" in page
    assert "相关不等于因果" in page


def test_a_quarter_without_points_is_listed_with_the_reason(tmp_path: Path) -> None:
    library = library_of(tmp_path, altered={"2021Q4": {"standings_by_group_quarter": lambda frame: frame.head(0)}})
    assert library.texts("library.unread_no_points") in text_of(show_quarters(library))
    assert library.newest
    assert library.newest.quarter == NEWEST - 1


def test_a_hostile_name_of_a_group_stays_text(library: Library) -> None:
    assert library.newest
    bureau = library.newest.bureau
    groups = {HOSTILE: bureau.groups[GROUPS[0]], **{name: bureau.groups[name] for name in GROUPS[1:]}}
    material = replace(library.newest, bureau=replace(bureau, groups=groups))
    outputs = show_comparison(library, material).outputs()
    html = "".join(output.data.get("text/html", "") for output in outputs)
    assert [piece for piece in ("<script", "<img", "<a href", "\u202e") if piece in html] == []
    assert outside_references(html) == []
    drawn = [
        trace["name"] for figure in figures_of(Stack((show_comparison(library, material),))) for trace in figure["data"]
    ]
    assert drawn
    assert not any("<a" in name or "<script" in name for name in drawn)
    assert "<" not in comparison_data(Sides(material), material)["drawn_groups"][0]


def test_points_that_lack_a_ledger_are_named_for_every_published_quarter(tmp_path: Path) -> None:
    def lacking(*periods: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
        row = {"panel": "ledgers", "party_group": "营销管理", "measure": "is_lacking", "value": 1.0}
        rows = pd.DataFrame([{**row, "period": period} for period in periods])
        return lambda board: pd.concat([board[board["panel"] != "ledgers"], rows], ignore_index=True)

    boards = {"2020Q4": lacking(), "2021Q3": lacking("2021-08"), "2021Q4": lacking("2021-08", "2021-11")}
    library = library_of(tmp_path, {quarter: {"board": alter} for quarter, alter in boards.items()})
    assert library.newest is not None
    words = text_of(show_points(library, library.newest))
    assert "2021年四季度：台账不全的月份（营销管理 11月）" in words
    assert "2021年三季度：台账不全的月份（营销管理 8月）" in words
    assert "2020年四季度：台账不全" not in words
