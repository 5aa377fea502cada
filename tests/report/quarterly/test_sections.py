"""What the sections say about a quarter made by hand, and that they hold up in thin quarters."""

import re
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.faults import SEVERITIES
from pipeline.ingest.ledger import FileLedger
from pipeline.periods import months_of
from pipeline.report.library.words import gap_words
from pipeline.report.material.gaps import months_missing
from pipeline.report.material.numbers import correlation_text
from pipeline.report.material.quarter import QuarterReport, build_quarter
from pipeline.report.material.ranking import ranking_of
from pipeline.report.material.relations import claim_label, pairs_of_months
from pipeline.report.material.results import results_of_quarter
from pipeline.report.page.exporter import render_page
from pipeline.report.quarterly.headline import key_figures, page_frame
from pipeline.report.quarterly.sections_adjusted import show_adjusted
from pipeline.report.quarterly.sections_completeness import issue_title, show_completeness
from pipeline.report.quarterly.sections_correlations import show_correlations
from pipeline.report.quarterly.sections_defence import show_defence
from pipeline.report.quarterly.sections_metrics import show_metrics
from pipeline.report.quarterly.sections_next import matters_to_look_at, show_next
from pipeline.report.quarterly.sections_overdue import show_overdue
from pipeline.report.quarterly.sections_relations import show_relations
from pipeline.report.quarterly.sections_standings import show_standings
from pipeline.report.quarterly.sections_summary import show_summary
from pipeline.report.quarterly.sections_trends import show_trends
from pipeline.report.quarterly.sentences import data_sentence, overdue_sentence, standing_sentence, summary_sentences
from pipeline.texts import load_texts
from tests.report.altered import with_gap, with_points, with_quarter_scores, with_state, with_table
from tests.report.pages import SECTIONS, figures_of, outputs_of, text_of
from tests.report.sample_material import derive, sample_reading, sample_report

RANKING_WORDS = ("最高", "靠前", "领先", "第一", "位次")
CAUSAL_WORDS = re.compile(r"促进|带动|导致|推动|拉动|\b(?:causes?|because of|led to|leads to|drives)\b")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("quarter", ["2018Q4", "2019Q1", "2021Q1", "2021Q4"])
def test_every_section_holds_up_in_every_quarter(quarter: str, lang: str) -> None:
    report = sample_report(lang, quarter)
    for section in SECTIONS:
        words = text_of(section(report))
        assert words.strip()
        for unfinished in ("nan", "NaT", "<NA>", "None", "{"):
            assert unfinished not in words
        assert CAUSAL_WORDS.findall(words) == []


def test_the_summary_is_five_sentences() -> None:
    data, standing, results, relations, overdue = summary_sentences(sample_report())
    assert data == "本季应报 64 份台账，已报 63 份（98.4%），还缺 1 份：12月的群众意见台账。"
    assert "差距不显著" in standing
    assert results.startswith("销量 2,932.1 箱，完成计划 100.8%。")
    english = summary_sentences(sample_report("en"))[2]
    assert english.startswith("Volume 2,932.1 xiang (箱, 50,000 sticks each), 100.8% of plan.")
    assert relations.startswith("积分与业绩共检查 ")
    assert overdue == (
        "截至季末逾期未办结 2 项（决议 1 项、群众意见 1 项），最长逾期 72 天。"
        "没有数据的台账：群众意见（12月），逾期项数可能不全。"
        "另有无证户整治 1 项（最长逾期 59 天）逾期未办，不在本清单，见“工作台账”一节。"
    )


def test_the_frame_says_what_when_and_that_the_data_are_synthetic() -> None:
    frame = page_frame(sample_report())
    assert frame.title == "示例县局 2021年四季度党建业务融合报告"
    assert "2021年12月31日" in frame.subtitle
    assert "默认1.0" in frame.subtitle
    assert frame.banner is not None
    assert frame.banner.startswith("示例数据")
    n = "样本 n = 每个党小组 37 个月（3 个党小组，每项业绩只计承担它的组）"
    assert frame.footer == f"相关不等于因果；{n}；业绩分已剔除。"
    real = replace(sample_report(), bureau=replace(sample_report().bureau, is_synthetic=False))
    assert page_frame(real).banner is None


def test_a_bureau_without_names_has_a_frame_all_the_same() -> None:
    nameless = replace(sample_report(), bureau=replace(sample_report().bureau, name="", branch=" "))
    frame = page_frame(nameless)
    assert frame.title == "2021年四季度党建业务融合报告"
    assert frame.subtitle == "数据截至 2021年12月31日　积分细则 默认1.0"


def test_a_claim_of_all_groups_counts_those_that_own_the_metric() -> None:
    assert claim_label("pooled", "volume_xiang", sample_report()) == "各党小组合并（2 个承担的组）"
    assert claim_label("营销管理", "volume_xiang", sample_report()) == "营销管理"


def test_a_lagged_verdict_says_how_many_pairs_of_months_it_rests_on() -> None:
    report = sample_report()  # points up to November 2021: opinions of December are missing
    assert pairs_of_months(report, "营销管理", "volume_xiang", 1) == 37
    assert pairs_of_months(report, "pooled", "volume_xiang", 2) == 2 * 36


def test_key_figures_carry_the_groups_colours() -> None:
    groups, bureau = key_figures(sample_report())
    assert [(card.label, card.group) for card in groups.items] == [
        ("营销管理 月积分均值", 1),
        ("专卖综合 月积分均值", 2),
        ("驮卢片区 月积分均值", 3),
    ]
    assert [card.label for card in bureau.items] == ["全局销量完成计划", "全局立案", "全局逾期未办结", "全局台账报送率"]
    assert bureau.items[0].value == "100.8"


def test_missing_workbooks_and_issues_are_named_without_what_they_hold() -> None:
    words = text_of(show_completeness(sample_report()))
    assert "12月未报：群众意见台账" in words
    assert "工作簿设有密码，无法读取。" in words
    assert "姓名不在花名册中 整行未采用 1" in words
    assert "姓名不在花名册中 整行未采用 quiz.xlsx ××× B7" in words


def test_many_missing_workbooks_are_counted_and_named_in_their_section_alone() -> None:
    many = with_state(sample_report(), "sales", "missing")
    assert data_sentence(many) == "本季应报 64 份台账，已报 60 份（93.8%），还缺 4 份。"
    assert "10月、11月、12月未报：卷烟销售月报" in text_of(show_completeness(many))


@pytest.mark.parametrize("points", [None, 1.15])  # printed as 1.1: the number below it is nearer
def test_the_three_items_and_the_others_add_up_to_the_move(points: float | None) -> None:
    report = sample_report()
    if points is not None:
        moves = report.tables["score_moves"].assign(change_points=points)
        report = replace(report, tables={**report.tables, "score_moves": moves})
    words = text_of(show_standings(report)).split("其余各项合计")[1].split("按各项月均得分")[0]
    numbers = [float(number) for number in re.findall(r"[+-]\d+\.\d", words.replace("−", "-"))]
    assert len(numbers) == 3 * 5  # a group: the move, three items, all others
    for place in range(0, len(numbers), 5):
        assert numbers[place] == pytest.approx(sum(numbers[place + 1 : place + 5]), abs=1e-6)  # as they are printed


def test_two_limits_of_noise_are_explained_where_they_differ() -> None:
    assert "这个界限低于" not in text_of(show_standings(sample_report()))  # ranked by the mean of months itself
    report = with_quarter_scores(sample_report())
    ranking = ranking_of(report)
    assert ranking.basis == "quarter_score"
    told = text_of(show_standings(report))
    limits = (
        f"至少相差 {ranking.noise.clear_gap:.1f} 分",
        f"只占 0.70，所以这个界限低于月积分均值的 {ranking.months.clear_gap:.1f} 分。",
    )
    assert [limit for limit in limits if limit not in told] == []


def test_a_file_that_cannot_be_read_may_be_the_one_that_is_missing() -> None:
    perhaps = "交了、但整个文件读不了的：×××积分.xlsx。"
    report = sample_report()
    assert perhaps in text_of(show_completeness(report))
    earlier = replace(report, files=tuple(replace(f, path=f"2020年1月{f.path}") for f in report.files))
    assert perhaps[:5] not in text_of(show_completeness(earlier)), "its name speaks of another time"
    assert perhaps[:5] not in text_of(show_completeness(with_state(report, "opinions", "submitted"))), "nothing lacks"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_issue_has_a_title_that_quotes_nothing(lang: str) -> None:
    texts = load_texts(lang)
    other = texts("issue_title.other")
    assert [code for code in SEVERITIES if issue_title(code, texts) == other] == []
    assert issue_title("something_new", texts) == other


def test_groups_close_together_are_not_ranked() -> None:
    report = sample_report()
    assert not ranking_of(report).is_spread_clear
    words = text_of(show_standings(report))
    assert "差距不显著" in words
    assert [word for word in RANKING_WORDS if word in words.split("近五个季度")[0]] == []


def test_a_clear_leader_is_named_and_two_close_leaders_together() -> None:
    alone = with_points(sample_report(), 营销管理=95.0, 专卖综合=60.0, 驮卢片区=61.0)
    sentence = "营销管理的月积分均值最高（95.0 分，最低 60.0 分），差距超出逐月自然波动。"
    assert standing_sentence(alone).startswith(sentence)
    assert "位次" in text_of(show_standings(alone))
    close = with_points(sample_report(), 营销管理=95.0, 专卖综合=94.0, 驮卢片区=61.0)
    assert standing_sentence(close).startswith("月积分均值没有哪个组明显领先：营销管理、专卖综合之间")


def test_groups_that_are_not_clearly_apart_share_their_places() -> None:
    close = with_points(sample_report(), 营销管理=95.0, 专卖综合=94.0, 驮卢片区=61.0)
    assert ranking_of(close).places == {"营销管理": (1, 2), "专卖综合": (1, 2), "驮卢片区": (3, 3)}
    words = text_of(show_standings(close)).split("近五个季度")[0]
    assert words.count(" 1–2 ") == 2
    assert "是这个党小组可能在的位次" in words  # of 1–3 the first and the third may well be apart
    apart = with_points(sample_report(), 营销管理=95.0, 专卖综合=60.0, 驮卢片区=30.0)
    assert "分不出先后" not in text_of(show_standings(apart))


def test_a_result_that_nobody_owns_is_not_missing_on_its_card() -> None:
    report = sample_report()
    owned = {place: kind for place, kind in report.bureau.attribution.items() if place[1] != "cases_filed"}
    without = replace(report, bureau=replace(report.bureau, attribution=owned))
    (card,) = [figure for row in key_figures(without) for figure in row.items if figure.label == "全局立案"]
    assert (card.value, card.note) == ("—", "没有党小组承担这项业绩。")


def test_one_group_is_no_gap() -> None:
    report = sample_report()
    standings = report.tables["standings_by_group_quarter"]
    alone = with_table(report, "standings_by_group_quarter", standings[standings["party_group"] == "营销管理"])
    assert standing_sentence(alone).startswith("只有营销管理有积分，没有可比的党小组；月积分均值为")
    assert "差距" not in text_of(show_standings(alone)).split("近五个季度")[0]
    assert gap_words(ranking_of(alone), report.texts) == "只有一个党小组"


def test_too_few_months_are_no_statement_about_the_gap() -> None:
    report = sample_report(quarter="2018Q4")
    assert standing_sentence(report).startswith("积分月份还少")
    assert "差别小于" not in text_of(show_standings(report))


def test_moves_name_three_items_with_their_points() -> None:
    report = sample_report()
    moves = report.of_quarter("score_moves")
    own = moves[moves["party_group"] == "专卖综合"].sort_values("position")
    words = text_of(show_standings(report))
    for row in own.head(3).itertuples():
        assert f"{row.item} " in words
    assert "C4 案件按期办结率 −4.4" in words


def test_a_move_by_scaling_alone_is_no_move_of_the_work() -> None:
    report = sample_report()
    items = report.tables["points_by_group_month_item"]
    is_own = (items["party_group"] == "专卖综合") & (items["item"] == "C4")
    before, now = (items["month"].isin(months_of(report.quarter - back)) for back in (1, 0))

    def words(**capped: float) -> str:
        points = items["capped_points"].mask(is_own & before, capped["before"]).mask(is_own & now, capped["now"])
        tables = {**report.tables, "points_by_group_month_item": items.assign(capped_points=points)}
        return text_of(show_standings(replace(report, tables=tables)))

    assert "C4 案件按期办结率 −4.4（仅折算）" in words(before=3.0, now=3.0)
    assert "C4 案件按期办结率 −4.4（本季 3 个月未计）" in words(before=3.0, now=float("nan"))
    assert "C4 案件按期办结率 −4.4（上季 3 个月未计）" in words(before=float("nan"), now=3.0)
    assert "C4 案件按期办结率 −4.4（" not in words(before=3.0, now=2.0)
    assert "不是工作有进退" in words(before=3.0, now=3.0)
    assert "不是工作有进退" not in words(before=3.0, now=2.0)


def test_only_attributed_metrics_are_shown() -> None:
    words = text_of(show_metrics(sample_report()))
    marketing, enforcement = words.split("营销管理：本组承担的指标")[1].split("专卖综合：本组承担的指标")
    assert "销量" in marketing
    assert "立案数" not in marketing
    assert "单箱销售额" not in enforcement.split("驮卢片区：本组承担的指标")[0]
    assert {"营销管理"}.isdisjoint(
        results_of_quarter(sample_report()).query("metric == 'cases_filed'")["party_group"].tolist()
    )


def test_heavy_tails_have_a_median_and_zero_bases_no_percentage() -> None:
    words = text_of(show_metrics(sample_report()))
    assert "查获卷烟受个别大案左右" in words
    assert "发现无证户、办结无证户：去年同期为 0，不计算百分比。" in words


def test_a_month_that_was_not_handed_in_makes_the_quarter_partial() -> None:
    report = sample_report()
    partial = with_gap(report, "volume_xiang", "2021-11")
    assert months_missing(partial, "营销管理", report.catalog.metrics["volume_xiang"]) == (pd.Period("2021-11", "M"),)
    words = text_of(show_metrics(partial))
    assert words.count("销量：11月没有数据，本季数不完整；目标和去年同期只取同样的月份。") == 2  # both groups that sell


def test_a_volume_without_a_plan_has_no_plan_rate() -> None:
    report = sample_report()
    metrics = report.tables["metrics_by_group_quarter"]
    without = with_table(report, "metrics_by_group_quarter", metrics.assign(target=float("nan")))
    assert summary_sentences(without)[2].startswith("销量 2,932.1 箱，没有计划数可比。")


def test_relationships_say_what_was_checked_and_what_was_left_out() -> None:
    words = text_of(show_relations(sample_report()))
    assert "相关不等于因果" in words
    assert "没有用总积分" in words
    assert "没有比较各组不承担的指标（6 对）" in words
    assert re.search(r"看不出关系（r = −?\d\.\d\d）", words)
    assert "3 项没有判断：没有一个月同时有积分和业绩（n = 0 个月），无法判断。" in words


def test_claims_are_told_in_full_and_the_chart_shows_them_first() -> None:
    report = sample_report()
    table = report.tables["relationships"].copy()
    row = (table["scope"] == "驮卢片区") & (table["metric"] == "inspections")
    table = table.assign(verdict=table["verdict"].mask(row, "clue"), r=table["r"].mask(row, 0.55))
    table["p_max_t"] = table["p_max_t"].mask(row, 0.11)
    claimed = with_table(report, "relationships", table)
    assert "有一处略为突出，可能是巧合，请勿据此奖惩（同月 r = 0.55，95% 区间" in text_of(show_relations(claimed))
    assert "驮卢片区：过程积分与市场与寄递检查" in text_of(show_trends(claimed))
    assert "驮卢片区的市场与寄递检查（线索，r = 0.55，同月，n = 37 个月）" in text_of(show_next(claimed))
    own = table[row].iloc[0]
    low, high, smallest = (correlation_text(own[name]) for name in ("ci_low", "ci_high", "smallest_r"))
    told = f"（r = 0.55，同月，95% 区间 {low} 到 {high}，n = 37 个月，八成把握能发现的最小 r = {smallest}），可能是巧合"
    assert told in text_of(show_summary(claimed))


def test_every_chart_has_its_table_and_its_words() -> None:
    report = sample_report()
    relations = ((show_trends, 3), (show_correlations, 4), (show_adjusted, 4))
    for section, charts in (*relations, (show_standings, 1), (show_metrics, 1)):
        block = section(report)
        parts = [output.page["part"] for output in outputs_of(block)]
        assert parts.count("chart-plot") == charts == len(figures_of(block))
        assert text_of(block).count("查看数据") == charts


def test_what_is_overdue_in_other_ledgers_is_told_beside_the_list() -> None:
    report = sample_report()
    work = report.tables["work_by_group_quarter"].copy()
    here = (work["matter"] == "unlicensed") & (work["quarter"] == report.quarter)
    assert here.sum() > 1
    work["overdue_count"] = work["overdue_count"].mask(here, 2)
    work["longest_overdue_d"] = work["longest_overdue_d"].mask(here, 1105)
    told = f"另有无证户整治 {2 * here.sum()} 项（最长逾期 1,105 天）逾期未办，不在本清单"
    assert told in overdue_sentence(with_table(report, "work_by_group_quarter", work))
    work["overdue_count"] = work["overdue_count"].mask(here, 0)
    assert "另有" not in overdue_sentence(with_table(report, "work_by_group_quarter", work))


def test_overdue_matters_have_numbers_and_days() -> None:
    words = text_of(show_overdue(sample_report()))
    assert "决议 决〔2021〕1号 专卖综合 ×××牵头的无证户整治 2021年10月20日 72 decisions.xlsx 第 3 行" in words
    assert "群众意见 民2021-9 驮卢片区 货源 2021年12月1日 30 opinions.xlsx 第 3 行" in words
    assert "决〔2021〕2号" not in words  # closed in time


def test_what_to_look_at_gives_a_figure_a_line() -> None:
    lines = matters_to_look_at(sample_report())
    assert lines[0] == "补齐未报的 1 份台账，再看积分和业绩。"
    assert "驮卢片区的单箱销售额：目标完成率 97.1%，建议看看差在哪几个月。" in lines
    assert "逾期事项：专卖综合 1 项、驮卢片区 1 项，最长 72 天，建议逐项重新约定期限。" in lines
    assert all(any(character.isdigit() for character in line) for line in lines)


def test_provenance_names_rules_files_and_versions() -> None:
    words = text_of(show_defence(sample_report()))
    assert "积分细则 默认1.0，自 2018-11 起施行。" in words
    assert "更正：改好的工作簿重新报送，或在积分更正台账中追加一条" in words
    assert "000000000001" in words  # the short checksum of the second file
    assert "pandas" in words
    assert "1 处未采用，1 处已采用但需核对，0 处重复已跳过" in words


def test_provenance_lists_what_holds_for_every_quarter_and_counts_what_was_read() -> None:
    report = sample_report()
    read = sum(file.status == "read" for file in report.files)
    lasting = tuple(
        FileLedger(f"{kind}.xlsx", "a" * 64, "read", None, kind, ()) for kind in ("roster", "rule_book", "attribution")
    )
    copy = FileLedger("copy.xlsx", "b" * 64, "skipped", "重复", "party_groups", ())
    words = text_of(show_defence(replace(report, files=(*report.files, *lasting, copy))))
    assert all(file.path in words for file in lasting)
    assert "copy.xlsx" not in words
    assert f"共用到 {read + 3} 个文件" in words


def test_the_page_is_the_same_every_time() -> None:
    import nbformat.v4 as notebooks

    def page() -> str:
        cells = [
            notebooks.new_code_cell(
                section.__name__,
                outputs=[
                    notebooks.new_output("display_data", data=output.data, metadata={"ronghe": output.page})
                    for output in outputs_of(section(sample_report()))
                ],
            )
            for section in SECTIONS
        ]
        return render_page(notebooks.new_notebook(cells=cells), page_frame(sample_report()))

    assert page() == page()


@cache
def without_opinions() -> QuarterReport:
    """Return the report of a bureau that never kept a ledger of opinions."""
    reading, quarter = sample_reading(), pd.Period("2021Q4", freq="Q-DEC")
    coverage = reading.tables["coverage"]
    tables = {**reading.tables, "coverage": coverage[coverage["kind"] != "opinions"]}
    tables["opinions"] = tables["opinions"].iloc[:0]
    never = replace(reading, tables=tables)
    return build_quarter(never, derive(never, quarter), quarter, load_texts("zh"), load_catalog())


def test_ledgers_that_nobody_keeps_are_one_line_with_what_it_means_for_points() -> None:
    report = without_opinions()
    shown = text_of(show_completeness(report))
    assert "从来没有报过，任何月份都没有：群众意见台账。没有台账的项目是B4 民意收集办结：A、B 类各月记 0 分" in shown
    assert "未报：群众意见台账" not in shown
    assert "其中 3 份属于从来没有报过的 1 种台账。" in shown
    looked_at = text_of(show_next(report))
    assert "从来没有数据的项目（B4 民意收集办结、" in looked_at
    assert looked_at.count("B4 民意收集办结") == 1  # not once more for each group
    assert "补齐未报的" not in looked_at
    kept = text_of(show_completeness(sample_report())) + text_of(show_next(sample_report()))
    assert "从来没有报过" not in kept
    assert "从来没有数据的项目（B4" not in kept


def test_a_ledger_that_came_and_could_not_be_used_is_not_said_to_have_never_come() -> None:
    report = without_opinions()
    kept = tuple(file for file in report.files if file.kind != "opinions")
    absent = replace(report, files=kept)
    assert "从来没有报过" in text_of(show_completeness(absent))
    refused = FileLedger("2019年群众意见台账.xlsx", "0" * 64, "refused", "有密码")
    shown = text_of(show_completeness(replace(report, files=(*kept, refused))))
    assert "从来没有报过" not in shown
    assert "未报：群众意见台账" in shown


def test_months_without_a_ledger_are_told_group_by_group() -> None:
    report = sample_report()
    points = report.tables["points_by_group_month"]
    known = points.assign(is_complete=~(points["month"].isin(report.months) & (points["party_group"] == "专卖综合")))
    shown = text_of(show_standings(with_table(report, "points_by_group_month", known)))
    assert "补报后请重跑：专卖综合 10月、11月、12月。" in shown
