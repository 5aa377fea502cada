"""From estimates to verdicts: every eligible scope is tested together with all others, at one rate of false claims."""

import pandas as pd

from pipeline.stats import reasons
from pipeline.stats.fisher import fisher_interval, smallest_detectable_r
from pipeline.stats.maxt import EVIDENCE_P, max_t
from pipeline.stats.scopes import ScopeEstimates
from pipeline.stats.sensitivity import survives_every_month, weakest_months

VERDICTS = ("insufficient", "none", "clue", "evidence", "coupled")
CLUE_P = 0.20
SAME_MONTH = 0  # the lag that is reported without evidence for another (statistics.md, "What managers see")


def judge(estimates: ScopeEstimates, months: pd.PeriodIndex) -> list[dict[str, object]]:
    """Return for each scope the fields that a judged row of `assess_relationships` has beyond an unjudged one.

    With evidence, lag, r, interval and smallest_r are those of the lag that stands out most; otherwise those of the
    same month.
    """
    test = max_t(estimates.observed, estimates.null)
    survives = survives_every_month(estimates.observed, estimates.without, test)
    weakest = weakest_months(estimates.without, test)
    rows: list[dict[str, object]] = []
    for row, p_value in enumerate(test.p_value.tolist()):
        words = _verdict(p_value, bool(survives[row]))
        lag = int(test.lag[row]) if words["verdict"] == "evidence" else SAME_MONTH
        r, null_sd = float(estimates.observed[row, lag]), float(estimates.null_sd[row, lag])
        low, high = fisher_interval(r, float(estimates.standard_error[row, lag]))
        rows.append(
            {
                "lag": lag,
                "r": r,
                "ci_low": low,
                "ci_high": high,
                "p_max_t": p_value,
                "smallest_r": smallest_detectable_r(1 / null_sd**2 + 1, critical_r=test.critical * null_sd),
                "weakest_month": months[weakest[row]],
                **words,
            }
        )
    return rows


def _verdict(p_value: float, survives: bool) -> dict[str, object]:
    if p_value > CLUE_P:
        return {"verdict": "none", "reason": ""}
    if p_value > EVIDENCE_P:
        return {"verdict": "clue", "reason": ""}
    return {"verdict": "evidence", "reason": ""} if survives else {"verdict": "clue", "reason": reasons.DROPPED_MONTH}
