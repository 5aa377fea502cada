import pytest

from pipeline.ingest.files.refusals import Refused
from pipeline.ingest.files.textfiles import MAX_DELIMITERS, check_width, ends_in_a_line, find_delimiter, read_text_rows


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b;c,d", ","),
        ("a;b;c,d", ";"),
        ("a\tb,c\td", "\t"),
        ("姓名\n张三", ","),
        ("", ","),
        ("姓名，得分\n张三，95\n", "，"),
        ("姓名|得分\n张三|95\n", "|"),
        ("姓名\t金额\n张三\t1,234,567\n李四\t2,345,678\n", "\t"),  # more commas than tabs
        ("张三;1,234,567\n李四;2,345,678\n", ";"),  # in every line alike
        ("姓名,备注\n张三,借调；转入，待定\n李四,甲，乙，丙\n", ","),
        ('姓名,备注\n张三,"甲;乙;丙"\n李四,"丁;戊;己"\n', ","),
        ("一月台账，请各组，按时，报送\n序号,姓名,得分\n1,张三,95\n2,李四,96\n", ","),
        ("单位;金额\n城区;1,5\n驮卢;2,5\n", ";"),  # decimals with a comma
        ("sep=;\na,b,c;d,e\n", ";"),
        ("SEP=|\r\na,b|c,d\r\n", "|"),
        ("sep=\t\na,b\tc,d\n", "\t"),
    ],
)
def test_the_delimiter_that_the_lines_agree_on(text: str, delimiter: str) -> None:
    assert find_delimiter(text) == delimiter


def test_the_line_that_names_the_delimiter_is_no_row() -> None:
    assert read_text_rows("sep=;\r\n姓名;得分\r\n") == [("姓名", "得分")]
    assert read_text_rows("sep=表;x\n") == [("sep=表", "x")]


def test_cells_are_the_text_that_stands_there() -> None:
    text = '编号,姓名,备注\r\n007, 张 三 ,"一,二\r\n三 ""四"""\r\n\r\n,\u3000,\r\n1e5,NA,None\r\n'
    assert read_text_rows(text) == [
        ("编号", "姓名", "备注"),
        ("007", " 张 三 ", '一,二\r\n三 "四"'),
        (),
        (),
        ("1e5", "NA", "None"),
    ]


@pytest.mark.parametrize("length", [32_768, 200_000])
def test_a_field_longer_than_a_cell_is_refused(length: int) -> None:
    with pytest.raises(Refused) as caught:
        read_text_rows("a,b\n" + "x" * length + ",1\n")
    assert (caught.value.reason.code, caught.value.reason.values) == ("long_field", {"line": 2})


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ("姓名,职务,得分\n张三,经理,95\n", False),
        ("姓名,职务,得分\n张三,经理,95", False),  # many a program ends so
        ("姓名,职务,得分\n张三,经理,9", False),  # which nobody can tell from the one above
        ("姓名,职务,得分\n张三,经理,95\n制表人：李四", False),
        ("姓名,职务,得分\n张三,经理,95\n李四,经", True),
        ("姓名\t职务\t得分\r张三\t经理\t95\r李四\t", True),
        ("姓名", False),
        ("", False),
    ],
)
def test_a_text_that_breaks_off_in_a_line_is_told(text: str, is_cut: bool) -> None:
    assert ends_in_a_line(text) == is_cut


def test_a_line_of_more_fields_than_any_sheet_has_is_refused_before_it_is_cut_apart() -> None:
    check_width("甲," * MAX_DELIMITERS, "一月")
    with pytest.raises(Refused) as caught:
        check_width("甲\n乙" + "," * (MAX_DELIMITERS + 1), "一月")
    assert dict(caught.value.reason.values) == {"sheet": "一月", "rows": 2, "columns": MAX_DELIMITERS + 2}
