"""The searcher for private words finds them wherever a published file can hide one."""

import base64
import gzip
import zlib
from pathlib import Path

import openpyxl
import pytest

from tests.leaks import find_leaks


def _page(text: str) -> bytes:
    return f"<html><script>{text}</script></html>".encode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def _packed(text: str) -> str:
    noise = "".join(f"{number * 7919 % 104729:05d}" for number in range(400))
    return base64.b64encode(gzip.compress((noise + text).encode("utf-8"))).decode("ascii")


@pytest.mark.process
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("report.html", _page("var a = '张三'")),
        ("report.html", _page("张 三")),
        ("report.html", _page("\\u5f20\\u4e09")),
        ("report.html", _page("&#24352;&#19977;")),
        ("report.html", _page(_packed("… 张三 …"))),
        ("张三.svg", b"<svg/>"),
        ("charts/a.png", b"\x89PNG\r\n\x1a\n" + (6).to_bytes(4, "big") + b"iTXt" + "张三".encode() + b"\0\0\0\0"),
        ("notebook.ipynb", '{"metadata": {"author": "张三"}}'.encode()),
        ("board.html", _page("电话 13812345678")),
        ("board.html", _page("138****5678")),
        ("charts/b.png", b"\x89PNG\r\n\x1a\n" + _chunk(b"zTXt", b"Author\0\0" + zlib.compress("张三".encode()))),
        ("report.pdf", b"%PDF-1.4 /Author (\xfe\xff" + "张三".encode("utf-16-be") + b")"),
        ("notebook.ipynb", b'{"source": "/home/zhang/data/raw"}'),
        ("manifest.json", b'{"path": "C:\\\\Users\\\\zhang\\\\raw"}'),
        ("report.html", _page(_packed('{"hovertemplate": "file:///tmp/raw/1.xlsx"}'))),
        ("notebook.ipynb", b'{"traceback": ["Traceback (most recent call last)"]}'),
    ],
)
def test_a_private_word_is_found(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    (leak,) = find_leaks(tmp_path, ["张三"])
    assert leak.startswith(name)


def test_a_name_in_the_properties_of_a_workbook_is_found(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.properties.creator = "张三"
    book.save(tmp_path / "report.xlsx")
    (leak,) = find_leaks(tmp_path, ["张三"])
    assert "docProps/core.xml" in leak


def test_ordinary_words_are_no_leaks(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_bytes(_page("销量 720.4 箱，2021 年 13 812 345 678"))
    assert find_leaks(tmp_path, ["张三", "LS00001"]) == []
