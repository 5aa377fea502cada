"""The bureau's own settings, rules and terms: entries that nobody can follow."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from pipeline.catalog import Rule, load_catalog
from tests.generator.books.frames import start_sheet
from tests.generator.books.settings import RULE_LEVELS, TERM_LEVELS, rule_cells
from tests.generator.mistakes.planting import Ground, Planter, Spot
from tests.generator.sheets import Book, Sheet, Value

REVISED_RULES = "设置/积分细则（修订）.xlsx"
REVISED_TERMS = "设置/考核办法（修订）.xlsx"
QUARTER_PARTS = ("积分均值", "支委评分", "互评得分")


def _append(part: str, values: tuple[Value, ...], wrong: int, note: str, ground: Ground) -> Spot:
    """Add a row to a settings workbook; ``wrong`` counts the column of the mistake from 1."""
    book = ground.book(part)
    sheet = book.sheets[0]
    row = ground.append(book, sheet, values)
    return ground.mark(book, sheet, (row, wrong), note)


def _misname_function(ground: Ground) -> Spot:
    """What the last group is there for is written in a word that nobody knows."""
    book = ground.book("党小组设置")
    sheet = book.sheets[0]
    position = (sheet.next_row - 1, 2)
    right = sheet.cells[position]
    sheet.cells[position] = "站所"
    return ground.mark(book, sheet, position, f"应为{right}")


def _attribute(metric: str, attribution: str, column: int, ground: Ground) -> Spot:
    """Attribute a metric to the first group in a way that is not known."""
    group = ground.world.people.groups[0].party_group
    return _append("指标归属", (group, metric, attribution), column, f"{metric}：{attribution}", ground)


def _revise(header: str, wrong: Value, item: str, ground: Ground) -> Spot:
    """Add a version of the rule book whose rule for ``item`` holds a mistake under ``header``.

    Each mistake has a version of its own: a version with a fault is out of use as a whole.
    """
    sheet, version = _next_version(ground)
    values = dict(zip(RULE_LEVELS, (version, "2030年1月", *rule_cells(_rule(item))), strict=True))
    row = sheet.add_row([*(values | {header: wrong}).values()])
    book = ground.book(REVISED_RULES)
    return ground.mark(book, sheet, (row, RULE_LEVELS.index(header) + 1), f"{header}应为{values[header]}")


def _repeat_rule(ground: Ground) -> Spot:
    """One version has two different rules for the same item."""
    sheet, version = _next_version(ground)
    rule = _rule("C1")
    for points in (rule.points, 9):
        sheet.add_row((version, "2030年1月", *rule_cells(replace(rule, points=points))))
    book = ground.book(REVISED_RULES)
    return ground.mark(book, sheet, (sheet.next_row - 1, RULE_LEVELS.index("编码") + 1), "同一编码两条规则")


def _next_version(ground: Ground) -> tuple[Sheet, str]:
    """Return the sheet of revised rules and a version that it does not hold."""
    sheet = _revised(REVISED_RULES, "细则", "积分细则（修订）", RULE_LEVELS, ground)
    return sheet, f"示例2.{sheet.next_row}"


def _revised(path: str, name: str, title: str, levels: Sequence[str], ground: Ground) -> Sheet:
    """Return the sheet of a workbook of revisions, begun where it was not."""
    books = [book for book in ground.books if book.path == path]
    if not books:
        books.append(ground.add(Book(path, [start_sheet(name, title, levels)])))
    return books[0].sheets[0]


def _state(rows: Sequence[tuple[Value, ...]], wrong: tuple[int, str], note: str, ground: Ground) -> Spot:
    """Add a version with one right rule and some terms, of which ``wrong`` (row from 0, header) holds the mistake."""
    rules, version = _next_version(ground)
    rules.add_row((version, "2030年1月", *rule_cells(_rule("A1"))))
    return _write_terms(version, rows, wrong, note, ground)


def _state_without_rules(ground: Ground) -> Spot:
    """Terms are stated for a version that no rule book has."""
    return _write_terms("示例9.9", [("参数", "党员基础分", 60)], (0, "版本"), "积分细则没有这一版", ground)


def _write_terms(
    version: str, rows: Sequence[tuple[Value, ...]], wrong: tuple[int, str], note: str, ground: Ground
) -> Spot:
    sheet = _revised(REVISED_TERMS, "办法", "考核办法（修订）", TERM_LEVELS, ground)
    written = [sheet.add_row((version, *row)) for row in rows]
    number, header = wrong
    return ground.mark(ground.book(REVISED_TERMS), sheet, (written[number], TERM_LEVELS.index(header) + 1), note)


def _rule(item: str) -> Rule:
    return next(rule for rule in load_catalog().rules if rule.item == item)


SETTINGS: Mapping[str, Planter] = {
    "wrong_setting.unknown_setting": partial(_append, "单位设置", ("行政区划", "示例县"), 1, "没有这一项"),
    "wrong_setting.neither_yes_nor_no": partial(_append, "单位设置", ("示例数据", "也许"), 2, "应为是或否"),
    "wrong_setting.unknown_unit": partial(_append, "单位设置", ("销量单位", "大箱"), 2, "没有这种单位"),
    "wrong_setting.function_of_known_group": _misname_function,
    "wrong_setting.unknown_function": partial(_append, "党小组设置", ("综合服务", "后勤"), 2, "没有这种职能"),
    "wrong_setting.alias_of_nobody": partial(_append, "名称对照", ("办公室", "综合办"), 2, "没有这个党小组"),
    "wrong_setting.unknown_metric": partial(_attribute, "利润", "自有", 2),
    "wrong_setting.unknown_attribution": partial(_attribute, "销量", "一半", 3),
    "duplicate_key.setting": partial(_append, "单位设置", ("单位名称", "另一县局"), 1, "已有这一项"),
    "duplicate_key.alias": partial(_append, "名称对照", ("稽查队", "驮卢片区"), 1, "已有这个写法"),
    "wrong_setting.unknown_category": partial(_revise, "类别", "Z", "A1"),
    "wrong_setting.unknown_base": partial(_revise, "无基数时", "看情况", "A3"),
    "bad_month.of_a_rule": partial(_revise, "生效月份", "2030年13月", "A1"),
    "bad_number.points_of_a_rule": partial(_revise, "分值", "六分", "A1"),
    "missing_value.item_of_a_rule": partial(_revise, "编码", None, "A1"),
    "wrong_setting.unknown_measure": partial(_revise, "计量", "开会次数", "A1"),
    "wrong_setting.unknown_scheme": partial(_revise, "计分方式", "按次", "A1"),
    "wrong_setting.bands_overlap": partial(_revise, "分档", "95:6;95:4;75:2", "A2"),
    "wrong_setting.bands_in_words": partial(_revise, "分档", "95以上6分", "A2"),
    "missing_rule_part.no_points": partial(_revise, "分值", None, "A1"),
    "missing_rule_part.no_bands": partial(_revise, "分档", None, "A2"),
    "missing_rule_part.no_target": partial(_revise, "目标", None, "C1"),
    "rule_needs_rate.a_count": partial(_revise, "计量", "党小组会次数", "A3"),
    "low_cap.below_one_award": partial(_revise, "月封顶", 0.6, "A1"),
    "out_of_range.points_of_a_rule": partial(_revise, "分值", 600, "A1"),
    "repeated_rule.other_points": _repeat_rule,
    "wrong_setting.day_of_objections": partial(_append, "单位设置", ("公示截止日期", "待定"), 2, "不是日期"),
    "wrong_setting.unknown_scope": partial(_revise, "适用对象", "支部", "A1"),
    "rule_mismatch.category_of_members": partial(_revise, "类别", "党员积分", "A1"),
    "band_gap.published_stars": partial(_revise, "分档", "75-85:2;85-95:4;96-100:6", "A2"),
    "band_overlap.two_ranges": partial(_revise, "分档", "75-85:2;80-95:4;95-100:6", "A2"),
    "wrong_term.unknown_class": partial(_state, [("附则", "党员基础分", 60)], (0, "事项"), "没有这类事项"),
    "wrong_term.unknown_parameter": partial(_state, [("参数", "最高分", 100)], (0, "名称"), "没有这个参数"),
    "missing_value.of_a_term": partial(_state, [("参数", "党员基础分", None)], (0, "数值"), "未填数值"),
    "terms_do_not_sum.quarter": partial(
        _state,
        [("季度考核", part, weight) for part, weight in zip(QUARTER_PARTS, (0.7, 0.15, 0.05), strict=True)],
        (2, "数值"),
        "各部分相加应为1",
    ),
    "band_gap.between_stars": partial(
        _state, [("评星", "五星", None, 96, 100), ("评星", "四星", None, 90, 95)], (0, "下限"), "95到96之间没有星级"
    ),
    "band_overlap.of_stars": partial(
        _state, [("评星", "五星", None, 90, 100), ("评星", "四星", None, 80, 91)], (0, "下限"), "90到91之间两个星级"
    ),
    "repeated_rule.term": partial(
        _state, [("参数", "党员基础分", 60), ("参数", "党员基础分", 55)], (1, "名称"), "同一参数两个数值"
    ),
    "terms_without_rules.other_version": _state_without_rules,
}
