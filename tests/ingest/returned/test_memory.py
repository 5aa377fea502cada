"""What was sent back is remembered, and a broken memory counts as none."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.ingest.returned.memory import MEMORY, Compared, Memory, SentFile, SentIssue, read_memory, write_memory

ISSUE = SentIssue("台账", "B2", "error", "bad_number", "约30", "数字", "请改。", "open")
SENT = SentFile("a/台账.xls", "12", "a_台账.xlsx", "34", (ISSUE,))


def test_it_reads_back_as_it_was_written(tmp_path: Path) -> None:
    memory = Memory((SENT,), (Compared("a/台账.xls", 1, 1, 0),))
    write_memory(memory, tmp_path)
    assert read_memory(tmp_path) == memory


def test_what_goes_back_is_counted() -> None:
    failed = SentFile("b.xlsx", "5", None, None, (ISSUE,))
    absent = SentFile("c.xlsx", "6", None, None, (ISSUE,), is_absent=True)
    memory = Memory((SENT, failed, absent))
    assert memory.copies == 1
    assert memory.not_copied == ("b.xlsx",)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 0}', '{"format": 1, "files": [{}], "compared": []}'])
def test_what_is_no_memory_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / MEMORY).write_text(text, encoding="utf-8")
    assert read_memory(tmp_path) is None


def test_no_memory_is_none(tmp_path: Path) -> None:
    assert read_memory(tmp_path) is None


@pytest.mark.parametrize("copy", ["../台账.xlsx", "/台账.xlsx", "a\\台账.xlsx", "C:台账.xlsx", "..", ""])
def test_a_memory_that_leads_out_of_its_folder_counts_as_none(tmp_path: Path, copy: str) -> None:
    write_memory(Memory((replace(SENT, copy=copy),)), tmp_path)
    assert read_memory(tmp_path) is None


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")
def test_a_memory_is_not_written_through_a_link(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "returned", tmp_path / "elsewhere.json"
    folder.mkdir()
    elsewhere.write_text("x", encoding="utf-8")
    (folder / MEMORY).symlink_to(elsewhere)
    write_memory(Memory((SENT,)), folder)
    assert elsewhere.read_text(encoding="utf-8") == "x"
    assert read_memory(folder) == Memory((SENT,))
