"""Texts on their way into cells."""

import pytest

from pipeline.spreadsheets.cleaning import csv_text


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
        ("-5", "-5"),
        ("+3.5%", "+3.5%"),
        ("12箱", "12箱"),
        ("", ""),
    ],
)
def test_a_cell_of_a_csv_starts_no_formula(text: str, cell: str) -> None:
    assert csv_text(text) == cell
