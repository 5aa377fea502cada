"""The words that tell rows apart: totals, notes, 其中, empty marks; what was decided is remembered text by text."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.wordforms import compact, header_form, plain

MAX_TOTAL_LABEL = 12  # characters; a longer text that ends in 合计 is a sentence
_NOTE = re.compile(r"[(\[]?(?:附?注|备注|说明)[\d一二三四五六七八九十]*[)\]]?(?:[:.、]|$)|[*※★]|\[\d+\]|第\d+页")
_PAGE = re.compile(r"第\s*\d+\s*页")  # 第3页，共3页 below an export, often beside 打印人：…
_LABEL = re.compile(r":\s*\Z|[\u4e00-\u9fff]\s*:")  # 书记：, 考核组成员：张三
_NOWHERE = r"(?!)"
_MINUSES = "−‐"  # `plain` writes them as "-", NFKC alone does not


class RowWords:
    """Row words of one vocabulary; ``also`` are further words that make a text worth a closer look."""

    def __init__(self, words: Mapping[str, frozenset[str]], also: Iterable[str] = ()) -> None:
        self._totals = words["total"]
        self._derived = words["derived"]
        self._among = tuple(words["among"])
        self._footers = tuple(sorted(words["footer"]))
        self._empty = words["empty"]
        spoken = self._totals | self._derived | words["among"] | words["footer"]
        self._hollow, self._suspect = _hollow(self._empty), _suspect(spoken)
        self._also = tuple(sorted({compact(word).removesuffix(":") for word in also} - {""}))
        self._plain: dict[str, bool] = {}

    def is_plain(self, text: str) -> bool:
        """Tell whether a cell as stored holds no word of a total, a note or a heading, holds no label (书记：) and
        no mark for "empty".

        It errs on one side only: a text that holds none may be called not plain, never the other way round.
        """
        known = self._plain.get(text)
        if known is None:
            form = text if unicodedata.is_normalized("NFKC", text) else plain(text)
            is_suspect = self._suspect.search(form) or self._hollow.match(form) or _PAGE.search(form)
            known = is_suspect is None and _LABEL.search(form) is None
            if known and self._also:  # other words on each sheet: too many to compile a pattern for each
                written = compact(form)
                known = not any(word in written for word in self._also)
            self._plain[text] = known
        return known

    def is_total_word(self, text: str) -> bool:
        """Tell whether a compact text is a total word and nothing else."""
        return text in self._totals or text in self._derived

    def is_total(self, label: str) -> bool:
        """Tell whether a compact label is that of a total, 合计, 一季度小计, 合计(箱), 合计：2起, or of a row that
        compares one: 增减额.
        """
        bare = header_form(label).partition(":")[0]
        return self.is_total_word(bare) or (len(bare) <= MAX_TOTAL_LABEL and bare.endswith(tuple(self._totals)))

    def is_among(self, label: str) -> bool:
        """Tell whether a compact label begins with 其中."""
        return label.startswith(self._among)

    def footer_word(self, text: str) -> str | None:
        """Return the word by which a compact text is a note, a signature line or the number of a page; ``None`` when it
        has none.
        """
        if page := _PAGE.match(text):
            return page[0]
        spoken = [word for word in self._footers if f"{text}:".startswith(word) or (":" in text and word in text)]
        return min(spoken, key=text.find, default=None)

    def is_note(self, text: str) -> bool:
        """Tell whether a compact text starts like a note anywhere: 注1：…, *…, 资料来源：…, 制表人：…"""
        return _NOTE.match(text) is not None or self.footer_word(text) is not None

    def is_empty(self, cell: Cell | CellError) -> bool:
        """Tell whether a cell holds a mark for "nothing": 无, —, /."""
        return isinstance(cell, str) and compact(cell) in self._empty


@lru_cache(maxsize=1)  # the words of one catalog
def _suspect(words: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern for any of some words; one that is found nowhere where there are none."""
    return re.compile("|".join(map(_spelt, sorted(words - {""}))) or _NOWHERE)


@lru_cache(maxsize=1)  # the words of one catalog
def _hollow(empty: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern for texts of nothing but white space and marks for "nothing"."""
    marks = "".join(sorted({re.escape(mark) for word in empty for mark in word}))
    return re.compile(f"[\\s{_MINUSES}{marks}]*\\Z")


def _spelt(word: str) -> str:
    """Return a pattern for a compact word as people write it: 合 计; a colon at its end may be missing."""
    return r"\s*".join(map(re.escape, word.removesuffix(":")))
