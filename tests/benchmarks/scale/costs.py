"""Unit costs: what one report, one row, one job takes, each with how it is measured; kept as JSON for the plan."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """One measured figure; ``how`` is the command, or the name of the simulation, that measures it again."""

    name: str
    value: float
    unit: str
    how: str


class Costs(Mapping[str, float]):
    """The figures by name, in the order in which they were measured."""

    def __init__(self, costs: Iterable[Cost]) -> None:
        self.costs = {cost.name: cost for cost in costs}

    def __getitem__(self, name: str) -> float:
        return self.costs[name].value

    def __iter__(self):
        return iter(self.costs)

    def __len__(self) -> int:
        return len(self.costs)

    def save(self, path: Path) -> None:
        """Write all of them as JSON."""
        path.write_text(json.dumps([asdict(cost) for cost in self.costs.values()], indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Costs":
        """Return costs that were saved."""
        return cls(Cost(**record) for record in json.loads(path.read_text(encoding="utf-8")))
