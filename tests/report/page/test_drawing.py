"""Pictures and a PDF from a real browser: right in size, whole, the same twice, and without a network."""

import re
import struct
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pipeline.report.page.drawing import NotDrawn, draw
from pipeline.report.page.images import find_charts, picture_specs
from pipeline.texts import load_texts
from tests.report.page.test_images import notebook_of_charts

DAY = date(2021, 12, 31)
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
PAGE = (
    "<!doctype html><title>季度报告</title><h1>报告</h1>"
    '<a href="#x">在本页</a> <a href="appendix.html">另一页</a> <img src="{address}/x.png"><p id="x">完'
)


@pytest.fixture
def visits() -> Iterator[tuple[str, list[str]]]:
    """A server on this computer, and what was asked of it."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
def test_a_pack_is_drawn_whole_and_the_same_twice(browser: str, tmp_path: Path, visits: tuple[str, list[str]]) -> None:
    address, seen = visits
    for name in ("a", "b"):
        folder = tmp_path / name
        (folder / "charts").mkdir(parents=True)
        (folder / "report.html").write_text(PAGE.format(address=address), encoding="utf-8")
        specs = picture_specs(find_charts(notebook_of_charts()), folder / "charts", "示例数据")
        draw(specs, folder / "report.html", folder / "report.pdf", DAY)
    assert seen == []
    found = {path.relative_to(tmp_path / "a").as_posix(): path for path in (tmp_path / "a").rglob("*.*")}
    assert sorted(found) == [
        *("charts/trend-1.png", "charts/trend-1.svg", "charts/trend-2.png", "charts/trend-2.svg"),
        *("report.html", "report.pdf"),
    ]
    check_png(found["charts/trend-1.png"].read_bytes())
    check_svg(found["charts/trend-1.svg"].read_text(encoding="utf-8"))
    check_pdf(found["report.pdf"].read_bytes(), tmp_path)
    for name, path in found.items():
        if not name.endswith(".html"):
            assert path.read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def check_png(data: bytes) -> None:
    assert data.startswith(PNG_MAGIC)
    assert struct.unpack(">II", data[16:24]) == (1920, 1080)


def check_svg(text: str) -> None:
    """What Word and WPS can show: text as text with a list of fonts, no style sheet, no HTML within."""
    assert "业绩 &amp; 其他" in text
    assert "示例数据" in text
    assert "Microsoft YaHei" in text
    assert not re.search(r"<(foreignObject|style|script|image)\b", text)


def check_pdf(data: bytes, folder: Path) -> None:
    assert data.startswith(b"%PDF-")
    assert b"/CreationDate (D:20211231000000" in data
    assert b"file:" not in data
    assert folder.name.encode() not in data
    assert not re.search(rb"/URI|HeadlessChrome|Linux|Windows", data)


def test_without_a_browser_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "no-such-browser"))
    page = tmp_path / "report.html"
    page.write_text("<p>", encoding="utf-8")
    with pytest.raises(NotDrawn) as caught:
        draw([], page, tmp_path / "report.pdf", DAY)
    assert "Chromium" in caught.value.tell(load_texts("zh"))
    assert not (tmp_path / "report.pdf").exists()


def test_a_browser_that_does_not_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "browser"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("BROWSER_PATH", str(broken))
    page = tmp_path / "report.html"
    page.write_text("<p>", encoding="utf-8")
    with pytest.raises(NotDrawn):
        draw([], page, tmp_path / "report.pdf", DAY)
