"""What a soak has seen: quarters, faults by kind, and what was wrong."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.soak.faults import Fault
from tests.soak.measuring import Growth

TOLD_EVERY = 10  # quarters


@dataclass
class Findings:
    """Counts of a soak; ``wrong`` are the sentences for which it fails, each with where it was seen."""

    in_one_process: int = 0  # quarters
    by_batch: int = 0
    batches: int = 0
    injected: Counter[str] = field(default_factory=Counter)  # by kind of fault
    named: int = 0  # faults whose message says what happened, and to what
    harmless: int = 0  # faults that hit what had done its work, or could be done without
    damaged: int = 0  # reports
    wrong: list[str] = field(default_factory=list)
    growth: Growth | None = None
    tell: Callable[[str], None] = lambda _: None

    def add(self, where: str, wrong: Iterable[str]) -> None:
        """Note what was wrong somewhere."""
        for line in wrong:
            self.wrong.append(f"{where}: {line}")
            self.tell(self.wrong[-1])

    def add_quarter(self) -> None:
        """Count one quarter of the one process."""
        self.in_one_process += 1
        if self.in_one_process % TOLD_EVERY == 0:
            self.tell(str(self))

    def add_batch(self, bureaus: int) -> None:
        """Count one batch, on a bad day and on a good one."""
        self.batches += 1
        self.by_batch += bureaus
        self.tell(str(self))

    def add_damage(self, where: str, wrong: list[str]) -> None:
        """Note reports that are not whole."""
        self.damaged += bool(wrong)
        self.add(where, wrong)

    def add_fault(self, fault: Fault, *, named: bool = False, harmless: bool = False) -> None:
        """Count one fault; neither ``named`` nor ``harmless``, it has passed in silence or under a wrong name."""
        self.injected[fault.kind] += 1
        self.named += named
        self.harmless += harmless

    @property
    def is_well(self) -> bool:
        """Tell whether everything held."""
        answered = self.named + self.harmless == self.injected.total()
        return not self.wrong and answered and (self.growth is None or self.growth.is_flat)

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.injected.items()))
        parts = [
            f"{self.in_one_process + self.by_batch} quarters ({self.in_one_process} in one process, "
            f"{self.by_batch} in {self.batches} batches)",
            f"{self.injected.total()} faults injected ({kinds})",
            f"{self.named} named, {self.harmless} without consequence",
            f"{self.damaged} reports damaged",
            str(self.growth) if self.growth else "too few reports to tell growth",
        ]
        return f"Soak: {'; '.join(parts)}"
