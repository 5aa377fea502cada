import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.files.counting_text import count_text_rows
from pipeline.ingest.files.grids import count_non_empty_rows
from pipeline.ingest.files.refusals import Refused
from pipeline.ingest.files.textfiles import read_text_rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", 0),
        ("a,b\n1,2", 2),
        ("a,b\n,\n \u3000,\t\n\n1,2\n", 2),
        ('a,"x\ny\n\nz"\nb,1\n', 2),
        ('"",\n"",""\n" ",\n', 0),
        ('"""",\n', 1),
        ('a"b,"c""\nd"\n', 1),
        ('3"x4"\n5"\n', 2),
        ('"a"b"c\nd\n', 2),
        ("a\rb\r\nc\n", 3),
        ("a\x0bb\u2028c\n", 1),
        ("sep=;\na;b\n;\n", 1),
        ("a，b\n，\n1，2\n", 2),
        ("a|b\n|\n", 1),
    ],
)
def test_records_by_hand(text: str, rows: int) -> None:
    assert count_text_rows(text, "台账").rows == rows


def test_a_quotation_that_never_ends_is_refused_with_its_line() -> None:
    with pytest.raises(Refused) as caught:
        count_text_rows('a,b\nc,d\ne,"f\ng,h\n', "台账")
    assert (caught.value.reason.code, caught.value.reason.values) == ("open_quote", {"line": 3})


@given(st.text(alphabet='a1 ,"\n\r\t\u3000;|，', max_size=40))
def test_the_count_agrees_with_the_csv_module(text: str) -> None:
    try:
        count = count_text_rows(text, "台账")
    except Refused:
        return  # csv closes an open quotation at the end without a word
    assert count.rows == count_non_empty_rows(read_text_rows(text))
