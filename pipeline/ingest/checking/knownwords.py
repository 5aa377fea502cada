"""Words that points are counted by: every spelling of a known one becomes the one that is compared, others are told."""

import re
from collections.abc import Mapping

from pipeline.catalog import Catalog
from pipeline.ingest.cells.days import closing_day
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import compact

# What is told of a word that nobody knows; in other columns it is one of many that nothing depends on.
CODES: Mapping[tuple[str, str], str] = {
    ("activities", "activity_type"): "unknown_activity",
    ("leaves", "leave_type"): "unknown_leave",
    ("pledges", "status"): "unknown_status",
}
SETTLED_BY = {"status": "closed_on"}  # where the day is there, nothing depends on the word

EVENT = "activity_type"  # the column whose cells may say when it was beside what it was
LEAVE = "leave_type"
ROLE = "party_role"  # the column whose cells may list what a member is
_ROLES = re.compile(r"\((?:兼任?|代理?)\)|[、,;/+\n和及]|兼任?")
_QUOTES = re.compile("[“”\"‘’'《》「」『』〈〉]")
_NUMBER = "[0-9一二三四五六七八九十]{1,3}"
# when it was, or which of its kind: 2019年7月份, 第三季度, 一季度, 第2次; 2次 says how many
_SPAN = rf"(?:(?:20[0-9]{{2}}年(?:度)?)?(?:{_NUMBER}月份?|第?{_NUMBER}季度|第{_NUMBER}[次期届])|20[0-9]{{2}}年度?)"
_SPAN_AROUND = re.compile(rf"^{_SPAN}的?|\({_SPAN}\)$|{_SPAN}$")
_ASIDE = re.compile(r"([^()]+)\(([^()]+)\)")
# it did not take place, not then, not all of it, or more than once; a leave of another sort in the end
_LIMITS = re.compile(
    r"[未没不无非拟待半缓停撤暂\d]|取消|终止|中止|作废|计划|筹备|部分|补|延期|顺延|延[后至迟]|推[迟后延]|改期|改[为至到在天日]|[改转][公病产事]|转为"
    r"|下[个次月周季]|(?<!第)[一二两三四五六七八九十几多][次场]|预[定计备]"
)
_SUFFIX = re.compile("活动$|(?<=会)会议$")


def settle_known_words(rows: SheetRows, catalog: Catalog) -> None:
    """Bring the words of a sheet to the spelling that measures compare; blanks inside a word do not matter.

    Nor do quotes around an event, when it was, and 活动 at its end: “主题党日”活动（7月） is 主题党日. Brackets behind
    an event or a leave say more of it (特色活动（送学上门）), unless they take it back (党小组会（改期）). A word that
    says on which day a matter was closed gives that day.

    A word that is no spelling of a known one stays as it is, and is told where points depend on the column: once, at
    its first cell, however often a ledger repeats it. Of a row that is turned down more need not be said.
    """
    table = rows.sheet.kind.table
    _take_days(rows)
    for name, spellings in catalog.wordings_of(table).items():
        if name in rows.values:
            known = {compact(spelling): word for spelling, word in spellings.items()}
            _settle(rows, name, known, CODES.get((table, name), ""))


def _take_days(rows: SheetRows) -> None:
    """Take the day of closing from a word that says it (6月25日完成), where no cell of its own does."""
    for name, ending in SETTLED_BY.items():
        if not {name, ending} <= rows.values.keys():
            continue
        for position, value in enumerate(rows.values[name]):
            if isinstance(value, str) and rows.cell(ending, position) is None:
                rows.values[ending][position] = closing_day(value, rows.context.year)


def _settle(rows: SheetRows, name: str, known: Mapping[str, str], code: str) -> None:
    words = tuple(dict.fromkeys(known.values()))
    values = rows.values[name]
    unknown: dict[str, list[int]] = {}
    settling = rows.values.get(SETTLED_BY.get(name, ""), ())
    left_out = rows.breakdown | rows.rejected | {place for place, value in enumerate(settling) if value is not None}
    for position, value in enumerate(values):
        if not isinstance(value, str):
            continue
        text = compact(value)
        otherwise = OTHERWISE.get(name)
        word = known.get(text) or (otherwise(text, known) if otherwise else None)
        if word is not None:
            values[position] = word
        elif code and position not in left_out:
            unknown.setdefault(compact(value), []).append(position)
    for first, *others in unknown.values():
        rows.fault(code, name, first, " / ".join(words), alike=others)


def _known_event(text: str, known: Mapping[str, str]) -> str | None:
    """Return the known word that a text says beside nothing but when it was; ``None`` for any other text."""
    unquoted = _QUOTES.sub("", text)
    undated = _SPAN_AROUND.sub("", unquoted, count=1)
    tried = (unquoted, undated, _SUFFIX.sub("", undated))
    return next((known[form] for form in tried if form in known), None)


def _known_role(text: str, known: Mapping[str, str]) -> str | None:
    """Return the known one among the roles that a text lists: 支委、党小组长 leads a group, and 副组长 does not."""
    return next((known[role] for role in _ROLES.split(text) if role in known), None)


def _known_beside_aside(text: str, known: Mapping[str, str]) -> str | None:
    """Return the known word before an aside in brackets that neither takes it back nor counts."""
    found = _ASIDE.fullmatch(text)
    return known.get(found[1]) if found and not _LIMITS.search(found[2]) else None


OTHERWISE = {
    EVENT: lambda text, known: _known_event(text, known) or _known_beside_aside(text, known),
    LEAVE: _known_beside_aside,
    ROLE: _known_role,
}
