"""As many bureaus as a test wants, from a few: the same numbers under other names."""

from dataclasses import replace

import pandas as pd

from pipeline.report.province.view import ProvinceReport
from tests.report.province_material import reported


def many_bureaus(report: ProvinceReport, times: int) -> ProvinceReport:
    """Return ``times`` as many reported bureaus, called 示例000县 and so on; those without a report fall away."""
    names = [entry.name for entry in report.of_state("reported")]
    copies = [
        {name: f"示例{number + copy * len(names):03d}县" for number, name in enumerate(names)} for copy in range(times)
    ]
    entries = tuple(reported(new) for renamed in copies for new in renamed.values())
    tables = {
        name: pd.concat([_renamed(frame, renamed) for renamed in copies], ignore_index=True)
        for name, frame in report.tables.items()
    }
    return replace(report, entries=entries, tables=tables)


def _renamed(frame: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    own = frame[frame["bureau"].isin(list(names))]
    return own.assign(bureau=own["bureau"].map(names))
