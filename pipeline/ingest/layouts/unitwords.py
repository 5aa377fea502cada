"""Which units a text above or below a table speaks of: 单位：箱、元, 数量：万支 金额：元, 以万支计, （箱、万元）."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from pipeline.catalog import Unit
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import REMEMBERED, brackets_of, compact

SEPARATORS = re.compile(r"[、,，/;:和及]|\s")
MAX_UNIT = 4  # characters of a unit; a longer text is an explanation that happens to end like one
# 编制单位, 填报单位, 定点单位 and 报送单位 are offices
_CUE = re.compile(r"(?<![制报定送])单位|数量|金额|销量|销售额|案值")
_SENTENCES = re.compile(r"[。；;\n]")
_CLAUSES = re.compile(r"[，,（(]")
_END = re.compile(r"[。()\n]")  # nothing behind it belongs to the cue before it
_PRICE = re.compile(r"(?:单箱|单条|单价|均价)[^，,；;、。:]{0,6}:?元/(?:箱|件|条|万支)")  # 单箱：元/箱
_LEADING = re.compile(r"^[:;,、为是用以按均]+")  # 单位为箱
_TRAILING = re.compile(r"(?:计|统计|计算|为单位)$")  # 数量以万支计


@dataclass(frozen=True)
class Heard:
    """The units that a text states, those that it only hints at (销量换算为万支), and families of unknown ones (大箱).

    A hint is no statement, but one that does not agree with the unit used is a contradiction.
    """

    stated: tuple[Unit, ...] = ()
    hinted: tuple[Unit, ...] = ()
    unknown: frozenset[str] = frozenset()

    def speaks_of(self, family: str) -> bool:
        """Tell whether the text says anything of the units of a family."""
        return family in self.unknown or any(unit.family == family for unit in (*self.stated, *self.hinted))

    def contradicts(self, used: Unit, factor: float) -> bool:
        """Tell whether the text speaks of another unit than the one with ``factor`` to ``used``."""
        spoken = [unit.factor / used.factor for unit in (*self.stated, *self.hinted) if unit.family == used.family]
        return used.family in self.unknown or any(other != factor for other in spoken)


def hear_all(texts: Iterable[str], vocabulary: Vocabulary) -> Heard:
    """Return what several texts say together."""
    heard = [hear(text, vocabulary) for text in texts]
    return Heard(
        tuple(unit for one in heard for unit in one.stated),
        tuple(unit for one in heard for unit in one.hinted),
        frozenset().union(*(one.unknown for one in heard)),
    )


@lru_cache(maxsize=REMEMBERED)
def of_whole_table(note: str, vocabulary: Vocabulary) -> str:
    """Return what a note says of the whole table: 金额单位：元，另附按万元填报的报表 states 元 alone.

    A clause about a part or another table (其中进口烟以条计，见附表) is left out with those that go on from it.
    """
    words = vocabulary.words["part_of_table"]
    if not any(word in note for word in words):
        return note
    kept = []
    for sentence in _SENTENCES.split(note):
        clauses = _CLAUSES.split(sentence)
        kept.append("，".join(takewhile(lambda clause: not any(word in clause for word in words), clauses)))
    return "。".join(kept)


@lru_cache(maxsize=REMEMBERED)
def hear(text: str, vocabulary: Vocabulary) -> Heard:
    """Return what one text says of units: behind 单位, 金额 and the like, in 以万支计, or in a bracket of its own."""
    units, form = vocabulary.units, _plain(text)
    patterns = _patterns(vocabulary)
    stated, hinted, unknown = [], [], set()
    for part, is_of_unit in _parts_behind_cues(form):
        if patterns.only.fullmatch(part):
            stated += [units[label] for label in patterns.one.findall(part)]
        elif found := patterns.hint.search(part):
            hinted.append(units[found[1]])
        elif is_of_unit and len(part) <= MAX_UNIT and (ending := patterns.ending.search(part)):
            unknown.add(units[ending[0]].family)
    for found in patterns.counted.finditer(form):
        stated += [units[label] for label in patterns.one.findall(found[1])]
    for bracket in brackets_of(text):
        parts = SEPARATORS.split(bracket)
        stated += [units[part] for part in parts if set(parts) <= units.keys()]
    return Heard(tuple(dict.fromkeys(stated)), tuple(dict.fromkeys(hinted)), frozenset(unknown))


def _plain(text: str) -> str:
    """Return a compact text without the price of a case, whose unit is a quotient, and units by their short names."""
    form = _PRICE.sub("", compact(text))
    return form.replace("人民币元", "元").replace(
        "标准箱", "箱"
    )  # a 标准箱 is the 箱 of 5 万支 that every report means


def _parts_behind_cues(form: str) -> Iterable[tuple[str, bool]]:
    """Yield what is listed behind every cue of a compact text, and whether the cue is 单位 itself."""
    cues = list(_CUE.finditer(form))
    ends = [cue.start() for cue in cues[1:]]
    for cue, end in zip(cues, [*ends, len(form)][: len(cues)], strict=True):
        listed = _END.split(form[cue.end() : end])[0]
        for part in SEPARATORS.split(_LEADING.sub("", listed)):
            yield _TRAILING.sub("", part), cue[0] == "单位"


@dataclass(frozen=True)
class _Patterns:
    """Patterns of the units of one vocabulary: one unit, nothing but units, and so on."""

    one: re.Pattern[str]
    only: re.Pattern[str]
    hint: re.Pattern[str]
    ending: re.Pattern[str]
    counted: re.Pattern[str]


@lru_cache(maxsize=4)  # few vocabularies live at a time
def _patterns(vocabulary: Vocabulary) -> _Patterns:
    one = "|".join(sorted(map(re.escape, vocabulary.units), key=len, reverse=True))
    listed = rf"(?:{one})(?:[、,/和及]?(?:{one}))*"
    return _Patterns(
        one=re.compile(one),
        only=re.compile(rf"(?:{one})+"),
        hint=re.compile(rf"(?:^|[为是用成以按作])({one})$"),  # not 500箱, 单箱 or 案件
        ending=re.compile(rf"(?:{one})$"),
        counted=re.compile(rf"[以按]({listed})(?:为(?:计量)?单位|统计|填[报列]|计[算量]?(?![\u4e00-\u9fff]))"),
    )
