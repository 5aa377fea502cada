"""What the period library says of a figure: its name, its value with its unit, and how far it moved."""

from dataclasses import dataclass

from pipeline.catalog import Catalog
from pipeline.points.standings import PRINTED_DECIMALS
from pipeline.report.material.base import PageMaterial
from pipeline.report.material.moves import SCORES
from pipeline.report.material.numbers import metric_change, printed_change, quantity
from pipeline.report.material.published import Move
from pipeline.report.material.ranking import Ranking
from pipeline.report.page.escaping import safe_text
from pipeline.report.page.table_block import MISSING, Mark
from pipeline.stats.words import verdict_name
from pipeline.texts import Texts

POOLED = "pooled"  # the scope of a verdict over all groups


@dataclass(frozen=True)
class Links(Mark):
    """A cell of links: ``links`` are (words, whole name, target) each; targets are files in folders beside the page."""

    links: tuple[tuple[str, str, str], ...] = ()

    def html(self) -> str:
        """Return the links; the whole name is what is read aloud, since many rows hold the same words."""
        return " ".join(
            f'<a href="{safe_text(target)}" aria-label="{safe_text(name)}">{safe_text(words)}</a>'
            for words, name, target in self.links
        )


def move_name(move: Move, material: PageMaterial) -> str:
    """Return what moved: a score, a metric, or the verdict on a metric."""
    texts = material.texts
    if move.figure in SCORES:
        return texts(f"library.figure_{move.figure}")
    metric = material.catalog.metrics.get(move.metric)
    label = material.label(metric) if metric else move.metric
    return texts("library.figure_verdict", metric=label) if move.figure == "verdict" else label


def move_group(move: Move, texts: Texts) -> str:
    """Return whose figure moved."""
    return texts("stats.scope.pooled") if move.group == POOLED else move.group


def move_value(value: float | str | None, move: Move, catalog: Catalog, texts: Texts) -> str:
    """Return one side of a move in words, with all the digits in which it may differ."""
    if value is None:
        return texts("library.no_value")
    if isinstance(value, str):
        return verdict_name(value, texts) if texts.has(f"stats.verdict.{value}") else value
    if move.figure in SCORES:
        return quantity(value, "points", PRINTED_DECIMALS, texts)
    metric = catalog.metrics[move.metric]
    return quantity(value, metric.unit, metric.decimals, texts)


def move_change(move: Move, catalog: Catalog, texts: Texts) -> str:
    """Return how far a figure moved: points, percentage points for a rate, per cent for an amount above zero.

    A dash where there is no number on both sides, and for amounts that one large case rules.
    """
    before, after = move.before, move.after
    if not isinstance(before, int | float) or not isinstance(after, int | float):
        return MISSING
    if move.figure in SCORES:
        return quantity(printed_change(after, before, PRINTED_DECIMALS), "points", PRINTED_DECIMALS, texts, signed=True)
    metric = catalog.metrics[move.metric]
    if metric.unit == "pct":
        return metric_change(printed_change(after, before, metric.decimals), metric, texts)
    if metric.has_heavy_tail or before <= 0:
        return MISSING
    return metric_change(100 * (after / before - 1), metric, texts)


def gap_words(ranking: Ranking, texts: Texts) -> str:
    """Return what the gaps of a quarter are worth, in a few words."""
    if ranking.scores.empty:
        return texts("library.gap_none")
    if ranking.lacking:
        return texts("library.gap_lacking")
    if ranking.is_alone:
        return texts("library.gap_alone")
    if ranking.noise.clear_gap is None:
        return texts("library.gap_unknown")
    if not ranking.is_spread_clear:
        return texts("library.gap_within_noise")
    leaders = texts("list.separator").join(ranking.leaders)
    return texts("library.gap_led" if ranking.is_lead_clear else "library.gap_led_by_several", leaders=leaders)
