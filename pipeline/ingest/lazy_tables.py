"""Tables that are made when somebody first looks at them: hardly anybody looks at all of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import pandas as pd


class LazyTables(Mapping[str, pd.DataFrame]):
    """Tables by name, each made once, by ``make``."""

    def __init__(self, names: Iterable[str], make: Callable[[str], pd.DataFrame]) -> None:
        self._make = make
        self._made: dict[str, pd.DataFrame | None] = dict.fromkeys(names)

    def __getitem__(self, name: str) -> pd.DataFrame:
        table = self._made[name]
        if table is None:
            table = self._made[name] = self._make(name)
        return table

    def __contains__(self, name: object) -> bool:
        return name in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
