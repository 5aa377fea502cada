"""The catalog: it loads, and a wrong entry fails with its file and line."""

import shutil
from pathlib import Path

import pytest

from pipeline.catalog import CatalogError, load_catalog, read_catalog
from pipeline.catalog.loader import DATA


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def edit(folder: Path, name: str, old: str, new: str) -> int:
    """Replace ``old`` by ``new`` in a data file; return the line where it stood."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_default_rule_book_is_the_one_of_the_domain() -> None:
    catalog = load_catalog()
    full: dict[str, float] = {}
    for rule in catalog.rules:
        if catalog.categories[rule.category].weight is not None:
            assert rule.cap_month is not None
            full[rule.category] = full.get(rule.category, 0.0) + rule.cap_month
    assert full == {"A": 30.0, "B": 30.0, "C": 40.0}  # domain.md section 3
    assert [rule.item for rule in catalog.rules if rule.metric] == ["C1", "C2", "C3", "C4", "C5", "C6"]
    weights = {term.name: term.value for term in catalog.terms_of("quarter_score")}
    assert weights == {"points_mean": 0.7, "committee_score": 0.15, "mutual_score": 0.15}
    assert [(term.name, term.lower, term.upper) for term in catalog.terms_of("star")] == [
        ("5", 90.0, 100.0),
        ("4", 80.0, 90.0),
        ("3", 70.0, 80.0),
        ("2", 60.0, 70.0),
    ]


def test_a_rule_of_the_default_book_says_where_it_stands() -> None:
    rule = load_catalog().rules[0]
    assert (rule.item, rule.source_file, rule.source_row) == ("A1", "rules.csv", 2)


def test_every_group_function_has_every_metric_attributed() -> None:
    catalog = load_catalog()
    stated = {(entry.function, entry.metric) for entry in catalog.attribution}
    functions = {group.function for group in catalog.groups.values()}
    assert stated == {(function, metric) for function in functions for metric in catalog.metrics}


def test_units_convert_as_in_the_trade() -> None:
    units = load_catalog().units
    assert units["xiang"].factor / units["tiao"].factor == 250  # 1 箱 = 250 条
    assert units["xiang"].factor / units["jian"].factor == 5  # 1 箱 = 5 件
    assert units["jian"].factor / units["tiao"].factor == 50  # 1 件 = 50 条


def test_input_tables_end_with_their_lineage() -> None:
    catalog = load_catalog()
    names = [column.column for column in catalog.columns_of("cases")]
    assert names[0] == "case_no"
    assert names[-4:] == ["source_file", "source_sheet", "source_row", "source_cell"]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "columns.csv",
            "cases,filed_on,立案日期,Filed on,,date",
            "cases,filed_on,立案日期,Filed on,,datum",
            "expected one of",
        ),
        ("columns.csv", "pledges,member", "plegdes,member", "no table 'plegdes'"),
        ("kinds.csv", "opinions,群众意见台账", "quiz,群众意见台账", "stands already"),
        ("synonyms.csv", "cases,case_no,立案号", "cases,case_number,立案号", "no column"),
        ("measures.csv", "closed_on<=filed_on+90d", "closed_on<=field_on+90d", "no column"),
        ("metrics.csv", "plan_rate_pct,,up", "plan_rat_pct,,up", "no measure 'plan_rat_pct'"),
        ("rules.csv", "95:6;85:4;75:2", "95:6;85-4", "threshold:points"),
        ("rules.csv", "95:6;85:4;75:2", "95:6;95:4", "stands twice"),
        ("rules.csv", "95:6;85:4;75:2", "96:6;85-95:4", "[95, 96) falls into no band"),
        ("rules.csv", "95:6;85:4;75:2", "95-100:6;85-96:4", "[95, 96) falls into two bands"),
        ("rules.csv", "默认1.0,2018-11,M1,member", "默认1.0,2018-11,M1,person", "expected one of"),
        ("terms.csv", "star,5", "stars,5", "expected one of"),
        ("terms.csv", "tie,deductions", "tie,C", "stands already"),
        ("measures.csv", "presence=absent,member", "presence=absent,person", "no column"),
        ("topics.csv", "new_product_shelf_rate_pct", "new_shelf_rate_pct", "no metric"),
        ("terms.csv", "0.70", "lots", "could not convert"),
        ("templates.csv", "guidance,retailer_no", "guidance,shop_no", "no column"),
        ("templates.csv", "*,pct,", "*,percent,", "no dtype 'percent'"),
        ("templates.csv", "@pledge_kept", "@pledge_held", "no class of words 'pledge_held'"),
        ("terms.csv", "0.70", "nan", "finite"),
        ("terms.csv", "Committee score,0.15", "Committee score,-0.15", "expected 0 or more"),
        ("rules.csv", "默认1.0,2018-11,A1", "默认1.0,2018-13,A1", "effective month '2018-13'"),
        ("rules.csv", "默认1.0,2018-11,A1", "默认1.0,2018年11月,A1", "effective month"),
        ("rules.csv", "group_meetings,each,6,,,6", "group_meetings,each,six,,,6", "could not convert"),
        (
            "columns.csv",
            "quiz_results,score,得分,Score,points,number,0,100",
            "quiz_results,score,得分,Score,points,number,0,all",
            "bound 'all'",
        ),
        (
            "columns.csv",
            "quiz_results,score,得分,Score,points,number,0,100",
            "quiz_results,score,得分,Score,points,number,100,0",
            "no value lies",
        ),
        (
            "columns.csv",
            "held_on,日期,Date,,date,2000-01-01",
            "held_on,日期,Date,,date,2000-13-01",
            "bound '2000-13-01'",
        ),
        ("columns.csv", "held_on,日期,Date,,date,2000-01-01", "held_on,日期,Date,,date,2200-01-01", "no value lies"),
        ("columns.csv", "activities,theme,主题,Theme,,text,,", "activities,theme,主题,Theme,,text,1,", "has none"),
        (
            "columns.csv",
            "quiz_results,score,得分,Score,points",
            "quiz_results,score,得分,Score,pionts",
            "no unit 'pionts'",
        ),
        ("columns.csv", "activities,theme,主题", ",theme,主题", "no table ''"),
        ("measures.csv", "Group meetings,times", "Group meetings,tiems", "no unit 'tiems'"),
        ("measures.csv", "closed_on<=due_on", "closed_on>=due_on", "clause 'closed_on>=due_on'"),
        ("measures.csv", "activity_type=主题党日", "activity_type", "clause 'activity_type'"),
        ("measures.csv", "expected-excused_count", "expected*excused_count", "joined by + and -"),
        ("measures.csv", "filed_on+90d,,,,", "filed_on+90,,,,", "expected a column"),
        (
            "kinds.csv",
            "卷烟销售月报,Monthly sales report,sales_by_group_month",
            "卷烟销售月报,Monthly sales report,sales",
            "no table 'sales'",
        ),
        ("kinds.csv", "monthly,no,10", "monthly,no,soon", "invalid literal"),
        ("kinds.csv", "monthly,no,10", "monthly,no,", "due_days None"),
        ("synonyms.csv", "cases,case_no,立案号", "casse,case_no,立案号", "no kind 'casse'"),
        ("units.csv", "jian,cigarettes,件,10000", "jian,cigarettes,件,0", "expected more than 0"),
        ("categories.csv", "Work performance,group,40", "Work performance,group,45", "sum to 105"),
        (
            "tables.csv",
            "trainings,培训台账,Training ledger,input,,yes,member",
            "trainings,培训台账,Training ledger,input,,yes,memebr",
            "no column",
        ),
        ("row_sums.csv", "cases,total_wansticks,genuine_tiao", "cases,total_wansticks,geniune_tiao", "no column"),
        ("wordings.csv", "activities,activity_type,党小组会", "activities,typ,党小组会", "no column"),
        ("wordings.csv", "@leader_role", "@leader_rol", "no class of words 'leader_rol'"),
        ("row_ratios.csv", "revenue_yuan,volume_xiang", "revenue_yuan,volume", "no column"),
        ("row_limits.csv", "activities,present", "activities,presnt", "no column"),
        ("vocabularies.csv", "@own", "@owned", "no class of words 'owned'"),
        ("groups.csv", "营销管理,marketing", "营销管理,sales", "expected one of"),
        (
            "units.csv",
            "he,cigarettes,盒,20,1 盒 = 20 支",
            "he,cigarettes,盒,20,1 盒, 20 支",
            "more fields than columns",
        ),
        ("units.csv", "he,cigarettes,盒,20,1 盒 = 20 支", "he,cigarettes,盒", "too short"),
    ],
)
def test_a_wrong_entry_fails_with_file_and_line(folder: Path, name: str, old: str, new: str, said: str) -> None:
    line = edit(folder, name, old, new)
    with pytest.raises(CatalogError, match=f"{name}:{line}") as caught:
        read_catalog(folder)
    assert said in str(caught.value)


def test_a_missing_column_of_a_data_file_is_named(folder: Path) -> None:
    edit(folder, "units.csv", "unit,family", "unit,famliy")
    with pytest.raises(CatalogError, match=r"units\.csv:1"):
        read_catalog(folder)


def test_weights_that_do_not_make_one_whole_are_told(folder: Path) -> None:
    edit(folder, "terms.csv", "0.70", "0.75")
    last = edit(folder, "terms.csv", "Mutual review score,0.15", "Mutual review score,0.15")
    with pytest.raises(CatalogError, match=rf"terms\.csv:{last}: weights of quarter_score sum to 1\.05: expected 1"):
        read_catalog(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "units.csv").unlink()
    with pytest.raises(CatalogError, match=r"units\.csv: no such file"):
        read_catalog(folder)


def test_an_empty_file_and_one_in_another_encoding_are_named(folder: Path) -> None:
    (folder / "row_sums.csv").write_bytes(b"")
    with pytest.raises(CatalogError, match=r"row_sums\.csv:1"):
        read_catalog(folder)
    (folder / "row_sums.csv").write_bytes("table,total,parts\n合计,甲,乙\n".encode("gb18030"))
    with pytest.raises(CatalogError, match=r"row_sums\.csv:2: not utf-8"):
        read_catalog(folder)


def test_a_repeated_header_of_a_data_file_is_no_other_column(folder: Path) -> None:
    edit(folder, "units.csv", "unit,family,label", "unit,unit,label")
    with pytest.raises(CatalogError, match=r"units\.csv:1"):
        read_catalog(folder)


def test_the_fingerprint_follows_the_content_but_not_the_line_ends(folder: Path) -> None:
    before = read_catalog(folder).fingerprint
    path = folder / "words.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_catalog(folder).fingerprint == before
    edit(folder, "words.csv", "total,合计,", "total,合计数,")
    assert read_catalog(folder).fingerprint != before
