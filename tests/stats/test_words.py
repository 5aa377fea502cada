"""The words of the five verdicts: complete in both languages, with their numbers, and never a word of cause."""

import re

import numpy as np
import pytest

from pipeline.stats import VERDICTS, assess_relationships
from pipeline.stats.reasons import COUPLED, DROPPED_MONTH, REASONS, TOO_FEW_ROWS
from pipeline.stats.words import NOT_JUDGED, verdict_name, verdict_sentence
from pipeline.stats.xmr import RULES
from pipeline.texts import LANGUAGES, load_texts
from tests.stats.bureaus import make_bureau

CAUSAL = {
    "zh": r"促进|带动|导致|推动|拉动|造成|影响|使得|提升了|带来",
    "en": r"\b(caus\w*|driv\w*|boost\w*|improv\w*|because|due to|effect\w*|impact\w*|thanks to|influenc\w*)\b",
}
JUDGED: dict[str, object] = {
    "r": 0.456,
    "ci_low": 0.123,
    "ci_high": 0.678,
    "n_months": 36,
    "n_pairs": 24,
    "smallest_r": 0.74,
    "lag": 0,
}
JUDGED |= {"reason": ""}


@pytest.fixture(params=LANGUAGES)
def texts(request):
    return load_texts(request.param)


def test_no_text_of_this_room_speaks_of_cause(texts):
    sentences = {key: text for key, text in texts.messages.items() if key.startswith("stats.")}
    assert len(sentences) > 20
    assert {key for key, text in sentences.items() if re.search(CAUSAL[texts.lang], text, re.IGNORECASE)} == set()


def test_every_verdict_has_its_name():
    zh = load_texts("zh")
    names = [verdict_name(verdict, zh) for verdict in VERDICTS]
    assert names == ["数据不够", "看不出关系", "线索", "有证据一起变动", "不作判断"]


@pytest.mark.parametrize("verdict", ["none", "clue", "evidence"])
def test_a_judged_sentence_holds_its_numbers(verdict, texts):
    sentence = verdict_sentence(JUDGED | {"verdict": verdict}).read(texts)
    assert all(number in sentence for number in ("0.46", "0.12", "0.68", "36", "24", "0.74"))


def test_minus_is_the_sign_of_the_page_and_zero_has_none(texts):
    below = JUDGED | {"verdict": "none", "r": -0.234, "ci_low": np.float64(-0.5), "ci_high": -0.001}
    sentence = verdict_sentence(below).read(texts)
    assert "r = −0.23" in sentence
    assert "−0.50" in sentence
    assert "0.00" in sentence
    assert "−0.00" not in sentence
    assert "-0" not in sentence


@pytest.mark.parametrize(("low", "high", "explained"), [(-0.1, 0.5, False), (0.1, 0.5, True), (-0.5, -0.1, True)])
def test_an_interval_without_0_beside_the_verdict_none_is_explained(low, high, explained, texts):
    sentence = verdict_sentence(JUDGED | {"verdict": "none", "ci_low": low, "ci_high": high})
    assert (sentence.key == "stats.sentence.none.interval_without_0") == explained
    assert "0.74" in sentence.read(texts)


def test_the_fixed_words():
    zh = load_texts("zh")
    assert "没看出来，不等于没有" in verdict_sentence(JUDGED | {"verdict": "none"}).read(zh)
    assert "可能是巧合，请勿据此奖惩" in verdict_sentence(JUDGED | {"verdict": "clue"}).read(zh)
    undone = verdict_sentence(JUDGED | {"verdict": "clue", "reason": DROPPED_MONTH}).read(zh)
    assert "去掉其中一个月就不成立" in undone
    assert "不说明谁引起谁" in verdict_sentence(JUDGED | {"verdict": "evidence"}).read(zh)
    assert "2 个月后" in verdict_sentence(JUDGED | {"verdict": "evidence", "lag": 2}).read(zh)
    few = {"verdict": "insufficient", "reason": "too_few_months", "n_months": 3}
    assert verdict_sentence(few).read(zh) == (
        "只有 3 个月，任何结论都可能是巧合：各组合并至少要 24 个月，单看一个组至少要 36 个月。"
    )
    coupled = verdict_sentence({"verdict": "coupled", "reason": COUPLED, "n_months": 38}).read(zh)
    assert coupled == "积分里已包含该业绩，不作判断（n = 38 个月）。"


def test_every_reason_of_a_relationship_is_covered():
    assert set(NOT_JUDGED) == set(REASONS) - {COUPLED, DROPPED_MONTH, TOO_FEW_ROWS}


@pytest.mark.parametrize("reason", NOT_JUDGED)
def test_every_reason_of_a_relationship_has_its_sentence(reason, texts):
    assert verdict_sentence({"verdict": "insufficient", "reason": reason, "n_months": 30}).read(texts)


def test_every_rule_of_the_chart_has_its_words(texts):
    assert all(texts.has(f"stats.xmr.{rule}") for rule in (*RULES, "trial"))


def test_rows_of_the_table_can_be_said_as_they_are(texts):
    table = assess_relationships(*make_bureau(1, metrics=2), coupled=("m1",), resamples=99)
    sentences = [verdict_sentence(row).read(texts) for row in table.to_dict("records")]
    assert len(sentences) == 8
    assert not any("nan" in sentence.lower() or "<na>" in sentence.lower() for sentence in sentences)
