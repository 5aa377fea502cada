"""The workbook of a quarter: what managers may see, in words of the chosen language."""

import html
import re
import shutil
import subprocess
import warnings
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.catalog import load_catalog
from pipeline.report.appendix.frame import every_pair
from pipeline.report.material.figures import attained_rows, metric_months
from pipeline.report.workbook.book import write_workbook
from pipeline.report.workbook.charts import _lowest
from tests.readings import make_table
from tests.report.altered import with_points, with_table
from tests.report.sample_material import GROUPS, SECRETS, sample_report

SHEETS = {
    "zh": [
        "首页",
        "图",
        "逐月积分",
        "目标完成率",
        "逐月指标",
        "积分与位次",
        "季度指标",
        "融合面板",
        "积分与业绩的关系",
        "逾期事项",
        "工作台账",
        "学习",
        "更正影响",
        "积分来源",
        "每一对的估计",
        "积分失真检查",
        "积分核对",
        "问题清单",
        "口径",
    ],
    "en": [
        "Start",
        "Charts",
        "Points by month",
        "Attainment",
        "Results by month",
        "Standings",
        "Metrics",
        "Panel",
        "Relationships",
        "Overdue",
        "Ledgers of work",
        "Learning",
        "What corrections changed",
        "Trail of points",
        "Every pair",
        "Goodhart watch",
        "Points audit",
        "Issues",
        "Definitions",
    ],
}
HEADER_ROW = 5  # after the warning, the title, what the sheet holds, and the way back


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("workbook")
    for lang in SHEETS:
        write_workbook(sample_report(lang), folder / f"{lang}.xlsx")
    return {lang: folder / f"{lang}.xlsx" for lang in SHEETS}


@pytest.fixture(scope="module")
def book(written: dict[str, Path]) -> openpyxl.Workbook:
    return openpyxl.load_workbook(written["zh"])


def rows(book: openpyxl.Workbook, sheet: str) -> list[dict[str, object]]:
    header, *body = book[sheet].iter_rows(min_row=HEADER_ROW, values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in body]


@pytest.mark.parametrize("lang", SHEETS)
def test_sheets_are_named_in_the_language(written: dict[str, Path], lang: str) -> None:
    assert openpyxl.load_workbook(written[lang]).sheetnames == SHEETS[lang]


def test_every_sheet_says_that_the_data_are_synthetic(book: openpyxl.Workbook) -> None:
    assert all("示例数据" in str(sheet["A1"].value) for sheet in book)


def test_the_trail_holds_every_source_row_of_the_quarter(book: openpyxl.Workbook) -> None:
    found, trail = rows(book, "积分来源"), sample_report().of_quarter("points_trail")
    assert len(found) == len(trail) > 100
    assert {row["月份"] for row in found} == {"2021-10", "2021-11", "2021-12"}
    meetings = [row for row in found if row["编码"] == "A1" and row["党小组"] == "营销管理"]
    assert {row["计量"] for row in meetings} == {"党小组会次数"}
    assert {(row["细则文件"], row["细则行"]) for row in meetings} == {("rules.csv", 2)}
    assert {row["来源文件"] for row in meetings} == {"activities.xlsx"}


def test_the_audit_says_in_words_what_explains_a_difference(tmp_path: Path) -> None:
    slip = {"level": "month", "party_group": "营销管理", "period": "2021-10", "part": "B", "is_difference": True}
    numbers = {"printed_points": 20.0, "recomputed_points": 15.0, "difference_points": 5.0, "explained_points": 5.0}
    found = slip | numbers | {"unexplained_points": 0.0, "explanation": "counted_too_many", "items": "B1 +1"}
    alike = slip | {"part": "A", "printed_points": 9.0, "difference_points": 0.0, "is_difference": False}
    earlier = {"period": "2021-01"}
    audit = make_table("points_audit", load_catalog(), [found, alike, found | earlier, alike | earlier])
    path = tmp_path / "audit.xlsx"
    write_workbook(with_table(sample_report(), "points_audit", audit), path)
    listed = rows(openpyxl.load_workbook(path), "积分核对")
    assert [(row["期间"], row["部分"], row["差异"]) for row in listed] == [
        ("2021年10月", "B 特色活动", 5),
        ("2021年10月", "A 落实决议", 0),
        ("2021年1月", "B 特色活动", 5),  # of the periods before only what differs
    ]
    assert [row["说明"] for row in listed] == ["多计：B1 特色活动 +1", None, "多计：B1 特色活动 +1"]


def test_standings_hold_every_group_of_the_quarter(book: openpyxl.Workbook) -> None:
    report = sample_report()
    found = {row["党小组"]: row for row in rows(book, "积分与位次") if row["季度"] == "2021Q4"}
    assert tuple(found) == GROUPS  # nobody is ranked: the fixed order
    expected = report.of_quarter("standings_by_group_quarter").set_index("party_group")
    for group, row in found.items():
        assert row["位次"] is None  # the page says that the gaps mean nothing
        assert row["排位依据"] == "月积分均值"
        assert row["月积分均值"] == pytest.approx(expected.loc[group, "points_mean"])


def test_a_metric_stands_with_its_name_unit_and_digits(book: openpyxl.Workbook) -> None:
    sheet = book["季度指标"]
    header = [cell.value for cell in sheet[HEADER_ROW]]
    metric, change = header.index("指标"), header.index("同比变动")
    body = sheet.iter_rows(min_row=HEADER_ROW + 1)
    price = next(row for row in body if row[metric].value == "单箱销售额" and row[change].value is not None)
    assert price[header.index("单位")].value == "元"
    assert price[header.index("本季")].number_format == "#,##0"
    assert price[change].number_format == "+#,##0.0;-#,##0.0;#,##0.0"


def test_codes_are_put_into_words(book: openpyxl.Workbook) -> None:
    assert {row["归属"] for row in rows(book, "融合面板")} <= {"本组", "共同"}
    assert {row["状态"] for row in rows(book, "融合面板")} <= {"有数", "未报送", "本月无基数"}
    assert "各党小组合并" in {row["范围"] for row in rows(book, "积分与业绩的关系")}


def test_a_metric_that_a_group_does_not_own_has_no_row(book: openpyxl.Workbook) -> None:
    assert not [row for row in rows(book, "融合面板") if row["党小组"] == "专卖综合" and row["指标"] == "销量"]


def test_a_missing_value_is_an_empty_cell(book: openpyxl.Workbook) -> None:
    without = [row for row in rows(book, "融合面板") if row["状态"] != "有数"]
    assert without
    assert all(row["数值"] is None for row in without)


def test_what_was_not_judged_says_why_in_a_sentence(book: openpyxl.Workbook) -> None:
    found = rows(book, "积分与业绩的关系")
    for row in found:
        assert (row["未判断的原因"] is None) == (row["结论"] not in ("数据不够", "不作判断"))


def test_issues_stand_with_their_place_and_without_their_content(book: openpyxl.Workbook) -> None:
    found = rows(book, "问题清单")
    assert [(row["文件"], row["单元格"]) for row in found] == [("quiz.xlsx", "B7"), ("sales.xlsx", "D4")]


def test_every_metric_is_defined(book: openpyxl.Workbook) -> None:
    terms = {row["名称"] for row in rows(book, "口径")}
    assert {metric.label_zh for metric in sample_report().catalog.metrics.values()} <= terms


@pytest.mark.parametrize("lang", SHEETS)
def test_no_name_of_a_person_is_in_the_file(written: dict[str, Path], lang: str) -> None:
    with zipfile.ZipFile(written[lang]) as archive:
        text = "".join(archive.read(name).decode("utf-8") for name in archive.namelist())
    assert [name for name in SECRETS if name in text] == []


def test_the_same_quarter_is_the_same_file(written: dict[str, Path], tmp_path: Path) -> None:
    write_workbook(sample_report(), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == written["zh"].read_bytes()


def test_ranks_stand_where_the_gaps_mean_something(tmp_path: Path) -> None:
    ranked = with_points(sample_report(), 营销管理=60.0, 专卖综合=95.0, 驮卢片区=61.0)
    write_workbook(ranked, tmp_path / "ranked.xlsx")
    found = [
        row for row in rows(openpyxl.load_workbook(tmp_path / "ranked.xlsx"), "积分与位次") if row["季度"] == "2021Q4"
    ]
    told = [(row["党小组"], row["位次"], row["可能的位次"]) for row in found]
    assert told == [("专卖综合", 1, "1"), ("驮卢片区", 2, "2–3"), ("营销管理", 3, "2–3")]


def test_a_change_has_its_unit_and_heavy_tails_have_none(book: openpyxl.Workbook) -> None:
    found = [row for row in rows(book, "季度指标") if row["季度"] == "2021Q4"]
    units = {row["指标"]: row["同比单位"] for row in found}
    assert (units["销量"], units["计划完成率"]) == ("%", "百分点")
    assert {row["同比变动"] for row in found if row["指标"] in ("案值", "查获卷烟")} == {None}


def test_overdue_matters_stand_with_their_source(book: openpyxl.Workbook) -> None:
    found = [(row["事项类别"], row["来源文件"], row["来源行"]) for row in rows(book, "逾期事项")]
    assert found == [("决议", "decisions.xlsx", 3), ("群众意见", "opinions.xlsx", 3)]


def test_ledgers_of_work_stand_by_matter_in_words(book: openpyxl.Workbook) -> None:
    found = [row for row in rows(book, "工作台账") if row["季度"] == "2021Q4" and row["党小组"] == "专卖综合"]
    assert [row["事项"] for row in found] == ["决议", "群众意见", "承诺", "零售户帮扶", "到一线", "无证户整治"]
    decisions, opinions = found[0], found[1]
    assert [decisions[name] for name in ("状态", "到期数 (项)", "按期办结 (项)", "逾期未办 (项)")] == ["有数", 1, 0, 1]
    assert opinions["状态"] == "部分月份未报送"
    assert rows(book, "学习")[-1]["季度"] == "2021Q4"


def test_the_watch_stands_in_sentences(book: openpyxl.Workbook) -> None:
    found = rows(book, "积分失真检查")
    assert {row["结果"] for row in found} == {"需留意", "未见异常", "数据不够"}
    assert next(row for row in found if str(row["说明"]).startswith("A1 "))["检查"] == "满分过多"


def test_every_pair_of_the_appendix_stands_in_the_workbook(book: openpyxl.Workbook) -> None:
    found, pairs = rows(book, "每一对的估计"), every_pair(sample_report())
    assert len(found) == len(pairs) > 10
    assert [row["可用月数 (个月)"] for row in found] == pairs["n_months"].tolist()
    first = pairs.iloc[0]
    assert found[0]["简单 r"] == pytest.approx(first["plain_r"])
    assert found[0]["调整后相关"] == pytest.approx(first["r"])
    assert {row["结论"] for row in found} <= {"数据不够", "看不出关系", "线索", "有证据一起变动", "不作判断"}


def test_the_first_sheet_leads_to_every_other(book: openpyxl.Workbook) -> None:
    links = [cell.hyperlink.location for row in book["首页"].iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]
    for sheet in book.worksheets[1:]:
        (back,) = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
        assert back == "'首页'!A1"


def test_the_first_sheet_holds_key_figures_as_numbers_and_the_reservation(book: openpyxl.Workbook) -> None:
    found = [[cell.value for cell in row] for row in book["首页"].iter_rows()]
    points = next(row for row in found if str(row[0]).startswith("营销管理"))
    assert isinstance(points[1], float)
    assert any("相关不等于因果" in str(row[0]) for row in found)


def test_charts_show_points_attainment_and_every_correlated_metric(book: openpyxl.Workbook) -> None:
    report = sample_report()
    titles = ["".join(run.t for run in chart.title.tx.rich.p[0].r) for chart in charts(book)]
    metrics = [metric.label_zh for metric in report.catalog.metrics.values() if metric.is_correlated]
    owned = {report.label(metric) for group in GROUPS for metric in report.metrics_of(group, only_correlated=True)}
    assert titles[3:] == [label for label in metrics if label in owned]
    assert titles[2] == "目标完成率"
    names = {series.tx.v for chart in charts(book) for series in chart.series}
    assert names == {*GROUPS, "目标"}


def test_charts_stand_on_the_numbers_of_the_tables(book: openpyxl.Workbook) -> None:
    report = sample_report()
    by_month = rows(book, "逐月指标")
    volume = metric_months(report, "营销管理", "volume_xiang")
    assert [row["营销管理 销量（箱）"] for row in by_month] == pytest.approx(volume.tolist(), nan_ok=True)
    assert not [name for name in by_month[0] if "专卖综合 销量" in name]  # not its metric
    attained = {row["指标"]: row for row in rows(book, "目标完成率")}
    for expected in attained_rows(report).itertuples():
        assert attained[expected.label][expected.party_group] == pytest.approx(expected.attained_pct)
    assert {row["目标"] for row in attained.values()} == {100}


def test_an_axis_begins_at_zero_unless_all_is_far_above(book: openpyxl.Workbook) -> None:
    assert _lowest([5.0, 12.0]) is None
    assert _lowest([]) is None
    assert _lowest([7.0, 7.0]) is None
    assert _lowest([23_400.0, 31_200.0]) == 22_000
    assert _lowest([96.4, float("nan"), 109.7]) == 90


@pytest.mark.process
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on the path")
def test_libreoffice_opens_it_unchanged(written: dict[str, Path], tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved")]
    subprocess.run([*command, *map(str, written.values())], check=True, capture_output=True, timeout=180)
    for path in written.values():
        again = tmp_path / "saved" / path.name
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # openpyxl does not read the charts of LibreOffice
            ours, saved = map(openpyxl.load_workbook, (path, again))
        assert saved.sheetnames == ours.sheetnames
        for sheet in ours:
            assert cell_values(saved[sheet.title]) == cell_values(sheet), sheet.title
            assert saved[sheet.title].auto_filter.ref == sheet.auto_filter.ref
        assert charted_cells(again) == charted_cells(path)


def charts(book: openpyxl.Workbook) -> list[Any]:
    """The charts of a workbook; openpyxl offers no other way to read them."""
    page: Any = book["图"]
    return list(page._charts)


def charted_cells(path: Path) -> list[list[str]]:
    """The cells that each chart of a workbook stands on."""
    with zipfile.ZipFile(path) as archive:
        parts = sorted(name for name in archive.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name))
        found = [re.findall(r"<(?:c:)?f>([^<]*)</", archive.read(name).decode("utf-8")) for name in parts]
    return sorted(
        sorted({html.unescape(place).replace("'", "") for place in places if ":" in place}) for places in found
    )


def cell_values(sheet) -> dict[str, object]:
    """What a sheet holds; numbers in fewer than the 15 digits that a spreadsheet program keeps."""
    found = {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}
    return {place: f"{value:.12g}" if isinstance(value, float | int) else value for place, value in found.items()}
