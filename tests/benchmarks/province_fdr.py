"""How many of a province's claims are false: synthetic bureaus, half of them unrelated, through both levels."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.stats import assess_relationships
from pipeline.stats.provinces import FALSE_DISCOVERY_RATE, RESAMPLES, RESAMPLES_OF_SURVIVORS, judge_province
from tests.stats.bureaus import make_bureau

MONTHS = 36
RHO = 0.6  # of metric m0 of every group of a related bureau with its points, 0 to 2 months later
RELATED_METRIC = "m0"


@dataclass(frozen=True)
class ProvinceRates:
    """Rates over simulated provinces.

    ``false_share``: of a province's claims, the false ones (0 where it makes none), averaged over provinces: the false
    discovery rate. ``false_share_by_bureau``: the same of a bureau's claims, averaged over the selected bureaus of each
    province, which is what the procedure bounds. ``unchecked_share``: the false discovery rate of the bureaus' own
    verdicts. ``found``: related bureaus of which something true is claimed. ``claims``: all claims, of ``provinces``.
    """

    false_share: float
    false_share_by_bureau: float
    unchecked_share: float
    found: float
    claims: int
    provinces: int

    @property
    def is_on_target(self) -> bool:
        """Tell whether the false discovery rate is 10 % at most (statistics.md, target 7)."""
        return self.false_share <= FALSE_DISCOVERY_RATE


def province_rates(
    seed: int,
    provinces: int = 20,
    bureaus: int = 20,
    *,
    resamples: int = RESAMPLES,
    survivors_resamples: int = RESAMPLES_OF_SURVIVORS,
) -> ProvinceRates:
    """Judge ``provinces`` of ``bureaus`` bureaus of three groups, six metrics, 36 months; every second is related."""
    by_province = []
    for number in range(provinces):
        judged = judge_province(
            _Assessor(seed, number),
            [f"{bureau:03d}" for bureau in range(bureaus)],
            resamples=resamples,
            survivors_resamples=survivors_resamples,
        )
        rows = judged.relationships
        true = rows["bureau"].map(_is_related) & (rows["metric"] == RELATED_METRIC)
        selected = set(judged.bureaus.loc[judged.bureaus["is_selected"], "bureau"])
        by_province.append(_rates(rows.assign(is_true=true), selected, bureaus // 2))
    false_share, by_bureau, unchecked, found, claims = np.array(by_province, dtype=np.float64).T
    return ProvinceRates(
        false_share=float(false_share.mean()),
        false_share_by_bureau=float(by_bureau.mean()),
        unchecked_share=float(unchecked.mean()),
        found=float(found.mean()),
        claims=int(claims.sum()),
        provinces=provinces,
    )


@dataclass(frozen=True)
class _Assessor:
    """Assess the bureaus of one province; a second pass draws other resamples."""

    seed: int
    province: int

    def __call__(self, bureau: str, resamples: int) -> pd.DataFrame:
        number = int(bureau)
        own = int(np.random.SeedSequence([self.seed, self.province, number]).generate_state(1)[0])
        points, results = make_bureau(own, MONTHS, rho=RHO if _is_related(bureau) else 0.0, lag=number % 3)
        return assess_relationships(points, results, resamples=resamples, seed=own + resamples)


def _is_related(bureau: str) -> bool:
    return int(bureau) % 2 == 1


def _rates(rows: pd.DataFrame, selected: set[str], related: int) -> tuple[float, float, float, float, int]:
    """Return the five rates of one province in the order of `ProvinceRates`."""
    claimed = rows[rows["province_verdict"] == "evidence"]
    false_by_bureau = (~claimed["is_true"]).groupby(claimed["bureau"]).mean()
    found = claimed.loc[claimed["is_true"], "bureau"].nunique()
    return (
        _false_share(claimed),
        float(false_by_bureau.sum() / len(selected)) if selected else 0.0,
        _false_share(rows[rows["verdict"] == "evidence"]),
        found / related,
        len(claimed),
    )


def _false_share(claimed: pd.DataFrame) -> float:
    return float((~claimed["is_true"]).mean()) if len(claimed) else 0.0
