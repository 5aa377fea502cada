"""Quarter after quarter in one process, with bad days in between, as ``ronghe report --watch`` lives for months."""

import json
import random
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from pipeline.runs.records.logbook import COMPARED
from tests.soak import aftermath
from tests.soak.aftermath import Places
from tests.soak.bureaus import Bureau, make_bureau
from tests.soak.faults import FAULTS, Fault, Harm, Scene, TooLate
from tests.soak.findings import Findings
from tests.soak.measuring import Held, measure
from tests.soak.programs import Program
from tests.soak.reporter import ANSWER, Answer

SHARE_WITH_FAULT = 0.3  # of the quarters
SHARE_MADE_AGAIN = 0.5  # of those: the quarter stands already when the fault comes
LONGEST_DELAY = 0.6  # seconds after a point
STRIKES_AT = (
    *("survey.begun", "1_ingest.begun", "2_points.begun", "3_panel.begun"),
    *("4_quarterly_report.begun", "5_annual_review.begun", "page.begun"),
)


@dataclass(frozen=True)
class Asked:
    """One request to the process: a quarter of a bureau, and whether it is made though nothing has changed."""

    bureau: Bureau
    quarter: str
    is_forced: bool = False


@dataclass
class Struck:
    """A bad day within a run: when it comes, and what came of it."""

    fault: Fault
    point: str
    delay: float
    harm: Harm | None = None
    is_late: bool = False  # nothing was left to do harm to, or all that it could harm had been compared


@dataclass
class OneProcess:
    """The process, what is around it, and what it was seen to hold after each report."""

    places: Places
    seed: int
    findings: Findings
    program: Program = field(init=False)
    held: list[Held] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.program = Program(self.places, "-m", "tests.soak.reporter")

    def run(self, quarters: int, is_over: Callable[[], bool], faults: Iterator[Fault] | None = None) -> None:
        """Report so many quarters of bureau after bureau, with bad days in between, unless the time is over before.

        ``faults`` are those to come, one in each quarter that has any; by default a random order of all kinds, for some
        of the quarters.
        """
        chance = random.Random(f"{self.seed}/one process")
        coming = faults or _shuffled(chance)
        for number in count():
            bureau = make_bureau(self.places.raw / f"县{number:03d}", number, self.seed)
            for quarter in bureau.quarters:
                if self.findings.in_one_process >= quarters or is_over():
                    return
                has_fault = faults is not None or chance.random() < SHARE_WITH_FAULT
                self._quarter(Asked(bureau, quarter), next(coming) if has_fault else None, chance)
            self._forget(bureau)

    def end(self) -> None:
        """Let the process end, and look that nothing of it is left."""
        status = self.program.end()
        left = aftermath.at_work(self.places, self.program.pid, is_alive=False)
        self.findings.add("the end", [*left, *aftermath.left_over(self.places, is_alive=False)])
        self.findings.add("the end", [f"status {status}"] if status else [])

    def _quarter(self, asked: Asked, fault: Fault | None, chance: random.Random) -> None:
        where = f"{asked.bureau.folder.name} {asked.quarter}"
        is_again = fault is not None and chance.random() < SHARE_MADE_AGAIN
        if fault is not None:
            if is_again:
                self._good(where, asked)
            self._bad(f"{where}, {fault.kind}", Asked(asked.bureau, asked.quarter, is_again), fault, chance)
        self._good(where, Asked(asked.bureau, asked.quarter, is_again))
        self.findings.add_quarter()

    def _good(self, where: str, asked: Asked) -> None:
        """Report on a good day, which must succeed."""
        answer = self._ask(asked)
        if answer.state not in ("published", "unchanged"):
            self.findings.add(where, [f"{answer.state} without a fault: {answer.key} {answer.told}"])
        self._look_around(where)
        self.held.append(measure(self.program.pid))

    def _bad(self, where: str, asked: Asked, fault: Fault, chance: random.Random) -> None:
        """Report on a bad day: it is named, and what was published before is as it was."""
        before = aftermath.reports(self.places)
        folders = (self.places.processed / asked.bureau.folder.name, self.places.figures / asked.bureau.folder.name)
        scene = Scene(self.program.pid, asked.bureau.folder, folders, chance)
        struck = Struck(fault, chance.choice(STRIKES_AT), chance.uniform(0, LONGEST_DELAY))
        try:
            answer = self._ask(asked, struck, scene)
        finally:
            if struck.harm:
                struck.harm.undo()
        self._judge(where, answer, struck)
        if answer.state not in ("published", "unchanged"):
            self.findings.add_damage(where, aftermath.changed(before, self.places))
        self._look_around(where, may_be_left=fault.may_leave)

    def _judge(self, where: str, answer: Answer, struck: Struck) -> None:
        fault, named = struck.fault, struck.harm.named if struck.harm else ""
        told = "refused" if answer.state == "published" and answer.told else answer.key or answer.state
        if struck.harm is None and answer.state == "published":
            return  # nothing was done
        if told in fault.told and named in answer.told:
            self.findings.add_fault(fault, named=True)
        elif answer.state == "published" and (struck.is_late or fault.may_miss):
            self.findings.add_fault(fault, harmless=True)
        else:
            self.findings.add_fault(fault)
            at = f"at {struck.point} + {struck.delay:.2f} s" if not fault.is_first else "before"
            self.findings.add(where, [f"{at}: {answer.state} {answer.key} {answer.told!r}, expected {set(fault.told)}"])

    def _ask(self, asked: Asked, struck: Struck | None = None, scene: Scene | None = None) -> Answer:
        """Send a request and follow its log; do harm at its time."""
        if struck and scene and struck.fault.is_first:
            struck.harm = struck.fault.do(scene)
        request = {
            "bureau": str(asked.bureau.folder),
            "quarter": asked.quarter,
            "processed": str(self.places.processed),
            "figures": str(self.places.figures),
            "force": asked.is_forced,
        }
        self.program.send(json.dumps(request))
        while not (line := self.program.line()).startswith(ANSWER):
            if struck and scene and line.startswith(struck.point) and struck.harm is None:
                self._strike(struck, scene)
            if struck and line.startswith(COMPARED) and struck.harm is None:
                struck.is_late = True
        return Answer(**json.loads(line.removeprefix(ANSWER)))

    def _strike(self, struck: Struck, scene: Scene) -> None:
        time.sleep(struck.delay)
        try:
            struck.harm = struck.fault.do(scene)
        except TooLate:
            struck.is_late = True

    def _look_around(self, where: str, *, may_be_left: bool = False) -> None:
        """Look that nothing is left of a run, and that every report verifies."""
        left = aftermath.at_work(self.places, self.program.pid, is_alive=True)
        self.findings.add(where, left if may_be_left else [*left, *aftermath.left_over(self.places, is_alive=True)])
        self.findings.add_damage(where, aftermath.damaged(self.places))

    def _forget(self, bureau: Bureau) -> None:
        """Take a bureau away that has had its turn: two hundred would fill the disk."""
        for root in (self.places.raw, self.places.processed, self.places.figures):
            shutil.rmtree(root / bureau.folder.name, ignore_errors=True)


def _shuffled(chance: random.Random) -> Iterator[Fault]:
    """Yield all kinds in a random order, then all in another, and so on."""
    while True:
        yield from chance.sample(FAULTS, len(FAULTS))
