"""The words by which rows are told apart."""

import pytest

from pipeline.ingest.layouts.rowwords import RowWords
from pipeline.ingest.wordforms import compact
from tests.hand_made import VOCABULARY

WORDS = RowWords(VOCABULARY.words, {"落实决议(30)"})


@pytest.mark.parametrize(
    "text",
    [
        "合计",
        "合　计",
        "一季度小 计",
        "其 中：城区",
        "负责人签字：",
        "第 3 页",
        "注：略",
        "落实决议（30）",
        "—",
        " － ",
        "无",
        "",
    ],
)
def test_a_text_with_a_word_gets_a_closer_look(text: str) -> None:
    assert not WORDS.is_plain(text)


@pytest.mark.parametrize("text", ["张三", "左烟立[2019]第5号", "某镇5号（东）", "2019-1-8", "无证运输"])
def test_a_text_without_one_is_plain(text: str) -> None:
    assert WORDS.is_plain(text)


@pytest.mark.parametrize(
    ("label", "is_total"),
    [("合计", True), ("一季度小计", True), ("合计(箱)", True), ("合计:2起", True), ("设计", False), ("", False)],
)
def test_totals(label: str, is_total: bool) -> None:
    assert WORDS.is_total(label) is is_total


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("制表人:", "制表人"),
        ("负责人签字:制表人:", "负责人"),
        ("注:略", "注:"),
        ("支部书记签字:", "签字"),
        ("数据来源:统计局", "数据来源"),
        ("张三", None),
    ],
)
def test_the_first_word_of_a_note_is_its_evidence(text: str, word: str | None) -> None:
    assert WORDS.footer_word(text) == word


@pytest.mark.parametrize("text", ["注1:口径", "*含估计数", "※见上", "[1]略", "注", "资料来源:海关"])
def test_notes_of_statistics_tables(text: str) -> None:
    assert WORDS.is_note(text)


@pytest.mark.parametrize("text", ["注册企业", "备注栏", "[甲]类"])
def test_labels_that_only_look_like_notes(text: str) -> None:
    assert not WORDS.is_note(text)


@pytest.mark.parametrize(
    "label", ["小計", "總計", "合計", "共計", "累計", "平均數", "本頁合計", "一季度小計", "總 計(箱)"]
)
def test_traditional_characters_are_totals_too(label: str) -> None:
    assert WORDS.is_total(compact(label))
    assert not WORDS.is_plain(label)
