"""Charts as files: titled, drawn by one browser without a network, and left out where there is none."""

from pathlib import Path

import plotly.graph_objects as go
import pytest
from nbformat import NotebookNode

from pipeline.report.chart_block import Chart
from pipeline.report.images import NotDrawn, find_charts, write_images
from pipeline.report.table_block import Table
from tests.report.material import sample_report
from tests.report.shown import shown

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def notebook() -> NotebookNode:
    frame = sample_report().tables["standings_by_group_quarter"]
    figure = go.Figure(go.Scatter(x=["2021-11", "2021-12"], y=[1, 3]))
    charts = [
        Chart(id=name, figure=figure, title=title, summary="", table=Table(frame, (), ""), table_label="数据")
        for name, title in (("trend-1", "积分 < 业绩 & 其他"), ("trend-2", "销量"))
    ]
    return shown(*charts)


def test_charts_are_found_with_their_titles(notebook: NotebookNode) -> None:
    assert [(chart.id, chart.title) for chart in find_charts(notebook)] == [
        ("trend-1", "积分 < 业绩 & 其他"),
        ("trend-2", "销量"),
    ]


@pytest.mark.browser
def test_every_chart_becomes_two_files(notebook: NotebookNode, browser: str, tmp_path: Path) -> None:
    write_images(find_charts(notebook), tmp_path / "charts", "示例数据")
    names = ["trend-1.png", "trend-1.svg", "trend-2.png", "trend-2.svg"]
    assert sorted(path.name for path in (tmp_path / "charts").iterdir()) == names
    assert (tmp_path / "charts/trend-1.png").read_bytes().startswith(PNG_MAGIC)
    svg = (tmp_path / "charts/trend-1.svg").read_text(encoding="utf-8")
    assert "示例数据" in svg
    assert "业绩 &amp; 其他" in svg


def test_without_a_browser_nothing_is_left(
    notebook: NotebookNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "no-such-browser"))
    with pytest.raises(NotDrawn):
        write_images(find_charts(notebook), tmp_path / "charts", "示例数据")
    assert not (tmp_path / "charts").exists()


def test_a_report_without_charts_needs_no_browser(tmp_path: Path) -> None:
    write_images((), tmp_path / "charts", "示例数据")
    assert not (tmp_path / "charts").exists()
