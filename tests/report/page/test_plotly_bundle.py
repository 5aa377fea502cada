import gzip
import html

import pytest

from pipeline.report.page.plotly_bundle import (
    NetworkFigure,
    as_base85,
    chart_config,
    check_figure,
    compiled_at_once,
    plotly_bundle,
    plotly_locale,
    plotly_source,
    script_digest,
)
from tests.unpacking import from_base85


def test_the_bundle_unpacks_to_plotly_and_is_always_the_same() -> None:
    bundle = plotly_bundle()
    packed = from_base85(bundle.packed)
    source = gzip.decompress(packed)
    assert source == compiled_at_once(plotly_source())
    assert bundle.digest == script_digest(source)
    assert packed[4:8] == b"\0\0\0\0"  # the time stamp of the gzip header
    assert b"plotly.js" in source[:200]
    assert len(bundle.packed) < 1_900_000
    assert html.escape(bundle.packed) == bundle.packed  # it stands in a page as it is


def test_the_body_of_plotly_is_in_brackets_and_nothing_else_is_changed() -> None:
    source = plotly_source()
    changed = compiled_at_once(source)
    assert len(changed) == len(source) + 2
    assert changed.replace(b"this, (() => {", b"this, () => {").replace(b"Plotly;\n})));", b"Plotly;\n}));") == source
    assert compiled_at_once(changed) == changed


def test_another_plotly_is_left_as_it_is() -> None:
    for other in (b"!function(){}();", b'(typeof self !== "undefined" ? self : this, () => {\nreturn 1;\n}));'):
        assert compiled_at_once(other) == other


@pytest.mark.parametrize("length", range(9))
def test_base_85_keeps_every_length(length: int) -> None:
    data = bytes(range(250, 250 - length, -1))
    assert from_base85(as_base85(data)) == data


def test_no_chart_can_send_data_away() -> None:
    config = chart_config()
    assert config["showSendToCloud"] is False
    assert config["plotlyServerURL"] == ""
    assert [button for row in config["modeBarButtons"] for button in row] == [
        "zoom2d",
        "pan2d",
        "resetScale2d",
        "toImage",
    ]


def test_the_chinese_locale_translates_the_buttons_that_are_shown() -> None:
    locale = plotly_locale("zh")
    assert locale is not None
    assert locale["name"] == "zh-CN"
    shown = {"Zoom", "Pan", "Reset axes", "Download plot", "Download plot as a PNG"}
    assert shown <= locale["dictionary"].keys()
    source = plotly_source()
    assert [key for key in shown if f'"{key}"'.encode() not in source] == []  # keys that plotly.js no longer knows
    assert plotly_locale("en") is None


@pytest.mark.parametrize(
    "figure",
    [
        {"data": [{"type": "bar"}, {"type": "scattergeo"}]},
        {"data": [], "layout": {"images": [{"source": "https://example.org/x.png"}]}},
    ],
)
def test_a_figure_that_needs_a_server_is_refused(figure: dict) -> None:
    with pytest.raises(NetworkFigure, match=r"scattergeo|example\.org"):
        check_figure(figure)


def test_other_figures_pass() -> None:
    check_figure({"data": [{"type": "heatmap"}, {}], "layout": {"images": [{"source": "data:image/png;base64,AA"}]}})
