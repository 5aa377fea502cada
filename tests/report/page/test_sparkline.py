"""A number's way to where it is: a line with gaps, its end marked, its words for who cannot see it."""

import re

from pipeline.report.page.sparkline import HEIGHT, WIDTH, Sparkline


def places(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path)]


def test_low_values_stand_low_and_the_last_one_has_a_dot() -> None:
    svg = Sparkline((1.0, 3.0, 2.0), "三个月").svg()
    line = places(re.findall(r'class="all"[^>]* d="([^"]+)"', svg)[0])
    assert [x for x, _ in line] == [3.0, WIDTH / 2, WIDTH - 3.0]
    assert [y for _, y in line] == [HEIGHT - 3.0, 3.0, HEIGHT / 2]
    assert f'<circle cx="{line[-1][0]:.1f}" cy="{line[-1][1]:.1f}"' in svg
    assert 'role="img" aria-label="三个月"' in svg


def test_a_missing_value_is_a_gap_and_not_a_zero() -> None:
    svg = Sparkline((1.0, None, 3.0, 2.0, None), "x").svg()
    path = re.findall(r'class="all"[^>]* d="([^"]+)"', svg)[0]
    assert path.count("M") == 2
    assert len(places(path)) == 3
    assert f'<circle cx="{places(path)[-1][0]:.1f}"' in svg  # the last known one


def test_the_months_that_the_number_speaks_of_are_drawn_again() -> None:
    assert 'class="recent"' not in Sparkline((1.0, 2.0), "x").svg()
    svg = Sparkline((5.0, 1.0, 2.0, 3.0), "x", recent=2).svg()
    assert len(places(re.findall(r'class="recent"[^>]* d="([^"]+)"', svg)[0])) == 2


def test_equal_values_and_too_few_draw_what_they_can() -> None:
    assert len(places(Sparkline((2.0, 2.0), "x").svg())) == 2  # no division by their range
    assert "<path" not in Sparkline((None, 2.0), "x").svg()
    assert "<path" not in Sparkline((), "x").svg()


def test_its_words_are_inert() -> None:
    assert 'aria-label="&quot;&gt;&lt;script&gt;"' in Sparkline((), '"><script>').svg()
