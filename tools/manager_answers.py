"""Ten questions that a manager asks of the sample report, answered from the tables of the run and never from the page.

    python -m tools.manager_answers data/processed/sample/2021Q4 > tests/manager_questions.md

``tests/browser/test_manager_questions.py`` compares the file with the tables, and looks each answer up on the page, in
the section that is named for it.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

QUARTER = pd.Period("2021Q4", freq="Q")
GROUP = "营销管理"
VERDICTS = ("evidence", "clue", "none")
HEAD = """# 十个问题 / Ten questions

给第一次打开示例报告 `report.html`（2021年四季度，示例数据）的管理人员：只看这一页，逐题作答。
答案由 `python -m tools.manager_answers` 从数据表算出，测试逐题到页面上核对。

*For a manager who opens the report of the synthetic sample bureau for the first time: answer each from the page alone.
The answers are computed from the tables of the run; a test looks each of them up on the page.*
"""


@dataclass(frozen=True)
class Answer:
    """A question, its answer, the id of the section that holds it, and the words that must stand there."""

    question: str
    answer: str
    section: str
    words: tuple[str, ...]


class Tables:
    """The tables of one quarter, read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str, *, of_quarter: bool = False) -> pd.DataFrame:
        """Return a table, or its rows of the quarter alone."""
        frame = pd.read_parquet(self._folder / f"{name}.parquet")
        return frame[frame["quarter"].astype(str) == str(QUARTER)] if of_quarter else frame


def answers(tables: Tables) -> Iterator[Answer]:
    """Yield the ten answers in the order of the questions."""
    questions: tuple[Callable[[Tables], Answer], ...] = (
        _who_has_not_submitted,
        _which_group_leads,
        _what_moved,
        _volume,
        _cases,
        _unlicensed,
        _together,
        _volume_and_points,
        _overdue,
        _one_month,
    )
    for question in questions:
        yield question(tables)


def as_markdown(found: Iterator[Answer]) -> str:
    """Return questions and answers as the text of ``tests/manager_questions.md``."""
    parts = [HEAD]
    for number, one in enumerate(found, start=1):
        lead = f"{number}. "
        parts.append(f"{lead}{one.question}\n\n{' ' * len(lead)}**{one.answer}** (`#{one.section}`)\n")
    return "\n".join(parts)


def _who_has_not_submitted(tables: Tables) -> Answer:
    submissions = tables("submissions")
    lacking = submissions[(submissions["state"] == "missing") & submissions["month"].isin(_months())]
    lines = [f"{_month(row.month)}未报：{_workbook(row)}" for row in lacking.sort_values("month").itertuples()]
    return Answer("本季度谁还有台账没有报？", "；".join(lines) + "。", "completeness", tuple(lines))


def _workbook(row: object) -> str:
    label, group = row.kind_label, row.party_group  # type: ignore[attr-defined]
    return f"{label}（{group}）" if group else str(label)


def _which_group_leads(tables: Tables) -> Answer:
    standings = tables("standings_by_group_quarter", of_quarter=True).set_index("party_group")["quarter_score"]
    first, last = standings.max(), standings.min()
    said = f"{standings.idxmax()} {first:.1f} 分，最低 {last:.1f} 分；有党小组台账不全，不能直接比，不排名次。"
    words = ("有党小组台账不全，不排名次", f"{last:.1f} 分到 {first:.1f} 分", f"{first:.1f}")
    return Answer("哪个党小组的季度得分最高？能说它领先吗？", said, "standings", words)


def _what_moved(tables: Tables) -> Answer:
    standings = tables("standings_by_group_quarter", of_quarter=True).set_index("party_group")
    moves = tables("score_moves", of_quarter=True)
    own = moves[moves["party_group"] == GROUP].sort_values("position").head(3)
    items = [f"{row['item']} {_signed(row['change_points'], 1)}" for row in _records(own)]
    change = _signed(float(standings["change_points"][GROUP]), 1)
    question = f"{GROUP}的月积分均值比上季变动多少？哪三项变动最大？"
    words = (change, *(item.split()[0] for item in items), *(item.split()[1] for item in items))
    return Answer(question, f"{change} 分；{'，'.join(items)}。", "standings", words)


def _volume(tables: Tables) -> Answer:
    rows = _metric(tables, "volume_xiang")
    sold, plan, before = (float(rows[name].sum()) for name in ("value", "target", "last_year"))
    rate, change = f"{100 * sold / plan:.1f}%", f"{_signed(100 * (sold / before - 1), 1)}%"
    said = f"{sold:,.1f} 箱，完成计划 {rate}，同比 {change}。"
    return Answer("全局本季销量多少？完成计划多少？比去年同期呢？", said, "metrics", (f"{sold:,.1f} 箱", rate, change))


def _cases(tables: Tables) -> Answer:
    rows = _metric(tables, "cases_filed")
    now, before = (int(rows[name].sum()) for name in ("value", "last_year"))
    said = f"{now} 起，去年同期 {before} 起。"
    return Answer("全局本季立案几起？去年同期几起？", said, "metrics", (f"{now} 起", f"{before} 起"))


def _unlicensed(tables: Tables) -> Answer:
    row = next(row for row in _records(_metric(tables, "unlicensed_on_time_pct")) if row["party_group"] == "驮卢片区")
    change = f"{_signed(row['change'], 1)} 个百分点"
    said = f"{row['value']:.1f}%，同比 {change}。"
    question = "驮卢片区的无证户整治办结率是多少？比去年同期变动多少？"
    return Answer(question, said, "metrics", (f"{row['value']:.1f}%", change))


def _together(tables: Tables) -> Answer:
    rows = tables("relationships")
    counts = rows["verdict"].value_counts()
    best = _records(rows[(rows["verdict"] == "evidence") & (rows["scope"] == "pooled")])[0]
    assert best["metric"] == "new_product_shelf_rate_pct", "the question names another result"
    evidence, clue, none = (int(counts.get(name, 0)) for name in VERDICTS)
    said = (
        f"新品上柜率（各组合并 r = {best['r']:.2f}，业绩晚 {best['lag']} 个月）；共有证据 {evidence} 对、"
        f"线索 {clue} 对、看不出关系 {none} 对。一起变动不等于因果。"
    )
    words = (f"有证据一起变动 {evidence} 对", f"线索 {clue} 对", f"r = {best['r']:.2f}", f"业绩晚 {best['lag']} 个月")
    return Answer("积分和哪项业绩有证据一起变动？能说是积分的作用吗？", said, "relations", words)


def _volume_and_points(tables: Tables) -> Answer:
    rows = _records(tables("relationships"))
    row = next(row for row in rows if (row["scope"], row["metric"]) == ("pooled", "volume_xiang"))
    assert row["verdict"] == "none", "the question expects no relation"
    said = f"看不出关系（各组合并 r = {row['r']:.2f}，{row['n_months']} 个月）；没看出来不等于没有。"
    return Answer("积分高的月份，销量也高吗？", said, "relations", ("看不出关系", f"{row['r']:.2f}", "不等于没有"))


def _overdue(tables: Tables) -> Answer:
    overdue = tables("overdue")
    longest = _records(overdue.sort_values("days_overdue_d", kind="stable"))[-1]
    days = f"{int(longest['days_overdue_d']):,}"
    said = f"{len(overdue)} 项；最长 {days} 天，{longest['party_group']}。"
    words = (f"{len(overdue)} 项", days, str(longest["party_group"]))
    return Answer("逾期未办结的有几项？最长逾期多少天，是哪个党小组的？", said, "overdue", words)


def _one_month(tables: Tables) -> Answer:
    panel = tables("panel")
    month = pd.Period("2020-02", freq="M")
    own = panel[(panel["party_group"] == GROUP) & (panel["metric"] == "volume_xiang")]
    value = float(own.loc[own["month"].astype(str) == str(month), "value"].iloc[0])
    said = f"{value:.1f} 箱。"
    return Answer(f"{GROUP} 2020年2月卖了多少箱？", said, "months", ("2020年2月", f"{value:.1f}"))


def _records(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows of a table, each by the names of its columns."""
    return frame.to_dict("records")


def _metric(tables: Tables, metric: str) -> pd.DataFrame:
    rows = tables("metrics_by_group_quarter", of_quarter=True)
    return rows[rows["metric"] == metric]


def _months() -> list[str]:
    return [str(pd.Period(QUARTER.start_time, freq="M") + step) for step in range(3)]


def _month(month: object) -> str:
    return f"{int(str(month)[5:])}月"


def _signed(value: float, digits: int) -> str:
    text = f"{abs(value):,.{digits}f}"
    return f"{'−' if value < 0 else '+'}{text}"


if __name__ == "__main__":
    sys.stdout.write(as_markdown(answers(Tables(Path(sys.argv[1])))))
