"""The slides of the bulletin board in words, and the page that holds them."""

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbclient
import nbformat
import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.charts.style import GROUP_COLOURS
from pipeline.ingest.store import save_reading, write_table
from pipeline.report.board.page import board_frame, export_board
from pipeline.report.board.sections import show_cover, show_notes, standing_text
from pipeline.report.board.sections_people import show_stars, show_work
from pipeline.report.board.sections_points import show_change, show_points, show_trend
from pipeline.report.board.slide_blocks import PART_SHADES, ChangeTrack, Part, StackedTrack, mixed, unlabelled
from pipeline.report.board.slides import in_parts
from pipeline.report.board.table import build_board
from pipeline.report.board.view import Board, load_board, view_board
from pipeline.report.page.blocks import Block
from pipeline.report.page.offline import outside_references
from pipeline.texts import load_texts
from tests.readings import make_reading
from tests.report.board_material import (
    GROUPS,
    HOSTILE,
    MEMBERS,
    MONTHS,
    QUARTER,
    Tables,
    derived,
    sample_board,
    sample_bureau,
    sample_tables,
    slides,
    without_ledger,
)
from tests.report.pages import text_of
from tests.report.shown import shown

BYTES_AT_MOST = 100_000  # no plotly: it opens at once on an old box behind a screen


def board_from(tables: Tables, lang: str = "zh", **changes: object) -> Board:
    bureau, catalog = replace(sample_bureau(), **changes), load_catalog()  # type: ignore[arg-type]
    return view_board(build_board(tables, bureau, catalog, QUARTER), bureau, load_texts(lang), catalog)


def page_of(board: Board, folder: Path) -> str:
    export_board(shown(*slides(board)), folder / "board.html", board_frame(board))
    return (folder / "board.html").read_text(encoding="utf-8")


def names_in_order(block: Block) -> list[str]:
    source = "".join(str(output.data["text/html"]) for output in block.outputs())
    return [html.unescape(name) for name in re.findall(r'<p class="who">.*?<span class="name">(.*?)</span>', source)]


def contrast(first: str, second: str) -> float:
    """The contrast of two colours by WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_groups_within_the_noise_have_no_rank_and_stand_in_the_order_of_the_bureau() -> None:
    board = board_from(sample_tables(sample_bureau(), step=-0.3))  # the last group has most points, by little
    assert "差距不显著" in standing_text(board)
    for block in (show_cover(board), show_points(board)):
        assert "差距不显著" in text_of(block)
        assert "第 1 位" not in text_of(block)
    assert names_in_order(show_points(board)) == list(GROUPS[:3])


def test_groups_that_stand_apart_are_shown_by_rank() -> None:
    board = board_from(sample_tables(sample_bureau(), step=-12.0))
    assert standing_text(board).startswith("驮卢片区领先")
    assert names_in_order(show_points(board)) == list(reversed(GROUPS[:3]))
    assert names_in_order(show_change(board)) == list(reversed(GROUPS[:3]))
    assert [text_of(show_points(board)).count(f"第 {rank} 位") for rank in (1, 2, 3)] == [1, 1, 1]


def test_a_single_group_is_no_gap() -> None:
    tables = sample_tables(sample_bureau())
    for name in ("standings_by_group_quarter", "points_by_group_month", "points_by_group_month_category"):
        tables[name] = tables[name][tables[name]["party_group"] == GROUPS[0]]
    assert standing_text(board_from(tables)) == "只有一个党小组，没有可比的名次。"


def test_two_that_lead_together_are_named_together() -> None:
    tables = sample_tables(sample_bureau())
    standings = tables["standings_by_group_quarter"]
    for place, points in enumerate((90.0, 89.5, 60.0)):
        standings.loc[standings["party_group"] == GROUPS[place], "points_mean"] = points
        standings.loc[standings["party_group"] == GROUPS[place], "rank"] = place + 1
    board = board_from(tables)
    assert standing_text(board).startswith("没有哪个组明显领先：营销管理、专卖综合彼此差距不显著")
    words = text_of(show_points(board))
    assert [words.count(badge) for badge in ("第 1–2 位 ", "第 3 位")] == [2, 1]
    assert "“第 1–2 位”是其中哪一位都有可能：这个党小组与相近的党小组分不出先后。" in words


def test_a_rank_by_the_quarter_score_says_so_beside_the_bars() -> None:
    tables = sample_tables(sample_bureau())
    standings = tables["standings_by_group_quarter"]
    scores = standings["rank"].map({1: 95.0, 2: 70.0, 3: 50.0})
    tables["standings_by_group_quarter"] = standings.assign(rank_basis="quarter_score", quarter_score=scores)
    words = text_of(show_points(board_from(tables)))
    assert "位次按季度得分" in words
    assert "95" not in words


def test_too_few_months_claim_nothing() -> None:
    tables = sample_tables(sample_bureau(), step=12.0)
    months = tables["points_by_group_month"]
    tables["points_by_group_month"] = months[months["month"] > pd.Period("2021-08", "M")]
    board = board_from(tables)
    assert "暂不排名次" in text_of(show_points(board))
    assert "看不出变动" in text_of(show_change(board))
    assert "自然波动之内" not in text_of(show_change(board))
    assert "近 4 个月走势" in text_of(show_trend(board))


def test_parts_bonus_and_total_stand_in_figures() -> None:
    tables = sample_tables(sample_bureau())
    rows = tables["points_by_group_month_category"]
    own = (rows["party_group"] == GROUPS[0]) & (rows["month"] >= pd.Period("2021-10", "M"))
    for category, points in (("A", 27.4), ("B", 12.0), ("C", 36.0), ("D", 3.0)):
        rows.loc[own & (rows["category"] == category), "points"] = points
    standings = tables["standings_by_group_quarter"]
    standings.loc[(standings["party_group"] == GROUPS[0]) & (standings["quarter"] == QUARTER), "points_mean"] = 80.0
    words = text_of(show_points(board_from(tables)))
    for part in ("A 27.4", "C 36.0", "B 12.0", "D +3.0", "80.0", "整类无数据的月份折算 +1.6"):
        assert part in words
    assert "A 落实决议（满分 30）" in words
    assert "D 加减分" in words


def test_a_part_without_room_is_told_beside_the_bar() -> None:
    parts = (Part("A 27.4", 27.4, 0), Part("B 3.0", 3.0, 1))
    assert unlabelled(parts) == ["B 3.0"]
    drawn = StackedTrack(parts).html("#0072b2")
    assert "A 27.4" in drawn
    assert "B 3.0" not in drawn


@pytest.mark.parametrize(("extra", "kind", "left"), [(5.0, "bonus", "80.00"), (-5.0, "deducted", "75.00")])
def test_a_bonus_is_added_and_a_deduction_is_taken_from_the_end(extra: float, kind: str, left: str) -> None:
    drawn = StackedTrack((Part("A", 80.0, 0),), extra).html("#0072b2")
    assert f'class="{kind}" style="left:{left}%;width:5.00%' in drawn


@pytest.mark.parametrize(("change", "left"), [(40.0, "50.00"), (-40.0, "30.00")])
def test_a_change_goes_from_the_middle_to_its_side(change: float, left: str) -> None:
    drawn = ChangeTrack(change, 60.0).html("#0072b2")
    assert f'class="move" style="left:{left}%;width:20.00%' in drawn
    assert 'class="band" style="left:20.00%;width:60.00%' in drawn


def test_a_change_says_whether_it_is_more_than_months_vary() -> None:
    tables = sample_tables(sample_bureau())
    standings = tables["standings_by_group_quarter"]
    now = standings["quarter"] == QUARTER
    for group, change in zip(GROUPS[:3], (30.0, -0.4, None), strict=True):
        standings.loc[now & (standings["party_group"] == group), "change_points"] = change
    words = text_of(show_change(board_from(tables)))
    assert words.index("+30.0") < words.index("超出自然波动") < words.index("−0.4") < words.index("在自然波动之内")
    assert "上季没有积分可比" in words


def test_points_that_lack_a_ledger_say_so_on_the_wall() -> None:
    tables = without_ledger(sample_tables(sample_bureau()), "专卖综合", "2021-06", "2021-08", "2021-11", "2021-12")
    board = board_from(tables)
    assert "11月、12月台账不全" in text_of(show_points(board))
    assert "8月" not in text_of(show_points(board))
    assert text_of(show_change(board)).count("8月、11月、12月台账不全") == 1
    many = without_ledger(tables, "专卖综合", *map(str, MONTHS))
    assert "7月至12月间共 6 个月台账不全" in text_of(show_change(board_from(many)))
    assert "台账不全" not in text_of(show_change(board_from(sample_tables(sample_bureau()))))


def test_work_is_told_as_it_is_known() -> None:
    key = {"quarter": QUARTER}
    rows = [
        {
            **key,
            "matter": "pledges",
            "party_group": GROUPS[0],
            "state": "partial",
            "due_count": 4,
            "on_time_count": 3,
            "on_time_pct": 75.0,
            "closed_count": 5,
        },
        {
            **key,
            "matter": "pledges",
            "party_group": GROUPS[1],
            "state": "known",
            "due_count": 0,
            "on_time_count": 0,
            "closed_count": 2,
        },
        {**key, "matter": "pledges", "party_group": GROUPS[2], "state": "not_submitted"},
    ]
    tables = sample_tables(sample_bureau())
    tables["work_by_group_quarter"] = derived("work_by_group_quarter", rows, load_catalog())
    words = text_of(show_work(board_from(tables)))
    assert "75 % 到期 4，按期 3；本季办结 5 件（部分月份台账未报）" in words
    assert "— 本季没有到期；本季办结 2 件" in words
    assert "— 台账未报" in words
    assert words.count("— 没有数据") == 3  # opinions: no row at all


def test_stars_are_counts_and_the_model_group_is_named() -> None:
    words = text_of(show_stars(sample_board()))
    assert "营销管理 3 人 参评 6 人" in words
    assert "驮卢片区 — 参评 4 人；人数不列，以免看出个人星级" in words
    assert "2020 年度模范党小组 营销管理" in words
    assert "只公示人数" in words


def test_no_slide_names_anybody_unless_the_settings_say_so() -> None:
    quiet = " ".join(text_of(block) for block in slides(sample_board()))
    assert [name for name in MEMBERS if name in quiet] == []
    named = " ".join(text_of(block) for block in slides(sample_board(names=True)))
    assert "组长：陆小北" in named
    assert "五星：覃桂芳" in named
    assert "黄秀兰" not in named  # two stars


def test_notes_say_what_the_figures_rest_on() -> None:
    words = text_of(show_notes(sample_board()))
    assert "数据截至 2021年12月31日" in words
    assert "默认1.0（2018年11月起施行）" in words
    assert "2021年三季度驮卢片区：85.1 分更正为 86.8 分（2021年11月8日）" in words
    assert "另有 1 处" in words
    assert "自张贴之日起 5 日内提出" in words
    assert "纪检委员办公室（二楼 203）" in words


def test_notes_without_corrections_contact_and_with_a_last_day() -> None:
    tables = sample_tables(sample_bureau())
    tables["restatements"] = tables["restatements"].iloc[:0]
    board = board_from(tables, objection_contact=" ", objection_until="2022-01-15")
    words = text_of(show_notes(board))
    assert "近四个季度没有更正" in words
    assert "请向示例党支部提出" in words
    assert "2022年1月15日之前提出" in words
    assert "5 日" not in words.replace("15日", "")


def test_many_groups_take_more_slides_and_none_is_lost(tmp_path: Path) -> None:
    board = sample_board(count=8)
    page = page_of(board, tmp_path)
    ids = re.findall(r'<section class="slide" id="(.*?)"', page)
    assert ids[:3] == ["cover", "points", "points-2"]
    assert ids[-1] == "notes"
    assert len(ids) == len(set(ids)) == 14
    assert names_in_order(show_points(board)) == list(GROUPS[:8])
    assert "本季积分（各月均值）（1/2）" in page


def test_parts_are_even() -> None:
    assert in_parts(GROUPS[:3], 6) == [GROUPS[:3]]
    assert [len(part) for part in in_parts(GROUPS[:7], 6)] == [4, 3]
    assert [name for part in in_parts(GROUPS, 4) for name in part] == list(GROUPS)
    assert in_parts((), 6) == []


@pytest.mark.parametrize("colour", GROUP_COLOURS)
def test_what_is_written_on_a_bar_can_be_read(colour: str) -> None:
    assert all(contrast(mixed(colour, amount), ink) >= 4.5 for amount, ink in PART_SHADES)


def test_the_page_has_one_title_a_language_and_a_section_a_slide(tmp_path: Path) -> None:
    page = page_of(sample_board(), tmp_path)
    assert page.startswith('<!doctype html>\n<html lang="zh-CN">')
    assert page.count("<h1") == 1
    assert page.count("<main") == page.count("</main>") == 1
    ids = re.findall(r'<section class="slide" id="(.*?)" aria-labelledby="(.*?)-title"', page)
    assert [name for name, _ in ids] == ["cover", "points", "trend", "change", "stars", "work", "notes"]
    assert all(f'id="{name}-title"' in page for name, _ in ids)
    assert re.findall(r'<a href="#(.*?)"', page) == [name for name, _ in ids]
    assert page.count("<section ") == page.count("</section>")
    assert '<aside class="banner">示例数据' in page
    assert len(page.encode()) <= BYTES_AT_MOST


def test_a_real_bureau_has_no_banner(tmp_path: Path) -> None:
    page = page_of(board_from(sample_tables(sample_bureau()), is_synthetic=False), tmp_path)
    assert "示例数据" not in page
    assert 'class="banner"' not in page


def test_the_page_in_english(tmp_path: Path) -> None:
    page = page_of(sample_board("en"), tmp_path)
    assert '<html lang="en">' in page
    body = re.sub(r"<style>.*?</style>|<script>.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL)
    for own in (*GROUPS[:3], "示例县局", "示例党支部", "默认1.0", "纪检委员办公室（二楼 203）"):
        body = body.replace(own, "")
    assert re.findall(r"[\u4e00-\u9fff]+", body) == []


def test_hostile_names_are_read_and_not_run(tmp_path: Path) -> None:
    page = page_of(sample_board(hostile=True, names=True), tmp_path)
    assert "<script>window" not in page
    assert "<img" not in page
    assert "\u202e" not in page
    assert html.escape("<script>window.stolen=1</script>") in page
    main = page[page.index("<main") : page.index("</main>")]
    assert outside_references(main) == []
    assert page.count("<section ") == page.count("</section>")
    assert HOSTILE in board_frame(sample_board(hostile=True)).subtitle


def test_only_our_scripts_run_and_nothing_is_fetched(tmp_path: Path) -> None:
    page = page_of(sample_board(), tmp_path)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="(.*?)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert policy[1].count("'sha256-") == page.count("<script>") == 2
    assert re.findall(r"https?:|//[a-z]+\.|url\(", page) == []


def test_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    assert page_of(sample_board(), tmp_path) == page_of(sample_board(), tmp_path)


@pytest.mark.parametrize("show", [show_points, show_change])
def test_a_group_has_one_colour_everywhere(show: Callable[[Board], Block]) -> None:
    tables = sample_tables(sample_bureau(), step=-12.0)  # shown in another order than the bureau's
    source = "".join(str(output.data["text/html"]) for output in show(board_from(tables)).outputs())
    dots = re.findall(r'<circle[^>]*fill="(#\w+)"/></svg> <span class="name">(.*?)</span>', source)
    assert {name: colour for colour, name in dots} == dict(zip(GROUPS[:3], GROUP_COLOURS, strict=False))


@pytest.mark.process
def test_the_notebook_leaves_the_table_and_the_page(tmp_path: Path, repository: Path) -> None:
    catalog, bureau = load_catalog(), sample_bureau()
    save_reading(make_reading(catalog, bureau, {}), tmp_path, catalog)
    for name, table in sample_tables(bureau).items():
        write_table(table, name, tmp_path, catalog)
    notebook = nbformat.read(repository / "notebooks" / "6_bulletin_board.ipynb", as_version=4)
    cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    cell.source += f"\nprocessed_dir = {json.dumps(str(tmp_path))}"
    nbclient.NotebookClient(notebook, resources={"metadata": {"path": str(repository)}}).execute()
    board = load_board(tmp_path, "zh")
    pd.testing.assert_frame_equal(board.table, build_board(sample_tables(bureau), bureau, catalog, QUARTER))
    export_board(notebook, tmp_path / "notebook.html", board_frame(board))
    assert (tmp_path / "notebook.html").read_text(encoding="utf-8") == page_of(board, tmp_path)
    streams = [
        output for cell in notebook.cells for output in cell.get("outputs", []) if "text/html" not in output.data
    ]
    assert streams == []
