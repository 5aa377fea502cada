"""Header blocks: levels joined to paths, merged or not, and what they are matched with."""

from dataclasses import replace

import pytest

from pipeline.ingest.layouts.headers import header_candidates, read_block
from pipeline.ingest.layouts.matching import match_columns
from pipeline.ingest.vocabulary import build_vocabulary
from tests.hand_made import CATALOG, VOCABULARY, Rows, Value, make_grid

UPPER: list[Value] = ["单位", "本月", None, None, "累计", None, "一类烟"]
LOWER: list[Value] = [None, "销量(箱)", "同期", "同比%", "销量", "同期", None]
PATHS = ("单位", "本月/销量", "本月/同期", "本月/同比%", "累计/销量", "累计/同期", "一类烟")
MERGES = ((1, 0, 2, 0), (1, 1, 1, 3), (1, 4, 1, 5), (1, 6, 2, 6))


def paths_of(rows: Rows, merges: tuple[tuple[int, int, int, int], ...] = ()) -> list[tuple[int, int, tuple[str, ...]]]:
    found = header_candidates(make_grid(rows, merges), VOCABULARY)
    return [(header.top, header.bottom, header.paths) for header in found]


def test_merged_cells_are_filled_over_their_levels() -> None:
    rows: Rows = [["销售月报"], UPPER, LOWER, ["城区", 1, 2, 3, 4, 5, 6]]
    assert (1, 2, PATHS) in paths_of(rows, MERGES)


def test_a_merged_header_is_never_taken_for_one_level() -> None:
    rows: Rows = [["销售月报"], UPPER, LOWER, ["城区", 1, 2, 3, 4, 5, 6]]
    assert not [entry for entry in paths_of(rows, MERGES) if entry[:2] == (1, 1)]


def test_without_merged_cells_an_upper_level_reaches_over_its_parts() -> None:
    assert (0, 1, PATHS) in paths_of([UPPER, LOWER])


def test_labels_keep_the_brackets() -> None:
    header = next(h for h in header_candidates(make_grid([UPPER, LOWER]), VOCABULARY) if h.bottom == 1)
    assert header.labels[1] == ("本月", "销量(箱)")
    assert header.label(1) == "本月/销量(箱)"


def test_the_longest_synonym_wins() -> None:
    header = next(h for h in header_candidates(make_grid([UPPER, LOWER]), VOCABULARY) if h.bottom == 1)
    matched = {number: name for number, (name, _) in match_columns(header, VOCABULARY)["sales"].items()}
    assert matched == {
        0: "party_group",
        1: "volume_xiang",
        2: "volume_last_year_xiang",
        3: "yoy_pct",
        4: "ytd_volume_xiang",
        5: "ytd_volume_last_year_xiang",
        6: "class1_volume_xiang",
    }


def test_an_essay_above_the_header_does_not_hide_it() -> None:
    essay: Rows = [[f"填报说明第{number}条"] for number in range(40)]
    assert [entry[0] for entry in paths_of([*essay, ["姓名", "得分", "用时"]])] == [40]


def matched_of(rows: Rows, merges: tuple[tuple[int, int, int, int], ...] = (), kind: str = "sales") -> dict[str, str]:
    header = next(iter(header_candidates(make_grid(rows, merges), VOCABULARY)))
    return {header.label(number): name for number, (name, _) in match_columns(header, VOCABULARY).get(kind, {}).items()}


def test_an_upper_level_may_make_another_amount_of_a_header() -> None:
    for upper in ("计划", "2-3月", "上月", "年度任务", "本季", "本年", "三季度", "年初至今", "上半年"):
        assert matched_of([["单位", upper, None], [None, "销量", "销售额"]]) == {"单位": "party_group"}
    assert matched_of([["单位", "卷烟", None], [None, "销量", "销售额"]])["卷烟/销量"] == "volume_xiang"


@pytest.mark.parametrize("span", ["1-10月累计", "1—10月", "２０２１年1至10月份累计", "01-10月"])
def test_a_span_from_january_on_is_the_year_so_far(span: str) -> None:
    above = matched_of([["单位", span, None], [None, "销量", "同比"]])
    assert list(above.values()) == ["party_group", "ytd_volume_xiang", "ytd_yoy_pct"]
    assert list(matched_of([["单位", f"{span}销量"]]).values()) == ["party_group", "ytd_volume_xiang"]


def test_a_header_with_its_month_is_the_column_where_no_other_is() -> None:
    assert matched_of([["单位", "10月销量", "2019年10月份销售额"]]) == {
        "单位": "party_group",
        "10月销量": "volume_xiang",
        "2019年10月份销售额": "revenue_yuan",
    }
    header = next(iter(header_candidates(make_grid([["单位", "9月销量", "销量"]]), VOCABULARY)))
    assert {number: levels for number, (_, levels) in match_columns(header, VOCABULARY)["sales"].items()} == {
        0: 1,
        1: 0,
        2: 1,
    }


def test_a_sum_of_a_pivot_table_is_its_column() -> None:
    assert matched_of([["单位", "求和项:销量(箱)", "求和项：销售额(元)"]]).keys() == {
        "单位",
        "求和项:销量(箱)",
        "求和项:销售额(元)",
    }


def test_points_of_a_year_so_far_are_none_of_the_month() -> None:
    rows: Rows = [["姓名", "本月", None, "累计", None], [None, "得分", "名次", "得分", "名次"]]
    assert matched_of(rows, kind="monthly_points") == {
        "姓名": "member",
        "本月/得分": "total_points",
        "本月/名次": "standing",
    }


def test_a_sum_of_the_year_under_the_year_is_still_one() -> None:
    rows: Rows = [["单位", "本年", None], [None, "累计", None], [None, "销量", "同期"]]
    grid = make_grid(rows, ((0, 1, 0, 2), (1, 1, 1, 2)))
    deepest = next(header for header in header_candidates(grid, VOCABULARY) if header.bottom == 2)
    assert match_columns(deepest, VOCABULARY)["sales"][1][0] == "ytd_volume_xiang"


@pytest.mark.parametrize(
    ("merges", "upper"),
    [
        (((0, 1, 0, 3), (0, 4, 0, 6), (0, 7, 1, 7)), "累计"),
        (
            ((0, 1, 0, 3), (0, 4, 0, 6)),
            "2021年1-10月累计完成情况",
        ),  # of two texts merged side by side neither is a title
        ((), "累计"),
    ],
)
@pytest.mark.parametrize("volume", ["销量", "实绩", "本月止累计销量"])
def test_a_header_keeps_the_level_that_says_which_amount_stands_below(
    merges: tuple[tuple[int, int, int, int], ...], upper: str, volume: str
) -> None:
    """The row of totals below holds a word that is a header elsewhere (合计), and is no level of this one."""
    rows: Rows = [
        [None, "本月", None, None, upper, None, None, "一类烟"],
        ["单位", volume, "同期", "销售额", "销量", "同期", "单箱", None],
        ["合计", 100, 90, 9, 1000, 900, 8, 7],
    ]
    found = paths_of(rows, merges)
    assert {top for top, _, _ in found} == {0}
    assert f"{upper}/销量" in next(paths for _, bottom, paths in found if bottom == 1)


def test_levels_may_be_read_as_one_word() -> None:
    assert matched_of([["单位", "去年同期", None], [None, "销量", "户数"]])["去年同期/销量"] == "volume_last_year_xiang"


def test_a_row_of_units_belongs_to_the_header() -> None:
    rows: Rows = [["单位", "销量", "同比"], [None, "箱", "%"], ["城区", 1, 2]]
    header = next(iter(header_candidates(make_grid(rows), VOCABULARY)))
    assert (header.top, header.bottom, header.paths) == (0, 1, ("单位", "销量", "同比"))
    assert header.labels[1:] == (("销量", "(箱)"), ("同比", "(%)"))


def test_what_is_remembered_of_a_header_is_not_told_of_another() -> None:
    """One column under another level, under none and with its unit, and in another dictionary: in turn, and again."""
    rows: dict[str, Rows] = {"plan": [["计划"], ["销量"]], "bare": [["销量"]], "unit": [["销量(箱)"]]}
    headers = {name: read_block(make_grid(cells), 0, len(cells) - 1) for name, cells in rows.items()}
    synonyms = tuple(entry for entry in CATALOG.synonyms if entry.header != "销量")
    other = build_vocabulary(replace(CATALOG, synonyms=synonyms))
    volume = {0: ("volume_xiang", 1)}
    for _ in range(2):
        matched = {name: match_columns(header, VOCABULARY)["sales"] for name, header in headers.items()}
        assert matched == {"plan": {}, "bare": volume, "unit": volume}
        assert "sales" not in match_columns(headers["bare"], other)
        assert [header.label(0) for header in headers.values()] == ["计划/销量", "销量", "销量(箱)"]


def test_a_colon_behind_a_header_is_no_part_of_it() -> None:
    header = read_block(make_grid([["单位：", "本月/销量：", "真烟(条):", "假烟：（条）", "用时 ："]]), 0, 0)
    assert header.paths == ("单位", "本月/销量", "真烟", "假烟", "用时")
    assert header.label(0) == "单位:"


@pytest.mark.parametrize(
    ("title", "merges"),
    [
        (["2021年第四季度卷烟销售月报", None, None, "单位：箱、元", None], ((0, 0, 0, 2), (0, 3, 0, 4))),
        (["左江县局2021年度卷烟销售计划完成情况表", None, None, "单位：箱、元", None], ((0, 0, 0, 2), (0, 3, 0, 4))),
        (["2021年卷烟销售月报", None, None, "2021年第四季度", None], ((0, 0, 0, 2), (0, 3, 0, 4))),
        (["填报单位：示例县局", None, None, "第四季度", None], ((0, 0, 0, 2), (0, 3, 0, 4))),
        (["2021年度计划完成情况", None, None, "四季度", None], ()),
        (["四季度", None, None, "单位：箱、元", None], ()),
        (["上半年"], ()),
        (["四季度", None, None, None, None], ((0, 0, 0, 4),)),
        ([None, None, "季度销售月报", None, None], ()),
        ([None, "四季度", None, None, None], ()),
        ([None, None, None, None, "2021年10月"], ()),
    ],
)
def test_a_title_is_no_level(title: list[Value], merges: tuple[tuple[int, int, int, int], ...]) -> None:
    rows: Rows = [title, ["党小组", "销量", "销售额", "单箱", "同比"], ["城区", 600.0, 18_000_000, 30_000, 1.2]]
    assert {top for top, _, _ in paths_of(rows, merges)} == {1}


@pytest.mark.parametrize(
    ("upper", "merges"),
    [
        (["单位：箱", "本月", None, "本季", None], ()),
        (["单位：箱", "1-3月", None, None, None], ()),
        (["三季度", None, "本月", None, None], ()),
        ([None, "年初至今", None, None, None], ()),
        (["2021年第四季度", None, None, None, None], ((0, 0, 0, 1),)),
    ],
)
def test_a_level_beside_another_one_or_over_numbers_is_one(
    upper: list[Value], merges: tuple[tuple[int, int, int, int], ...]
) -> None:
    rows: Rows = [upper, ["销量", "销售额", "单位", "单箱", "同比"], [600.0, 18_000_000, "城区", 30_000, 1.2]]
    assert {top for top, _, _ in paths_of(rows, merges)} == {0}
