"""Tables that are made when somebody first looks at them: hardly anybody looks at all of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import pandas as pd


class TablesOnDemand(Mapping[str, pd.DataFrame]):
    """Tables by name, made by ``make`` whenever one is looked at: for who looks once, and keeps something else."""

    def __init__(self, names: Iterable[str], make: Callable[[str], pd.DataFrame]) -> None:
        self._make = make
        self._names = dict.fromkeys(names)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._names:
            raise KeyError(name)
        return self._make(name)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class LazyTables(TablesOnDemand):
    """Tables by name, each made once and kept."""

    def __init__(self, names: Iterable[str], make: Callable[[str], pd.DataFrame]) -> None:
        super().__init__(names, make)
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            self._made[name] = super().__getitem__(name)
        return self._made[name]
