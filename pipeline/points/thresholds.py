"""Where the bands of a rule book have their lines, for whoever looks at the values beside them."""

from collections.abc import Iterable
from itertools import pairwise

import pandas as pd

from pipeline.catalog import Catalog, Rule

BANDS = "bands"
NEAR = {"pct": 1.0, "points": 1.0}  # of a scale of 100; a count has nothing between one number and the next


def list_thresholds(rules: Iterable[Rule], catalog: Catalog) -> pd.DataFrame:
    """Return rule_version, item, threshold and ``width`` (how near a value is to count) of groups' items in bands.

    Items that measure a count are left out. The width is 1 on a scale of 100, and at most half the way to the next
    line.
    """
    rows = []
    for rule in rules:
        near = NEAR.get(catalog.measures[rule.measure].unit)
        if rule.scheme != BANDS or rule.scope == "member" or near is None:
            continue
        lines = sorted(threshold for threshold, _ in rule.bands)
        gaps = [(high - low) / 2 for low, high in pairwise(lines)]
        rows += [(rule.version, rule.item, line, min([near, *gaps])) for line in lines]
    return pd.DataFrame(rows, columns=["rule_version", "item", "threshold", "width"]).drop_duplicates(ignore_index=True)
