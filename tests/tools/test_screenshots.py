"""Pictures of pages, for people to look at."""

from pathlib import Path

import pytest

from tools.screenshots import main

PAGE = """<!doctype html><html lang="zh-CN"><title>页</title>
<main><h1>页</h1><div style="height: 3000px"></div>{more}</main>"""


@pytest.mark.process
@pytest.mark.browser
def test_a_page_is_pictured_wide_on_a_phone_and_on_paper(
    browser: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out, readme = tmp_path / "pages", tmp_path / "out", tmp_path / "readme"
    folder.mkdir()
    readme.mkdir()
    (folder / "report.html").write_text(PAGE.format(more=""), encoding="utf-8")
    assert main([str(folder), str(out), "--readme", str(readme)]) == 0
    made = {path.name for path in out.iterdir()}
    assert {f"report_{width}_0{piece}.png" for width in (1440, 390) for piece in (1, 2)} <= made
    assert "report.pdf" in made
    assert {path.name for path in readme.iterdir()} == {"report_1440.png", "report_390.png"}
    assert "pictures of 1 pages: report" in capsys.readouterr().out


@pytest.mark.process
@pytest.mark.browser
def test_a_page_that_sticks_out_or_complains_is_reported(
    browser: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = "<div style='width: 500px'>x</div><script>console.error('broken')</script>"
    (tmp_path / "page.html").write_text(PAGE.format(more=more), encoding="utf-8")
    assert main([str(tmp_path), str(tmp_path / "out")]) == 1
    said = capsys.readouterr().out
    assert "page at 390 px: error: broken" in said
    assert "px stick out" in said


def test_a_folder_without_a_page_is_a_mistake(browser: str, tmp_path: Path) -> None:
    assert main([str(tmp_path), str(tmp_path / "out")]) == 2
