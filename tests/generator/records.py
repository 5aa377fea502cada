"""What happened in a bureau, one frozen record a fact; no record knows how it will be written down."""

from dataclasses import dataclass
from datetime import date, datetime

from pipeline.catalog.records import Function


@dataclass(frozen=True)
class GroupSpec:
    """A party group, the work it does, and the names it goes by in each kind of workbook."""

    party_group: str
    function: Function
    leader_post: str
    member_post: str
    sales_unit: str  # in sales and shelf reports
    office: str  # in case ledgers
    inspection_unit: str  # in inspection reports
    other_names: tuple[str, ...]
    size: float  # of its market, 1 for the three groups of the founding article

    @property
    def sells(self) -> bool:
        return self.function != "enforcement"

    @property
    def enforces(self) -> bool:
        return self.function != "marketing"


@dataclass(frozen=True)
class Membership:
    member: str
    gender: str
    post: str
    party_group: str
    party_role: str
    joined_on: date
    left_on: date | None  # first day in no group, or in the next one
    note: str

    def holds_on(self, day: date) -> bool:
        """Tell whether the member belongs to the group on a day."""
        return self.joined_on <= day and (self.left_on is None or day < self.left_on)


@dataclass(frozen=True)
class Absence:
    member: str
    reason: str


@dataclass(frozen=True)
class Leave:
    """Leave as the ledger of leaves holds it; ``to_on`` is its last day."""

    member: str
    leave_type: str
    from_on: date
    to_on: date
    note: str


@dataclass(frozen=True)
class LeaderTerm:
    """Who led a party group from when; ``ended_on`` is the first day after the term."""

    party_group: str
    member: str
    started_on: date
    ended_on: date | None


@dataclass(frozen=True)
class Activity:
    held_on: date
    party_group: str
    activity_type: str
    theme: str
    expected: int | None
    present: int | None
    absences: tuple[Absence, ...]  # who asked for leave
    topic: str
    has_record: bool
    attendees: tuple[str, ...] = ()  # empty where nobody wrote the names down
    absentees: tuple[str, ...] = ()  # who stayed away without asking


@dataclass(frozen=True)
class Decision:
    decision_no: str
    decided_on: date
    party_group: str
    topic: str
    decision: str
    owner: str
    due_on: date
    closed_on: date | None


@dataclass(frozen=True)
class Opinion:
    opinion_no: str
    collected_on: date
    collector: str
    party_group: str
    source: str
    category: str
    content: str
    handler: str
    due_on: date
    closed_on: date | None
    satisfaction: str


@dataclass(frozen=True)
class QuizAttempt:
    session_on: date
    member: str
    score: int
    duration_s: int
    submitted_at: datetime


@dataclass(frozen=True)
class GuidanceVisit:
    visited_on: date
    retailer_no: str
    member: str
    problem: str
    outcome: str


@dataclass(frozen=True)
class SalesMonth:
    month: date
    party_group: str
    volume_xiang: float  # one decimal
    plan_xiang: float
    revenue_yuan: int
    revenue_per_case_target_yuan: int
    class1_volume_xiang: float  # one decimal


@dataclass(frozen=True)
class ShelfMonth:
    month: date
    party_group: str
    retailers: int
    stocking_retailers: int
    target_pct: float


@dataclass(frozen=True)
class InspectionMonth:
    month: date
    party_group: str
    market_inspections: int
    courier_inspections: int
    offending_retailers: int
    plan: int


@dataclass(frozen=True)
class Case:
    case_no: str
    filed_on: date
    cause: str
    place: str
    party_group: str
    genuine_tiao: float
    counterfeit_tiao: float
    smuggled_tiao: float
    case_value_yuan: int
    is_courier: bool
    closed_on: date | None
    is_transferred: bool

    @property
    def seized_tiao(self) -> float:
        return round(self.genuine_tiao + self.counterfeit_tiao + self.smuggled_tiao, 1)


@dataclass(frozen=True)
class UnlicensedShop:
    township: str
    operator: str
    found_on: date
    source: str
    remedy: str
    owner: str
    party_group: str  # of the owner on the day it was found
    closed_on: date | None


@dataclass(frozen=True)
class LedgerEntry:
    """A bonus or a deduction: of the group, or of a member of it."""

    month: date
    party_group: str
    item: str
    points: int
    ground: str
    member: str = ""
    about_item: str = ""  # the item whose record was falsified
    recorded_on: date | None = None


@dataclass(frozen=True)
class Correction:
    """Points of a month that were added or taken back after they had been published."""

    corrected_on: date
    month: date
    party_group: str
    member: str  # empty for a correction of the group itself
    item: str
    change_points: float
    ground: str


@dataclass(frozen=True)
class MutualRating:
    year: int
    quarter: int
    rater_group: str
    rated_group: str
    score: int


@dataclass(frozen=True)
class ItemRating:
    """One part of a mutual review, where groups judge part by part; groups rate themselves too."""

    year: int
    quarter: int
    rater_group: str
    rated_group: str
    review_item: str
    score: int


@dataclass(frozen=True)
class LeaderDuty:
    year: int
    quarter: int
    member: str
    duty_item: str
    full_points: int
    points: int


@dataclass(frozen=True)
class ModelVote:
    year: int
    round_name: str
    party_group: str
    votes: int
    voters: int
    veto_ground: str


@dataclass(frozen=True)
class CommitteeScore:
    year: int
    quarter: int
    party_group: str
    score: float


@dataclass(frozen=True)
class PeerAppraisal:
    year: int
    party_group: str
    score: float


@dataclass(frozen=True)
class Training:
    held_on: date
    member: str
    training_mode: str
    hours_h: int
    score: int


@dataclass(frozen=True)
class Pledge:
    member: str
    pledged_on: date
    pledge: str
    due_on: date
    closed_on: date | None


@dataclass(frozen=True)
class PostDuty:
    month: date
    post: str
    duty_area: str
    member: str
    duty_count: int
    is_pioneer: bool


@dataclass(frozen=True)
class FrontlineVisit:
    visited_on: date
    member: str
    place: str
    matter: str
