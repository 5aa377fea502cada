import pytest

from pipeline.ingest.files.grids import Reason, cell_address, count_non_empty_rows, is_blank
from pipeline.texts import load_texts


@pytest.mark.parametrize(
    ("position", "address"), [((0, 0), "A1"), ((6, 3), "D7"), ((8, 25), "Z9"), ((9, 26), "AA10"), ((0, 16_383), "XFD1")]
)
def test_addresses(position: tuple[int, int], address: str) -> None:
    assert cell_address(*position) == address


@pytest.mark.parametrize(("text", "blank"), [("", True), (" \u3000\xa0\n", True), ("0", False), ("\u200b", False)])
def test_blank_text(text: str, blank: bool) -> None:
    assert is_blank(text) is blank


def test_rows_with_a_cell_are_counted() -> None:
    assert count_non_empty_rows([(None, 0), (), (None,), (False,), ("甲",)]) == 3


def test_a_reason_says_what_to_do() -> None:
    reason = Reason("refused", "readers_disagree", {"sheet": "1月", "first": 3, "second": 4})
    assert "“1月”两次独立读取的行数不一致（3 行与 4 行）" in reason.explain(load_texts("zh"))
    assert Reason("skipped", "lock_file").explain(load_texts("en")).endswith("it was skipped.")
