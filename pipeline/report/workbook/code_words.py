"""Codes of derived tables in words, and their numbers in digits: the same in the workbook and in the notebooks."""

from collections.abc import Mapping

from pipeline.catalog import Catalog, Column
from pipeline.report.page.table_block import is_missing
from pipeline.stats import VERDICTS
from pipeline.stats.assessment import NOTES
from pipeline.stats.goodhart import CHECKS
from pipeline.stats.reasons import REASONS

WORDS: Mapping[tuple[str, str], str] = {  # (column, code) -> text
    ("attribution", "own"): "workbook.attribution_own",
    ("attribution", "shared"): "workbook.attribution_shared",
    ("state", "known"): "workbook.state_known",
    ("state", "not_submitted"): "workbook.state_not_submitted",
    ("state", "no_base"): "workbook.state_no_base",
    ("state", "partial"): "workbook.state_partial",
    ("state", "submitted"): "view.state_submitted",
    ("state", "unreadable"): "view.state_unreadable",
    ("state", "missing"): "view.state_missing",
    ("scope", "pooled"): "stats.scope.pooled",
    ("measure", "corrections"): "audit.measure_corrections",
    ("rank_basis", "quarter_score"): "workbook.ranked_by_quarter_score",
    ("rank_basis", "points_mean"): "workbook.ranked_by_points_mean",
    **{("check", check): f"watch.name_{check}" for check in CHECKS},
    **{("note", note): f"reasons.{note}" for note in NOTES},
    **{("reason", reason): f"reasons.{reason}" for reason in REASONS},
    **{("verdict", verdict): f"stats.verdict.{verdict}" for verdict in VERDICTS},
}
NOT_JUDGED = ("insufficient", "coupled")  # verdicts that need a reason
METRIC_VALUES = frozenset({"value", "target", "last_year"})  # in the unit of the row's metric ...
OTHER_VALUES = frozenset({"goodhart_watch"})  # ... but for this table, where it is a share or points
# A correlation has two decimals, points and rates have one: another would be noise (statistics.md)
TWO_DIGITS = (
    *("r", "ci_low", "ci_high", "smallest_r", "r_raw", "r_between"),
    *("r_shrunk", "shrunk_low", "shrunk_high", "points_sd", "result_sd"),
)
DIGITS: Mapping[str, int] = {"weight": 0, "p_max_t": 3, "p_value": 3, **dict.fromkeys(TWO_DIGITS, 2)}
DEFAULT_DIGITS = 1


def decimals_of(column: Column, record: Mapping[str, object], catalog: Catalog) -> int:
    """Return the decimals of a number: none for counts, the metric's own for its values, else by column."""
    if column.dtype == "integer":
        return 0
    is_metric_value = column.column in METRIC_VALUES and column.table not in OTHER_VALUES
    if is_metric_value and not is_missing(record.get("metric")):
        return catalog.metrics[str(record["metric"])].decimals
    return DIGITS.get(column.column, DEFAULT_DIGITS)
