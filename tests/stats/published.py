"""The published data of `tests/stats/reference_data` (its README gives the sources), and short published series."""

from pathlib import Path

import pandas as pd

DATA = Path(__file__).parent / "reference_data"

# F. J. Anscombe, Graphs in statistical analysis, The American Statistician 27 (1973) 17: x of the first three sets
# and of the fourth, and y of each
ANSCOMBE_X = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
ANSCOMBE_X4 = [8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8]
ANSCOMBE_Y1 = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
ANSCOMBE_Y2 = [9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10, 9.13, 7.26, 4.74]
ANSCOMBE_Y3 = [7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73]
ANSCOMBE_Y4 = [6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.50, 5.56, 7.91, 6.89]

# R >= 3.6: set.seed(123); rnorm(20)
R_NORMAL = [
    *[-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123, -0.68685285],
    *[-0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314, 0.49785048, -1.96661716],
    *[0.70135590, -0.47279141],
]


def published(name: str) -> pd.DataFrame:
    """Return the data set ``name`` of `tests/stats/reference_data`."""
    return pd.read_csv(DATA / f"{name}.csv")
