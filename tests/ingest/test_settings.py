"""A bureau's own groups, names, attribution, units and rules."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.settings import group_names_of
from tests.hand_made import CATALOG, Rows, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
GROUPS: Rows = [
    ["党小组设置"],
    ["党小组", "职能", "别名", "组长岗位"],
    ["城东", "营销", "东片、东组", "市场经理"],
    ["稽查", "专卖", None, "专卖股长"],
]


def test_without_settings_the_catalog_holds(tmp_path: Path, read: Read) -> None:
    bureau = read(tmp_path).bureau
    assert bureau.name == tmp_path.name
    assert bureau.groups == CATALOG.groups
    assert bureau.rules == CATALOG.rules
    assert bureau.owns("营销管理", "volume_xiang")
    assert not bureau.owns("专卖综合", "volume_xiang")
    assert not bureau.is_synthetic


def test_groups_replace_the_defaults_with_their_attribution(tmp_path: Path, read: Read) -> None:
    write_xlsx(tmp_path / "党小组设置.xlsx", {"设置": GROUPS})
    rows: Rows = [["党小组", "指标", "归属"], ["东片", "立案数", "共享"], ["稽查", "案值", "无"]]
    write_xlsx(tmp_path / "指标归属.xlsx", {"归属": rows})
    reading = read(tmp_path)
    assert reading.issues == ()
    bureau = reading.bureau
    assert list(bureau.groups) == ["城东", "稽查"]
    assert bureau.groups["城东"].aliases == ("东片", "东组")
    assert bureau.aliases["东组"] == "城东"
    assert bureau.attribution["城东", "cases_filed"] == "shared"
    assert not bureau.owns("稽查", "case_value_yuan")
    assert bureau.owns("稽查", "inspections")


def test_general_settings(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["项目", "内容"],
        ["单位名称", "甲局"],
        ["党支部名称", "甲支部"],
        ["示例数据", "是"],
        ["销量单位", "条"],
    ]
    write_xlsx(tmp_path / "单位设置.xlsx", {"设置": rows})
    sales: Rows = [["单位", "本月/销量", "本月/同期", "本月/销售额(元)"], ["营销组", 500, 250, 90_000]]
    write_xlsx(tmp_path / "2019年1月销售月报.xlsx", {"1月": sales})
    reading = read(tmp_path)
    assert reading.issues == ()
    assert (reading.bureau.name, reading.bureau.branch, reading.bureau.is_synthetic) == ("甲局", "甲支部", True)
    assert reading.tables["sales_by_group_month"]["volume_xiang"].tolist() == [2.0]


@pytest.mark.parametrize(
    ("file", "rows", "cell"),
    [
        ("单位设置.xlsx", [["项目", "内容"], ["颜色", "红"]], "A2"),
        ("党小组设置.xlsx", [["党小组", "职能", "别名"], ["城东", "后勤", None]], "B2"),
        ("名称对照.xlsx", [["别名", "标准名称"], ["东片", "城东"]], "B2"),
        ("指标归属.xlsx", [["党小组", "指标", "归属"], ["营销管理", "幸福感", "自有"]], "B2"),
        ("指标归属.xlsx", [["党小组", "指标", "归属"], ["营销管理", "销量", "大概"]], "C2"),
    ],
)
def test_a_wrong_row_is_an_issue_and_the_default_stays(
    tmp_path: Path, read: Read, file: str, rows: Rows, cell: str
) -> None:
    write_xlsx(write_bureau(tmp_path) / file, {"设置": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("wrong_setting", cell)]
    assert reading.bureau.groups == CATALOG.groups
    assert reading.bureau.attribution["营销管理", "volume_xiang"] == "own"


def test_a_known_group_of_no_known_function_keeps_its_own(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["党小组", "职能", "别名"], ["营销管理", "销售", "城区"], ["稽查", "专卖", None]]
    write_xlsx(tmp_path / "党小组设置.xlsx", {"设置": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("wrong_setting", "B2")]
    assert {group.party_group: group.function for group in reading.bureau.groups.values()} == {
        "营销管理": "marketing",
        "稽查": "enforcement",
    }
    assert reading.bureau.aliases == {"城区": "营销管理"}


def test_a_group_is_also_called_a_group(tmp_path: Path, read: Read) -> None:
    rows = [["党小组", "职能"], ["城东", "营销"], ["第一党小组", "专卖"], ["稽查", "专卖"], ["稽查组", "片区"]]
    write_xlsx(tmp_path / "党小组设置.xlsx", {"设置": rows})
    names = group_names_of(read(tmp_path).bureau)
    called = ("城东", "城东组", "城东党小组", "第一组", "第一小组", "稽查", "稽查组", "稽查党小组", "第一")
    found = ["城东", "城东", "城东", "第一党小组", "第一党小组", "稽查", "稽查组", None, None]
    assert [names.get(name) for name in called] == found
