"""A panel of the board as one slide, or as several where a bureau has more groups than can be read from a distance."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from pipeline.report.page.blocks import Block, HtmlBlock, Section, Stack
from pipeline.texts import Texts

GROUPS_A_SLIDE = 6  # in two columns they can be read from four metres; after six the colours begin again


def slides_of(
    texts: Texts,
    name: str,
    title: str,
    lead: str,
    groups: Sequence[str],
    blocks: Callable[[Sequence[str]], list[HtmlBlock]],
) -> Stack:
    """Return one slide of ``blocks`` (what a slide of some groups shows), or as many as the groups take."""
    parts = in_parts(groups, GROUPS_A_SLIDE)
    shown: list[Block] = []
    for number, part in enumerate(parts, start=1):
        slug = name if number == 1 else f"{name}-{number}"
        heading = title if len(parts) == 1 else texts("board.part", title=title, number=number, count=len(parts))
        shown += [Section(slug, heading, lead), *blocks(part)]
    return Stack(tuple(shown))


def in_parts(groups: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """Return groups in parts of at most ``size``, as even as they can be: seven are four and three, not six and one."""
    count = -(-len(groups) // size)
    edges = [round(len(groups) * part / count) for part in range(count + 1)] if count else [0]
    return [tuple(groups[low:high]) for low, high in pairwise(edges)]
