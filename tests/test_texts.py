"""Every sentence stands in Chinese and in English, is used, and takes the same placeholders in both."""

from pathlib import Path

import pytest

from pipeline.texts import MissingText, Texts, add_entries, load_texts
from tests import text_rules

ROOT = Path(__file__).resolve().parent.parent


def assert_none(broken: list[str]) -> None:
    assert not broken, "\n".join(["", *broken])  # all of them, however many


@pytest.fixture(scope="module")
def catalogs() -> text_rules.Catalogs:
    return text_rules.read_catalogs(ROOT / "pipeline" / "texts")


@pytest.fixture(scope="module")
def keys(catalogs: text_rules.Catalogs) -> set[str]:
    return {key for by_language in catalogs.values() for sentences in by_language.values() for key in sentences}


@pytest.fixture(scope="module")
def uses() -> text_rules.Uses:
    folders = (ROOT / "pipeline", ROOT / "notebooks")
    return text_rules.find_uses([path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()])


def po(sentences: dict[str, str]) -> str:
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return header + "\n".join(f'msgid "{key}"\nmsgstr "{text}"\n' for key, text in sentences.items())


def test_both_languages_say_the_same(catalogs: text_rules.Catalogs) -> None:
    assert catalogs
    assert_none(text_rules.mismatches(catalogs))


def test_every_sentence_is_in_its_language(catalogs: text_rules.Catalogs) -> None:
    assert_none(text_rules.untranslated(catalogs))


@pytest.mark.parametrize(
    ("zh", "en", "faults"),
    [
        ("积分 {n} 分", "{n} points", 0),
        ("r = {r}", "r = {r}", 0),
        ("Points of the month", "Points of the month", 1),
        ("当月积分", "当月积分", 1),
        ("党小组", "one of 党小组, 党员", 0),
    ],
)
def test_a_sentence_left_in_the_other_language_is_noticed(zh: str, en: str, faults: int) -> None:
    assert len(text_rules.untranslated({"room": {"zh": {"a.b": zh}, "en": {"a.b": en}}})) == faults


def test_no_sentence_speaks_of_cause(catalogs: text_rules.Catalogs) -> None:
    assert_none(text_rules.causal(catalogs))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "积分带动销量。"),
        ("zh", "学习导致上柜率上升。"),
        ("zh", "积分引起业绩变动。"),
        ("en", "Points drive sales."),
        ("en", "Sales rose due to the points."),
        ("en", "More learning leads to more sales."),
    ],
)
def test_a_causal_sentence_is_noticed(language: str, sentence: str) -> None:
    assert len(text_rules.causal({"room": {language: {"a.b": sentence}}})) == 1


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh", "一起变动，不说明谁引起谁。"), ("en", "Correlation is not causation."), ("en", "{because}: {cause}")],
)
def test_a_denial_and_a_placeholder_are_no_causal_sentences(language: str, sentence: str) -> None:
    assert text_rules.causal({"room": {language: {"a.b": sentence}}}) == []


def test_every_allowed_phrase_is_needed(catalogs: text_rules.Catalogs) -> None:
    said = {
        lang: "\n".join(text for languages in catalogs.values() for text in languages[lang].values())
        for lang in text_rules.LANGUAGES
    }
    assert [p for lang in text_rules.LANGUAGES for p in text_rules.ALLOWED_PHRASES[lang] if p not in said[lang]] == []


def test_every_key_that_code_names_exists(uses: text_rules.Uses, keys: set[str]) -> None:
    assert_none(text_rules.unknown(uses, keys))


def test_every_key_is_used(uses: text_rules.Uses, keys: set[str]) -> None:
    assert_none(text_rules.unused(uses, keys))


@pytest.mark.parametrize("lang", text_rules.LANGUAGES)
def test_the_loader_reads_every_domain(catalogs: text_rules.Catalogs, lang: str) -> None:
    assert dict(load_texts(lang).messages) == {
        key: text for by_language in catalogs.values() for key, text in by_language[lang].items()
    }


def test_a_key_has_one_sentence() -> None:
    known: dict[str, str] = {}
    add_entries("a.zh.po", po({"a.b": "甲"}), known)
    for catalog in (po({"a.c": "丙", "a.b": "乙"}), po({"a.d": "丁"}) + '\nmsgid "a.d"\nmsgstr "戊"\n'):
        with pytest.raises(ValueError, match=r"b\.zh\.po: the key 'a\.[bd]' is defined twice"):
            add_entries("b.zh.po", catalog, known)


@pytest.mark.parametrize(
    "entry",
    [
        'msgctxt "x"\nmsgid "a.b"\nmsgstr "甲"\n',
        'msgid "a.b"\n# why\nmsgstr "甲"\n',
        'msgid "a.b\nmsgstr "甲"\n',
        'msgid "a.b"\nmsgstr "甲" 乙\n',
        'msgid "a.b"\nmsgstr ""\n# why\n"甲"\n',
        ' msgid "a.b"\n msgstr "甲"\n',
        "msgid\n",
    ],
)
def test_what_is_no_entry_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match=r"a\.zh\.po: expected nothing but msgid and msgstr"):
        add_entries("a.zh.po", po({"a.a": "乙"}) + "\n" + entry, {})


@pytest.mark.parametrize("text", [r"\v", r"\101", "\t", 'a"b'])
def test_what_is_no_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"a\.zh\.po: expected a text in quotes"):
        add_entries("a.zh.po", f'msgid "a.b"\nmsgstr "{text}"\n', {})


def test_a_long_sentence_and_its_escapes_are_read() -> None:
    known: dict[str, str] = {}
    add_entries("a.zh.po", '# why\nmsgid "a.b"\nmsgstr ""\n"一\\n"\n"\\"二\\"\u2028 \\\\"', known)
    assert known == {"a.b": '一\n"二"\u2028 \\'}


def test_a_sentence_takes_its_values() -> None:
    texts = Texts("zh", {"greeting.morning": "{name},早上好"})
    assert texts("greeting.morning", name="小李") == "小李,早上好"
    assert texts.has("greeting.morning")
    assert not texts.has("greeting.evening")


def test_an_unknown_key_and_an_unknown_language_are_refused() -> None:
    with pytest.raises(MissingText, match=r"'greeting\.evening' in language 'zh'"):
        Texts("zh", {})("greeting.evening")
    with pytest.raises(ValueError, match="unknown language 'de': expected one of zh, en"):
        load_texts("de")


@pytest.mark.parametrize(
    ("zh", "en", "fault"),
    [
        ({"a.b": "甲"}, {}, "room: a.b is missing in en"),
        ({}, {"a.b": "x"}, "room: a.b is missing in zh"),
        ({"a.b": "甲"}, {"a.b": ""}, "room: a.b is empty"),
        ({"a.b": "{seen}"}, {"a.b": "{expected}"}, "room: a.b has other placeholders in en than in zh"),
        ({"a.b": "{}"}, {"a.b": "{}"}, "room: a.b has a brace that names nothing"),
        ({"a.b": "{0}"}, {"a.b": "{0}"}, "room: a.b has a brace that names nothing"),
        ({"a.b": "{seen"}, {"a.b": "{seen}"}, "room: a.b has a brace that names nothing"),
    ],
)
def test_a_mismatch_is_noticed(tmp_path: Path, zh: dict[str, str], en: dict[str, str], fault: str) -> None:
    (tmp_path / "room.zh.po").write_text(po(zh), encoding="utf-8")
    (tmp_path / "room.en.po").write_text(po(en), encoding="utf-8")
    assert text_rules.mismatches(text_rules.read_catalogs(tmp_path)) == [fault]


def test_a_missing_language_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "room.zh.po").write_text(po({"a.b": "甲"}), encoding="utf-8")
    assert text_rules.mismatches(text_rules.read_catalogs(tmp_path)) == ["room: a.b is missing in en"]


def test_uses_are_found_in_code_templates_and_data(tmp_path: Path) -> None:
    code = (
        'self.texts("a.called")',
        'texts("b.yes" if x else "b.no")',
        'texts(f"issue.{code}")',
        'refuse("too_big", "a.literal")',
    )
    (tmp_path / "module.py").write_text("\n".join(code), encoding="utf-8")
    (tmp_path / "page.html.j2").write_text("<p>{{ texts('a.template') }}</p>", encoding="utf-8")
    (tmp_path / "codes.csv").write_text("code,severity\nbad_month,error\n", encoding="utf-8")
    uses = text_rules.find_uses(sorted(tmp_path.iterdir()))

    known = {"a.called", "b.yes", "b.no", "a.literal", "a.template", "issue.too_big", "issue.bad_month"}
    assert text_rules.unknown(uses, known) == []
    assert text_rules.unused(uses, known) == []

    assert text_rules.unknown(uses, known - {"a.called", "a.template"}) == [
        "module.py:1: a.called",
        "page.html.j2: a.template",
    ]
    assert text_rules.unused(uses, known | {"a.forgotten", "issue.forgotten", "other.too_big"}) == [
        "a.forgotten",
        "issue.forgotten",
        "other.too_big",
    ]
