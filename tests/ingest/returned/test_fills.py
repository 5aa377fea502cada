"""A fill in words comes back as the same fill."""

import pytest
from openpyxl.styles import GradientFill, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.styles.fills import Fill

from pipeline.ingest.returned.fills import decode_fill, encode_fill


@pytest.mark.parametrize(
    ("fill", "text"),
    [
        (PatternFill(), "无"),
        (PatternFill("solid", start_color="FFFFFF00"), "solid;rFFFFFF00;r00000000"),
        (PatternFill("darkGrid", Color(theme=4, tint=-0.25), Color(indexed=64)), "darkGrid;t4*-0.25;i64"),
        (PatternFill("gray125", Color(auto=True)), "gray125;a;r00000000"),
        (
            GradientFill("linear", 90, stop=("FFFF0000", "FF00FF00")),
            "gradient;linear;90.0;0.0;0.0;0.0;0.0;0.0:rFFFF0000;1.0:rFF00FF00",
        ),
    ],
)
def test_there_and_back(fill: Fill, text: str) -> None:
    assert encode_fill(fill) == text
    assert decode_fill(text) == fill


@pytest.mark.parametrize("text", ["", "无", "黄色", "solid;yellow;r00", "solid;tX;a", "gradient;linear", "a;b;c"])
def test_changed_words_are_no_fill(text: str) -> None:
    assert decode_fill(text) == PatternFill()
