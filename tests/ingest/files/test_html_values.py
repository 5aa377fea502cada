import pytest

from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.files.html_values import cell_value, class_formats

STYLES = r"""
td {color:red}
.xl65 {mso-style-parent:style0; mso-number-format:"0\.00%";}
.xl66 {mso-number-format:Percent;}
.xl67 {mso-number-format:"\@";}
.xl68 {mso-number-format:"0\.0\0022%\0022";}
.xl69 {mso-number-format:"Short Date";}
"""
FORMATS = class_formats(STYLES)


def test_formats_of_classes() -> None:
    assert FORMATS == {"xl65": "0.00%", "xl66": "Percent", "xl67": "@", "xl68": '0.0"%"', "xl69": "Short Date"}


@pytest.mark.parametrize(
    ("text", "attributes", "value", "is_percent"),
    [
        ("", {"x:num": "5"}, None, False),
        ("007", {}, "007", False),
        ("1,234.5", {}, "1,234.5", False),
        ("98.5%", {}, "98.5%", False),
        ("98.5%", {"x:num": "0.98512"}, 0.98512, True),
        ("98.5%", {"x:num": "0.90"}, "98.5%", False),  # not what is shown
        ("98.5", {"x:num": "98.4999"}, 98.4999, False),
        ("1,234", {"x:num": "1234.49"}, 1234.49, False),
        ("(1,750,610)", {"x:num": "-1750610"}, -1750610.0, False),
        ("¥ 12.00", {"x:num": "12"}, 12.0, False),
        ("1,234", {"x:num": ""}, 1234.0, False),
        ("1,234", {"x:num": None}, 1234.0, False),
        ("-5", {"x:num": ""}, -5.0, False),
        ("甲", {"x:num": ""}, "甲", False),
        ("####", {"x:num": "1e400"}, "####", False),  # no number that a cell can hold
        ("5", {"x:num": "1e999999"}, "5", False),
        ("9" * 400, {"x:num": ""}, "9" * 400, False),
        ("2019-1-5", {"x:num": "43470"}, "2019-1-5", False),  # a date, by what is shown
        ("20190105", {"x:num": "43470"}, "20190105", False),
        ("###", {"x:num": "43470.5"}, 43470.5, False),
        ("5", {"x:num": "1e999"}, "5", False),
        ("5", {"x:num": "nan"}, "5", False),
        ("5", {"x:num": "five"}, "5", False),
        ("7", {"x:str": "007"}, "007", False),
        ("007", {"x:str": None}, "007", False),
        ("007", {"x:str": " "}, "007", False),
        ("#DIV/0!", {"x:err": "#DIV/0!"}, CellError("#DIV/0!"), False),
        ("#N/A", {"x:err": None}, CellError("#N/A"), False),
        ("0.5", {"class": "big xl65"}, 0.5, True),
        ("0.5", {"class": "xl66"}, 0.5, True),
        ("50%", {"class": "xl65"}, "50%", False),
        ("无", {"class": "xl65"}, "无", False),
        ("0.5", {"class": "xl67", "x:num": "0.5"}, "0.5", False),  # kept as text
        ("50.0%", {"class": "xl68", "x:num": "50"}, "50.0%", False),
        ("0.5", {"style": "mso-number-format:'0%'"}, 0.5, True),
        ("0.5", {"style": r"mso-number-format:\@", "class": "xl65"}, "0.5", False),
        ("0.5", {"style": "color:red"}, "0.5", False),
        (".", {"x:num": ""}, ".", False),
    ],
)
def test_the_value_of_a_cell(text: str, attributes: dict[str, str | None], value: Cell, is_percent: bool) -> None:
    assert cell_value(text, attributes, FORMATS) == (value, is_percent)
