"""What the tests of returned workbooks share: issues, orders, and what a copy shows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.ledger import Issue
from pipeline.ingest.returned.memory import SentFile, SentIssue
from pipeline.ingest.returned.orders import Order, Way
from pipeline.ingest.returned.wording import build_order
from pipeline.texts import load_texts

MakeIssue = Callable[..., Issue]
MakeOrder = Callable[..., Order]


@pytest.fixture
def issue() -> MakeIssue:
    """An issue of 台账.xlsx with everything that a test does not care about filled in."""

    def make(
        cell: str | None = "B2",
        *,
        sheet: str | None = "台账",
        code: str = "bad_number",
        seen: str = "约30",
        file: str = "台账.xlsx",
    ) -> Issue:
        return Issue(file, sheet, cell, "error", code, seen, "数字", f"看到的是“{seen}”。请改正。")

    return make


@pytest.fixture
def order() -> MakeOrder:
    """An order for a copy of a file, with one issue a cell."""
    texts = load_texts("zh")

    def make(source: Path, target: Path, *cells: tuple[str, str], way: Way = "original", mended: int = 0) -> Order:
        marked = [SentIssue(sheet, cell, "error", "bad_number", "x", "数字", "请改。", "new") for sheet, cell in cells]
        gone = [SentIssue("台账", "A1", "error", "bad_date", "x", "日期", "请改。", "mended")] * mended
        return build_order(
            SentFile(source.name, "0", None, None, (*marked, *gone)), str(source), str(target), way, texts
        )

    return make
