"""What the rival's notebook shares between its cells: reading ledgers as analysts do, with pandas; nothing of ours."""

import re
from collections.abc import Iterable, Sequence

import pandas as pd


def ledger(
    sheets: Iterable[tuple[str, str, pd.DataFrame]], word: str, columns: Sequence[str], levels: int = 1
) -> pd.DataFrame:
    """Return the rows of every workbook with a word in its name; year and month as the titles of the sheets say.

    ``sheets`` are the name of a file without its ending, that of the sheet, and its cells.
    """
    parts = [pd.DataFrame(columns=["sheet", "year", "month", *columns])]
    for stem, name, cells in sheets:
        if word in stem:
            title = re.search(r"(\d{4})年(?:(\d+)月)?", f"{cells.iat[0, 0]!s} {stem}年")
            year, month = title.groups() if title else (None, None)
            parts.append(table(cells, levels).assign(sheet=name, year=year, month=f"{year}-{month or 1}"))
    rows = pd.concat([part.reindex(columns=parts[0].columns) for part in parts], ignore_index=True)
    return rows[~rows[columns[0]].astype("string").str.replace(" ", "").isin(["合计"])]


def table(cells: pd.DataFrame, levels: int) -> pd.DataFrame:
    """Return the rows under the header (the first row with three cells), without signatures; two levels are joined."""
    head = cells.notna().sum(axis=1).ge(min(3, cells.shape[1])).idxmax()
    names = cells.iloc[head : head + levels].astype("string")
    upper = names.iloc[0].ffill() if levels > 1 else names.iloc[0]
    rows = cells.iloc[head + levels :].set_axis(upper + (names.iloc[1].fillna("") if levels > 1 else ""), axis=1)
    return rows[rows.notna().sum(axis=1) > 1]


def number(values: "pd.Series") -> "pd.Series":
    """Return numbers, without thousands marks and per cent signs."""
    return pd.to_numeric(values.astype("string").str.replace(r"[,%]", "", regex=True), errors="coerce")


def day(values: "pd.Series", years: "pd.Series") -> "pd.Series":
    """Return dates of 2020-01-07, 2020.1.7, 2020年1月7日, 20200107, and of 1.7 in a sheet whose title says the year."""
    text = values.astype("string").str.replace(r"[年月.]", "-", regex=True).str.replace("日", "").str[:10]
    text = text.where(text.str.count("-") != 1, years.astype("string") + "-" + text)
    return pd.to_datetime(text, format="mixed", errors="coerce")
