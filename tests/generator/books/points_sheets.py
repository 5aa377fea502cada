"""月积分表: a workbook a month, a sheet a group, two-level header, the group's mean above or below its members."""

from collections.abc import Mapping
from datetime import date

from tests.generator.books.frames import Levels, sign, start_sheet
from tests.generator.printed import PrintedSheet
from tests.generator.records import GroupSpec
from tests.generator.rendering import chinese_month
from tests.generator.sheets import Book, Sheet, Value
from tests.generator.world import World

RESOLUTION = ("落实决议(30)", {"meeting_points": "会议", "study_points": "学习", "decision_points": "决议"})
ACTIVITY = ("特色活动(30)", {"activity_points": "活动", "guidance_points": "帮扶"})
RESULTS = ("工作业绩(40)", {"volume_points": "销量", "revenue_points": "单箱", "enforcement_points": "专卖"})
MEAN = "小组平均"
FILE_NAMES = (  # as three clerks name them
    "{year}年{month}月积分表.xlsx",
    "{year}年{month:02d}月党小组积分表.xlsx",
    "积分表{year}-{month:02d}.xlsx",
)


def build(world: World, printed: Mapping[tuple[str, date], PrintedSheet]) -> list[Book]:
    """Return one workbook a month."""
    return [
        Book(path_of(month), [_group_sheet(spec, printed[spec.party_group, month]) for spec in world.people.groups])
        for month in world.months
    ]


def path_of(month: date) -> str:
    """Return the path of a month's workbook; the way of naming changes every few months."""
    name = FILE_NAMES[(month.year + (month.month - 1) // 4) % len(FILE_NAMES)]
    return "积分/" + name.format(year=month.year, month=month.month)


def _group_sheet(spec: GroupSpec, points: PrintedSheet) -> Sheet:
    blocks = [
        (upper, {column: lower for column, lower in lowers.items() if column in points.means})
        for upper, lowers in (RESOLUTION, ACTIVITY, RESULTS)
    ]
    columns = [column for _, lowers in blocks for column in lowers]
    levels: Levels = [
        "序号",
        "姓名",
        *((upper, list(lowers.values())) for upper, lowers in blocks),
        "加减分",
        "合计",
        "名次",
    ]
    title = f"{points.party_group}党小组{chinese_month(points.month)}积分表"
    sheet = start_sheet(spec.party_group, title, levels)
    mean_first = points.month.year % 3 == 2  # 2021: totals at the top
    if mean_first:
        _add_mean(sheet, points, columns)
    anchors = ("", "member", *columns, "bonus_points", "total_points", "standing")
    totals = [sum(row.values()) + points.bonus for _, row in points.rows]
    for number, ((member, row), total) in enumerate(zip(points.rows, totals, strict=True), start=1):
        standing = 1 + sum(other > total for other in totals)
        values: list[Value] = [
            number,
            member,
            *(row[c] / 100 for c in columns),
            points.bonus / 100,
            total / 100,
            standing,
        ]
        sheet.add_row(values, f"{member} {points.month}", anchors)
    if not mean_first:
        _add_mean(sheet, points, columns)
        sign(sheet)
    return sheet


def _add_mean(sheet: Sheet, points: PrintedSheet, columns: list[str]) -> None:
    """Write the group's mean; its label spans the number and the name, its rank stays blank."""
    means: list[Value] = [points.means[column] / 100 for column in columns]
    anchors = ("label", "", *columns, "bonus_points", "total_points")
    key = f"{MEAN} {points.party_group} {points.month}"
    row = sheet.add_row([MEAN, None, *means, points.bonus / 100, points.total / 100], key, anchors)
    sheet.merge((row, 1), (row, 2))
