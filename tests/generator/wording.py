"""What invented people write into themes, topics and remarks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from tests.generator.records import Activity, FrontlineVisit, GuidanceVisit

Record = TypeVar("Record", Activity, FrontlineVisit, GuidanceVisit)

TOPICS = {  # the article's topics of group meetings, by the work a group does
    "marketing": ("节日营销", "新品上柜", "品牌培育", "大户治理"),
    "enforcement": ("无证户整治", "寄递监管", "大户治理", "节日市场检查"),
    "territory": ("新品上柜", "无证户整治", "节日营销", "寄递监管"),
}
FEATURES = {
    "marketing": ("新品上柜攻坚日", "党员示范柜台", "节日营销先锋行动", "零售户座谈会"),
    "enforcement": ("法规宣传进市场", "打假先锋行动", "寄递网点联合走访", "案卷互评互学"),
    "territory": ("圩日服务队", "党员结对帮带", "边远村屯送货服务", "法规宣传进村屯"),
}
THEME_DAYS = ("重温入党誓词", "学习党章党规", "红色教育基地参观", "志愿服务", "廉政案例学习", "专题党课")
EDUCATION = ("我心目中的党小组长", "如何结合岗位开展活动", "对党忠诚主题教育")
REPORTS = ("党员示范岗风采", "片区服务小故事", "打假先锋剪影", "小组工作经验")
DECISIONS = {
    "节日营销": "落实节日货源投放与客户走访",
    "新品上柜": "完成新品铺货与陈列检查",
    "品牌培育": "组织重点品牌宣传",
    "大户治理": "核查大户订单并约谈",
    "无证户整治": "清理无证经营户并分类处置",
    "寄递监管": "走访寄递网点并签订承诺",
    "节日市场检查": "开展节日市场专项检查",
}

OPINION_SOURCES = ("走访", "座谈", "电话", "意见箱")
OPINIONS = (
    ("货源", "希望增加畅销规格供应"),
    ("配送", "希望调整送货时间"),
    ("服务", "客户经理走访次数少"),
    ("宣传", "希望多讲解法规政策"),
    ("市场", "反映周边无证经营"),
    ("结算", "扣款提醒不及时"),
)
SATISFACTION = ("满意", "满意", "满意", "基本满意", "一般")
PROBLEMS = (
    ("陈列不规范", "已现场调整"),
    ("新品不了解", "已讲解并试订"),
    ("库存偏高", "指导合理订货"),
    ("明码标价不全", "已补齐价签"),
    ("不会使用订货平台", "已手把手教会"),
)
PLACES = ("示例镇一街", "示例镇二街", "示例乡圩市", "河口村", "山前村", "新村路口")
TOWNSHIPS = ("示例镇", "河口乡", "山前乡", "新村镇")
MATTERS = ("市场走访", "送货跟车", "法规宣传", "帮助零售户盘点", "节日值守")
CAUSES = ("无证运输", "无证经营", "未在当地进货", "销售非法生产卷烟", "寄递夹带")
SOURCES = ("日常检查", "群众举报", "网格排查")
REMEDIES = ("办证", "劝退", "取缔")
TRAINING_MODES = ("以会代训", "短期培训", "以老带新")
PLEDGES = ("每月走访零售户不少于十户", "当天回复零售户咨询", "带头完成岗位任务", "结对帮带一名新同志", "节日坚守一线")
POSTS = ("党员示范岗", "政策宣传岗", "服务监督岗", "安全生产岗")
DUTY_AREAS = ("一号责任区", "二号责任区", "三号责任区", "四号责任区")
GROUNDS = {
    "D1": "先进集体表彰",
    "D2": "零售户有责投诉",
    "D3": "特色活动记录与实际不符",
    "D4": "活动台账迟报",
    "M8": "服务态度被投诉属实",
    "V1": "安全生产责任事故",
}
AWARD_LEVELS = {2: "县局", 3: "市局", 5: "区局"}

NOTES = ("党章学习笔记", "专卖法规笔记", "营销案例笔记", "廉政学习笔记", "安全知识笔记", "党史学习笔记")
LEADER_DUTIES = {"主持党小组会": 25, "落实支部决议": 25, "组织特色活动": 20, "谈心谈话": 15, "台账报送": 15}
REVIEW_ITEMS = ("党小组会", "支部党员大会", "党课")
MODEL_CONDITION = "年度得分80分以上、按月召开党小组会、无弄虚作假、无一票否决"
FREE_POST = "矛盾调解岗"  # in the list of duties, but nobody has it
POST_DUTIES = {  # (what a post is there for, the standard), by post
    "党员示范岗": (("亮身份、亮承诺", "佩戴党徽上岗"), ("带头完成岗位任务", "月任务完成率100%")),
    "政策宣传岗": (("宣传专卖法规", "每月不少于一次"), ("讲解货源政策", "新政策一周内讲到户")),
    "服务监督岗": (("回访零售户", "每月不少于十户"), ("跟踪意见办结", "期限前三天提醒")),
    "安全生产岗": (("检查消防和用电", "每周一次"), ("行车安全提醒", "每次出车前")),
    FREE_POST: (("调解零售户纠纷", "七日内调解"), ("登记矛盾线索", "当日登记")),
}

APPROVED_LEAVE = ("公假", "病假", "学习")
OTHER_LEAVE = "事假"


def tell_apart(records: Iterable[Record], name: str) -> tuple[Record, ...]:
    """Number the text ``name`` of every record that equals an earlier one: two visits, not one entered twice."""
    seen: Counter[Record] = Counter()
    told = []
    for record in records:
        seen[record] += 1
        numbered: dict[str, Any] = {name: f"{getattr(record, name)}（之{seen[record]}）"}
        told.append(record if seen[record] == 1 else replace(record, **numbered))
    return tuple(told)
