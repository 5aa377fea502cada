"""What a drop-down offers: the bureau's names, the catalog's closed words, and suggestions that do not bind."""

from dataclasses import replace

import pytest

from pipeline.ingest.templates.choices import Choices, choices_of, first_word
from pipeline.ingest.templates.subject import Subject, subject_of
from tests.hand_made import CATALOG

DESCRIBED = {(entry.kind, entry.column): entry for entry in CATALOG.templates}
NOBODY = subject_of(None, CATALOG)
STAFFED = replace(NOBODY, roster=({"member": "张三"}, {"member": "李四"}, {"member": "张三"}))


def offered(kind: str, column: str, subject: Subject = NOBODY) -> Choices | None:
    entry = CATALOG.kinds[kind]
    found = next(c for c in CATALOG.columns if (c.table, c.column) == (entry.table, column))
    return choices_of(entry, found, DESCRIBED, CATALOG, subject)


@pytest.mark.parametrize(
    ("kind", "column", "words", "closed"),
    [
        ("activities", "party_group", ("营销管理", "专卖综合", "驮卢片区"), True),
        ("attribution", "attribution", ("自有", "共享", "无"), True),
        ("party_groups", "function", ("营销", "专卖", "片区"), True),
        ("rule_book", "scheme", ("each", "bands", "bands_each", "rate", "attain", "sum", "veto"), True),
        ("rule_book", "scope", ("党小组", "党员", "两者"), True),
        ("rule_terms", "version", ("默认1.0",), False),
        ("points_ledger", "item", ("D1", "D2", "D3", "D4", "M4", "M8", "V1"), True),
        ("points_ledger", "subject", ("营销管理", "专卖综合", "驮卢片区"), False),
        ("corrections", "item", tuple(sorted(rule.item for rule in CATALOG.rules)), True),
        ("mutual_review_items", "review_item", ("党小组会", "支部党员大会", "党课"), False),
        ("cases", "is_courier", ("是", "否"), True),
        ("activities", "has_record", ("有", "无"), True),
        ("unlicensed", "remedy", ("办证", "劝退", "取缔"), False),
    ],
)
def test_what_is_offered(kind: str, column: str, words: tuple[str, ...], closed: bool) -> None:
    assert offered(kind, column) == Choices(words, closed)


def test_members_are_offered_once_where_there_is_a_roster() -> None:
    assert offered("training", "member") is None
    assert offered("training", "member", STAFFED) == Choices(("张三", "李四"), closed=True)
    assert offered("roster", "member", STAFFED) is None  # new members are written there
    subjects = offered("points_ledger", "subject", STAFFED)
    assert subjects == Choices(("营销管理", "专卖综合", "驮卢片区", "张三", "李四"), closed=True)


def test_every_name_that_a_term_may_have_is_offered() -> None:
    names = offered("rule_terms", "name")
    assert names is not None
    assert {term.label_zh for term in CATALOG.terms} <= set(names.words)
    assert {"落实决议", "案件按期办结率"} <= set(names.words)
    assert "学习笔记篇数" in names.words  # of members and, summed, of their group
    assert "答题成绩(每场取最高)" not in names.words  # single results say nothing of a group


def test_every_activity_that_counts_is_offered() -> None:
    types = offered("activities", "activity_type")
    assert types is not None
    counted = {
        clause.partition("=")[2]
        for measure in CATALOG.measures.values()
        for clause in measure.filter.split(";")
        if clause.startswith("activity_type=")
    }
    assert counted <= set(types.words)


def test_quarters_are_written_with_their_year() -> None:
    quarters = offered("quarter_assessment", "quarter")
    assert quarters is not None
    assert quarters.words[:5] == ("2018年一季度", "2018年二季度", "2018年三季度", "2018年四季度", "2019年一季度")
    assert not quarters.closed


def test_the_first_word_of_a_class_is_the_one_to_write() -> None:
    assert (first_word("yes", CATALOG), first_word("own", CATALOG)) == ("是", "自有")
