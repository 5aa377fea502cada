"""Bureaus by ``ronghe batch``, with bad days: what befalls one of them befalls it alone."""

import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from pipeline.runs.records.manifest import Manifest
from pipeline.runs.records.places import MANIFEST
from tests.soak import aftermath
from tests.soak.aftermath import Places
from tests.soak.bureaus import make_bureau
from tests.soak.faults import FAULTS, WRONG_FILE, Fault, Harm, Scene, TooLate
from tests.soak.findings import Findings
from tests.soak.programs import Ended, Program, Silent

BUREAUS = 5
WORKERS = 2
QUARTERS = ("2021Q3", "2021Q4")  # which every bureau has
OF_ONE = ("wrong file", "read-only folder", "lock held")  # befall one bureau, before the batch begins
OF_SOME = ("child killed", "notebook killed")  # befall whichever is at work
OF_ALL = ("server killed", "Ctrl-C", "disk full meanwhile")  # befall the whole batch
MOST_LOST = {"child killed": 1, "notebook killed": 1, "server killed": WORKERS}
SECONDS_OF_A_BUREAU = 4.0  # within the time that a batch is at work
SECONDS_BETWEEN_STRIKES = 0.3  # where there was nothing to be harmed
DONE = re.compile(r"\[\d+/\d+\] (?P<bureau>[^：]+)：(?P<state>已发布|没有变化|未报|失败)(?P<told>.*)")  # batch.done_*
STATES = {"已发布": "published", "没有变化": "unchanged", "未报": "late", "失败": "failed"}
BEGUN, STOPPED = "全部单位做同一个季度", "已按要求停止"  # batch.quarter_given, batch.stopped
WORDS = {  # of the texts by which a message is known
    "system": "操作系统不允许读写",
    "run.busy": "另一次运行正在处理",
    "run.task_died": "意外结束",
    "run.kernel_died": "意外结束",
    "batch.lost": "中途结束",
    "run.cell_failed": "File too large",
    "run.task_raised": "File too large",
}

Kinds = tuple[str | None, str | None]  # of the faults before and meanwhile


@dataclass
class Said:
    """What a batch said of each bureau: its state and the words; ``status`` is that of the program."""

    states: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    status: int = 0

    def add(self, line: str) -> None:
        """Take one line."""
        self.lines.append(line)
        if found := DONE.match(line):
            self.states[found["bureau"]] = STATES[found["state"]]
            self.told[found["bureau"]] = found["told"]

    @property
    def has_begun(self) -> bool:
        """Tell whether its workers are at work."""
        return any(line.startswith(BEGUN) for line in self.lines)

    def failed(self, *, but: str = "") -> list[str]:
        """Return the bureaus whose report failed."""
        return [name for name, state in self.states.items() if state in ("failed", "late") and name != but]


@dataclass
class Plan:
    """The bad days of one batch: ``before`` befalls ``victim``, ``meanwhile`` comes ``seconds`` after it began."""

    before: Fault | None
    meanwhile: Fault | None
    victim: str
    seconds: float
    harms: list[Harm] = field(default_factory=list)
    has_struck: bool = False  # ``meanwhile`` has come
    is_late: bool = False  # every bureau was done when it came


def run_batches(
    home: Path,
    quarters: int,
    seed: int,
    findings: Findings,
    is_over: Callable[[], bool],
    faults: Iterator[Kinds] | None = None,
) -> None:
    """Report so many quarters by batches of bureaus in folders below ``home``, unless the time is over before.

    ``faults`` are those of each batch; by default all kinds in a random order.
    """
    chance = random.Random(f"{seed}/batches")
    kinds = faults or _plans(chance)
    for number in count():
        if findings.by_batch >= quarters or is_over():
            return
        places = Places(home / f"batch{number}").made()
        size = min(BUREAUS, -(-(quarters - findings.by_batch) // len(QUARTERS)))
        for place in range(size):
            make_bureau(places.raw / f"县{place}", BUREAUS * number + place, seed)
        for quarter in QUARTERS:
            _both_days(places, quarter, next(kinds), chance, findings)


def _plans(chance: random.Random) -> Iterator[Kinds]:
    """Yield kinds of faults, before and meanwhile: all in a random order, again and again."""
    while True:
        pairs = list(zip(chance.sample(OF_ONE, len(OF_ONE)), (*OF_SOME, None), strict=True))
        yield from chance.sample([*pairs, *((None, kind) for kind in OF_ALL)], len(pairs) + len(OF_ALL))


def _both_days(places: Places, quarter: str, kinds: Kinds, chance: random.Random, findings: Findings) -> None:
    """Run a batch on a bad day, then on a good one."""
    by_kind = {fault.kind: fault for fault in FAULTS}
    before, meanwhile = (by_kind[kind] if kind else None for kind in kinds)
    names = sorted(folder.name for folder in places.raw.iterdir())
    plan = Plan(
        before,
        meanwhile,
        victim=chance.choice(names),
        seconds=chance.uniform(0, SECONDS_OF_A_BUREAU * len(names) / WORKERS),
    )
    where = f"{places.home.name} {quarter}, {' and '.join(kind for kind in kinds if kind)}"
    good_reports = aftermath.reports(places)
    try:
        said = _batch(places, quarter, plan, chance)
    finally:
        for harm in plan.harms:
            harm.undo()
    _judge(where, said, plan, places, quarter, findings)
    findings.add_damage(where, aftermath.changed(good_reports, places))
    _look_around(where, places, findings)
    where = f"{where}, the day after"
    said = _batch(places, quarter, None, chance)
    good = [name for name in names if said.states.get(name) in ("published", "unchanged")]
    if good != names or said.status > 1:
        findings.add(where, [f"status {said.status}", *said.lines])
    _look_around(where, places, findings)
    findings.add_batch(len(names))


def _batch(places: Places, quarter: str, plan: Plan | None, chance: random.Random) -> Said:
    if plan and plan.before:
        plan.harms.append(plan.before.do(_scene(places, 0, plan.victim, chance)))
    folders = ("--processed", str(places.processed), "--figures", str(places.figures))
    options = ("--quarter", quarter, "--workers", str(WORKERS), *folders)
    program, said = Program(places, "-m", "pipeline", "batch", str(places.raw), *options, with_errors=True), Said()
    try:
        while not said.has_begun:
            said.add(program.line())
        if plan and plan.meanwhile:
            _follow(program, said, plan.seconds)
            _strike(plan, _scene(places, program.pid, plan.victim, chance), program, said)
            plan.is_late = len(said.states) == len(list(places.raw.iterdir()))
        while True:
            said.add(program.line())
    except Ended:
        said.status = program.end()
    finally:
        program.kill()
    return said


def _follow(program: Program, said: Said, seconds: float) -> None:
    """Take what a program says for so many seconds; raises `Ended`."""
    until = time.monotonic() + seconds
    with suppress(Silent):
        while (left := until - time.monotonic()) > 0:
            said.add(program.line(left))


def _scene(places: Places, program: int, victim: str, chance: random.Random) -> Scene:
    return Scene(program, places.raw / victim, (places.processed / victim, places.figures / victim), chance)


def _strike(plan: Plan, scene: Scene, program: Program, said: Said) -> None:
    """Do harm as soon as there is anything to be harmed; raises `Ended`."""
    assert plan.meanwhile is not None
    while not plan.has_struck:
        try:
            plan.harms.append(plan.meanwhile.do(scene))
            plan.has_struck = True
        except TooLate:
            _follow(program, said, SECONDS_BETWEEN_STRIKES)


def _judge(where: str, said: Said, plan: Plan, places: Places, quarter: str, findings: Findings) -> None:
    """Hold what was said against what was done: the victim alone, and by its reason."""
    excused = ""
    if plan.before:
        excused = plan.victim
        named = _is_named(said, plan.before, plan.victim, places, quarter)
        findings.add_fault(plan.before, named=named)
        findings.add(where, [] if named else [f"{plan.victim}: {said.states} {said.told}"])
    if plan.meanwhile and plan.has_struck:
        lost = said.failed(but=excused)
        if plan.meanwhile.kind == "Ctrl-C":
            hit, named = not plan.is_late, said.status == 3 and any(STOPPED in line for line in said.lines)
        else:
            hit = bool(lost)
            named = all(_tells(said.told[name], plan.meanwhile) for name in lost)
            named &= len(lost) <= MOST_LOST.get(plan.meanwhile.kind, len(said.states))
        if hit:
            findings.add_fault(plan.meanwhile, named=named)
        else:
            findings.add_fault(plan.meanwhile, harmless=True)
        findings.add(where, said.lines if hit and not named else [])
    elif said.failed(but=excused):
        findings.add(where, [f"others failed too: {said.told}"])


def _is_named(said: Said, fault: Fault, victim: str, places: Places, quarter: str) -> bool:
    if "refused" in fault.told:
        manifest = places.figures / victim / quarter / MANIFEST
        refusals = Manifest.read(manifest).findings.refusals if manifest.is_file() else ()
        return said.states.get(victim) == "published" and any(WRONG_FILE in line for line in refusals)
    return said.states.get(victim) == "failed" and _tells(said.told[victim], fault)


def _tells(told: str, fault: Fault) -> bool:
    return any(WORDS[key] in told for key in fault.told if key in WORDS)


def _look_around(where: str, places: Places, findings: Findings) -> None:
    left = aftermath.at_work(places, 0, is_alive=False)
    findings.add(where, [*left, *aftermath.left_over(places, is_alive=False)])
    findings.add_damage(where, aftermath.damaged(places))
