"""Texts on their way into cells, lines and files."""

import json

import pytest

from pipeline.spreadsheets.cleaning import csv_text, one_line, plain_json, sheet_title, workbook_text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1+1", "'+1+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("\t=1", "'\t=1"),
        ("\u202e=1", "'=1"),
        (" \u3000=1", "' \u3000=1"),
        ("-5", "-5"),
        ("+3.5%", "+3.5%"),
        ("12箱", "12箱"),
        ("", ""),
    ],
)
def test_a_cell_of_a_csv_starts_no_formula(text: str, cell: str) -> None:
    assert csv_text(text) == cell


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nb\r\nc\u2028d\te", "a b c d e"),
        ("\x1b[2J\x9b31m红\x07", "[2J31m红"),
        ("\u202egpj.xlsx", "gpj.xlsx"),
        ("2021年 一季度.xlsx", "2021年 一季度.xlsx"),
    ],
)
def test_a_line_stays_one_line_and_commands_no_terminal(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("_x202E_gpj", "_x005F_x202E_gpj"),
        ("_x202e_x000D_", "_x005F_x202e_x005F_x000D_"),
        ("_x005F_x202E_", "_x005F_x005F_x005F_x202E_"),
        ("a_x12_b", "a_x12_b"),
        ("列_xyz1_", "列_xyz1_"),
    ],
)
def test_nothing_in_a_workbook_stands_for_another_character(text: str, written: str) -> None:
    assert workbook_text(text) == written


def test_the_name_of_a_sheet_stands_for_no_other_character() -> None:
    assert sheet_title("_x202E_甲/乙") == "-x202E_甲 乙"


def test_json_shows_what_cannot_be_seen_and_means_the_same() -> None:
    value = {"甲\u202e乙": ["\x9b31m", "\x00\n\ud800", "张三"]}
    text = plain_json(json.dumps(value, ensure_ascii=False))
    assert text == '{"甲\\u202e乙": ["\\u009b31m", "\\u0000\\n\\ud800", "张三"]}'
    assert json.loads(text) == value
