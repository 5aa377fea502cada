"""The workbooks by which a bureau says who it is: settings, groups, other names, attribution, rules and their terms."""

from pipeline.catalog import Rule, Term, load_catalog
from tests.generator.books.frames import BRANCH, BUREAU, merge_runs, start_sheet
from tests.generator.sheets import Book, Sheet, Value
from tests.generator.world import World

FUNCTION_NAMES = {"marketing": "营销", "enforcement": "专卖", "territory": "片区"}
NO_BASE_NAMES = {"zero": "记零", "leave_out": "不计"}
SCOPE_NAMES = {"group": "党小组", "member": "党员", "both": "两者"}
RULE_LEVELS = (
    *("版本", "生效月份", "编码", "适用对象", "类别", "项目", "计量", "计分方式"),
    *("分值", "分档", "目标", "月封顶", "季封顶", "关联指标", "无基数时", "考核人", "该项记零"),
)
TERM_LEVELS = ("版本", "事项", "名称", "数值", "下限", "上限")
TERM_NAMES = {
    "quarter_score": "季度考核",
    "annual_score": "年度总评",
    "star": "评星",
    "parameter": "参数",
    "tie": "并列次序",
    "model_group": "模范党小组",
}
WEIGHT_TERM = "类别权重"
VERSION = "示例1.0"
ATTRIBUTION_NAMES = {"own": "自有", "shared": "共享", "none": "无"}


def build(world: World) -> list[Book]:
    """Return six workbooks of one sheet each."""
    sheets = {
        "单位设置": _settings(),
        "党小组设置": _groups(world),
        "名称对照": _aliases(world),
        "指标归属": _attribution(world),
        "积分细则": _rules(world),
        "考核办法": _terms(),
    }
    return [Book(f"设置/{name}.xlsx", [sheet]) for name, sheet in sheets.items()]


def _settings() -> Sheet:
    sheet = start_sheet("设置", "单位设置", ["项目", "内容"])
    for row in (
        ("单位名称", BUREAU),
        ("党支部名称", BRANCH),
        ("示例数据", "是"),
        ("销量单位", "箱"),
        ("金额单位", "元"),
        ("公示姓名", "否"),
        ("公示联系方式", "纪检委员办公室（示例，不留电话）"),
    ):
        sheet.add_row(row)
    return sheet


def _groups(world: World) -> Sheet:
    sheet = start_sheet("党小组", "党小组设置", ["党小组", "职能", "别名", "组长岗位"])
    for spec in world.people.groups:
        aliases = "、".join((*spec.other_names, *filter(None, [spec.sales_unit])))
        sheet.add_row((spec.party_group, FUNCTION_NAMES[spec.function], aliases, spec.leader_post))
    return sheet


def _aliases(world: World) -> Sheet:
    """Return the departments that case ledgers and inspection reports name, and the group each stands for."""
    sheet = start_sheet("对照", "名称对照", ["表内写法", "标准名称"])
    for spec in world.people.groups:
        for name in dict.fromkeys((spec.office, spec.inspection_unit)):
            if name:
                sheet.add_row((name, spec.party_group))
    return sheet


def _attribution(world: World) -> Sheet:
    catalog = load_catalog()
    entries = {(entry.function, entry.metric): entry.attribution for entry in catalog.attribution}
    sheet = start_sheet("归属", "指标归属", ["党小组", "指标", "归属"])
    first = sheet.next_row
    for spec in world.people.groups:
        for metric in catalog.metrics.values():
            attribution = ATTRIBUTION_NAMES[entries[spec.function, metric.metric]]
            sheet.add_row((spec.party_group, metric.label_zh, attribution))
    merge_runs(sheet, 1, first, sheet.next_row - 1)
    return sheet


def _rules(world: World) -> Sheet:
    """Return the default rule book as the catalog states it, under a version of the bureau's own."""
    sheet = start_sheet("细则", "积分细则", RULE_LEVELS)
    first = world.months[0]
    for rule in load_catalog().rules:
        sheet.add_row((VERSION, f"{first.year}年{first.month}月", *rule_cells(rule)))
    return sheet


def _terms() -> Sheet:
    """Return the default terms as the catalog states them, for the bureau's own version."""
    catalog = load_catalog()
    sheet = start_sheet("办法", "考核办法", TERM_LEVELS)
    first = sheet.next_row
    for category in catalog.categories.values():
        if category.weight is not None:
            sheet.add_row((VERSION, WEIGHT_TERM, category.label_zh, category.weight))
    for term in catalog.terms:
        sheet.add_row((VERSION, *term_cells(term)))
    merge_runs(sheet, TERM_LEVELS.index("事项") + 1, first, sheet.next_row - 1)
    return sheet


def term_cells(term: Term) -> tuple[Value, ...]:
    """Return a term as the columns of `TERM_LEVELS` after its version."""
    return (TERM_NAMES[term.term], term.label_zh, term.value, term.lower, term.upper)


def rule_cells(rule: Rule) -> tuple[Value, ...]:
    """Return a rule as the columns of `RULE_LEVELS` after its version and first month."""
    bands = ";".join(f"{threshold:g}:{points:g}" for threshold, points in rule.bands)
    return (
        rule.item,
        SCOPE_NAMES[rule.scope],
        rule.category,
        rule.label_zh,
        rule.measure,
        rule.scheme,
        rule.points,
        bands or None,
        rule.target or None,
        rule.cap_month,
        rule.cap_quarter,
        rule.metric or None,
        NO_BASE_NAMES[rule.when_no_base],
        rule.assessor or None,
        "是" if rule.zeroes_item else None,
    )
