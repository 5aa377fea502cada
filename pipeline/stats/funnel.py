"""The funnel of many bureaus: how far one bureau's correlation may lie from all others' by chance, at its precision."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from pipeline.stats.aligned import POOLED
from pipeline.stats.columns import numeric_column, require_columns
from pipeline.stats.fisher import CONFIDENCE

FloatArray = npt.NDArray[np.float64]

# Spiegelhalter, Statistics in Medicine 24 (2005) 1185: "two" and "three standard deviations"
LIMITS = {"95": 0.95, "998": 0.998}
CURVE_POINTS = 60  # smooth at the width of a page
CURVE_MARGIN = 1.15  # the curves go on beyond the first and the last bureau by that factor
FEWEST_ON_CURVE = 4.0  # effective months; at 3 the limits are -1 and 1


def funnel(estimates: pd.DataFrame, metric: str, lag: int = 0) -> pd.DataFrame:
    """Place the bureaus' pooled correlations of one metric and lag in a funnel (Spiegelhalter 2005).

    ``estimates``: the tables `correlations_by_lag` below each other, with a column bureau. Their relationships have the
    same columns, but there a bureau with evidence stands at its best lag only: those of another lag would be missing.

    One row a bureau, sorted: bureau, r, standard_error (of Fisher's z, from the 95 % interval), effective_months (1 /
    se² + 3: so many independent months of one series would be as precise), n_months, centre (of all bureaus: mean z
    weighted by 1 / se²), low_95, high_95, low_998, high_998 (centre +- 1.96 or 3.09 se in z, as r) and outside: "",
    "outside_95" or "outside_998", the outermost limit that the bureau lies beyond. If all bureaus are alike, one in
    twenty and one in 500 do; the limits know nothing of true differences. Bureaus without an estimate, and those whose
    interval has no width or reaches -1 or 1, have no precision and no row. Raises `ValueError` for a missing column or
    a bureau that stands there twice.
    """
    require_columns(estimates, ("bureau", "scope", "metric", "lag", "r", "ci_low", "ci_high", "n_months"), "estimates")
    chosen = (estimates["scope"] == POOLED) & (estimates["metric"] == metric) & (estimates["lag"] == lag).fillna(False)
    rows = estimates[chosen.astype(bool)].sort_values("bureau", kind="stable").reset_index(drop=True)
    if rows["bureau"].duplicated().any():
        name = rows.loc[rows["bureau"].duplicated(), "bureau"].iloc[0]
        raise ValueError(f"estimates: column 'bureau' must name a bureau once, {name!r} stands there twice")
    r, low, high = (numeric_column(rows[name], name) for name in ("r", "ci_low", "ci_high"))
    with np.errstate(divide="ignore", invalid="ignore"):  # of an interval that reaches -1 or 1
        z, width = np.arctanh(r), np.arctanh(high) - np.arctanh(low)
    standard_error = width / (2 * _quantile(CONFIDENCE))
    is_precise = np.isfinite(z) & np.isfinite(standard_error) & (standard_error > 0)
    z, standard_error = z[is_precise], standard_error[is_precise]
    weight = standard_error**-2
    centre = float((weight * z).sum() / weight.sum()) if len(z) else np.nan
    deviation = np.abs(z - centre) / standard_error
    return pd.DataFrame(
        {
            "bureau": rows.loc[is_precise, "bureau"].to_numpy(),
            "r": r[is_precise],
            "standard_error": standard_error,
            "effective_months": weight + 3,
            "n_months": rows.loc[is_precise, "n_months"].to_numpy(dtype=np.int64),
            "centre": np.tanh(np.full(len(z), centre)),
            **_limits(centre, standard_error),
            "outside": np.select(
                [deviation > _quantile(LIMITS["998"]), deviation > _quantile(LIMITS["95"])],
                ["outside_998", "outside_95"],
                "",
            ),
        }
    )


def funnel_curve(bureaus: pd.DataFrame) -> pd.DataFrame:
    """Return the limits of a funnel along its precision, to be drawn: effective_months, centre, low_95, high_95,
    low_998, high_998.

    ``bureaus`` is the table of `funnel`; the curve begins and ends a little beyond its bureaus. No bureau, no curve.
    """
    if bureaus.empty:
        return pd.DataFrame(columns=["effective_months", "centre", *_limits(0.0, np.ones(0))], dtype="float64")
    first = max(float(bureaus["effective_months"].min()) / CURVE_MARGIN, FEWEST_ON_CURVE)
    last = max(float(bureaus["effective_months"].max()) * CURVE_MARGIN, FEWEST_ON_CURVE)
    months = np.geomspace(first, last, CURVE_POINTS)
    centre = float(bureaus["centre"].iloc[0])
    limits = _limits(float(np.arctanh(centre)), 1 / np.sqrt(months - 3))
    return pd.DataFrame({"effective_months": months, "centre": centre, **limits})


def _limits(centre: float, standard_error: FloatArray) -> dict[str, FloatArray]:
    """Return low and high of every limit, as r; ``centre`` is in z."""
    return {
        f"{side}_{name}": np.tanh(centre + sign * _quantile(share) * standard_error)
        for name, share in LIMITS.items()
        for side, sign in (("low", -1), ("high", 1))
    }


def _quantile(share: float) -> float:
    """Return how many standard errors on either side hold ``share`` of a normal distribution."""
    return float(ndtri((1 + share) / 2))
