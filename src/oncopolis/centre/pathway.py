"""`Pathway`: steps with branches, repeats, intervals and episodes, written once and read three ways."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from oncopolis.centre.number import (
    USUAL_PRIORITY,
    Amount,
    Identifier,
    Number,
    Priority,
    Rate,
    Share,
    Time,
)
from oncopolis.foundation import Frozen

Setting = Literal["outpatient", "day_case", "inpatient", "remote", "none"]
"""Where a step happens; `outpatient` and `day_case` make a visit (one person on one day)."""

Family = Literal["fixed", "exponential", "uniform"]

END = "end"
"""The `next` of a step after which the pathway is over."""


class Task(Frozen):
    """One activity of a step."""

    activity: Identifier
    """Activity to do."""
    n: Amount = 1
    """How often within the step."""
    share: Share | None = None
    """Share of patients who need it; everyone if left out."""
    using: Annotated[dict[Identifier, Number], Field(alias="with")] = {}
    """Values for the activity's parameters."""


class Interval(Frozen):
    """Time between the end of the previous step and the start of this one, in days."""

    earliest_days: Annotated[int, Field(ge=0)] = 0
    """Not before this many days."""
    target_days: Annotated[int, Field(ge=0)] | None = None
    """Wished for; `earliest_days` if left out. The plan reads this one."""
    latest_days: Annotated[int, Field(ge=0)] | None = None
    """A breach after this many days."""

    @model_validator(mode="after")
    def _is_ordered(self) -> "Interval":
        days = [self.earliest_days, self.aim_days, self.latest_days]
        stated = [day for day in days if day is not None]
        if stated != sorted(stated):
            raise ValueError("earliest_days <= target_days <= latest_days")
        return self

    @property
    def aim_days(self) -> int:
        """Days the plan counts with."""
        return self.earliest_days if self.target_days is None else self.target_days


class Deferral(Frozen):
    """An occurrence of a repeated step that is put off, and the rest of the series with it."""

    share: Share
    """Share of the occurrences that are put off (low blood counts: a cycle of chemotherapy a week later)."""
    days: Annotated[int, Field(ge=1)]
    """Days it is put off by."""
    frailty: Share | None = None
    """Correlation with the patient's frailty; the mean share stays what it is."""


class Repeat(Frozen):
    """The step is done `n` times, one every so many days."""

    n: Amount
    """How often; a coefficient may be no whole number (a mean over patients)."""
    every_days: Annotated[int, Field(ge=1)] = 1
    """Days from one to the next."""
    workdays: bool = False
    """Whether the days are counted in working days (fractions: one a workday)."""
    deferral: Deferral | None = None
    """Occurrences put off. For the twin: the plan does not shift them."""


class Decision(Frozen):
    """Who decides a branch in the live centre, on what; the plan and the twin use the shares."""

    decider: Identifier | None = None
    """Role or board that decides; operations never draws a branch."""
    needs: tuple[str, ...] = ()
    """Information that must be there first."""
    reasons: tuple[str, ...] = ()
    """Reasons to choose from when it is recorded."""


class Condition(Decision):
    """The step is done only for some; the others pass it by."""

    share: Share | None = None
    """Share of those who come here for whom it is done."""
    frailty: Share | None = None
    """Correlation of `share` with the patient's frailty: the frail are chosen first, the share stays what it
    is."""
    has: tuple[Identifier, ...] = ()
    """Attributes the patient must have."""
    lacks: tuple[Identifier, ...] = ()
    """Attributes the patient must not have."""

    @model_validator(mode="after")
    def _has_share_to_correlate(self) -> "Condition":
        if self.frailty is not None and self.share is None:
            raise ValueError("`share` beside `frailty`, which correlates it with the patient's")
        return self


class Option(Frozen):
    """One way out of a branch."""

    to: Identifier
    """Step it leads to, or `end`."""
    share: Share | Literal["rest"]
    """Share of patients; `rest` for what the other options leave."""
    label: str = ""
    """What it means, for the screen of the decider."""


class Branch(Decision):
    """Ways out of a step. Shares sum to 1, or exactly one option takes the rest."""

    options: Annotated[tuple[Option, ...], Field(min_length=1)]
    """The ways."""


class Step(Frozen):
    """A step of a pathway: activities done together, or a block of further steps."""

    id: Identifier
    """Name within the pathway."""
    label: str = ""
    """What it is called on screens; the id if left out."""
    do: tuple[Task | Identifier, ...] = ()
    """Activities of this step, done on one day."""
    block: Identifier | None = None
    """Block of steps to put here instead of `do`."""
    using: Annotated[dict[Identifier, Number], Field(alias="with")] = {}
    """Values for the block's parameters."""
    setting: Setting = "outpatient"
    """Where it happens."""
    modality: Identifier | None = None
    """Modality (radiotherapy, surgery, systemic …) whose referral and uptake apply."""
    when: Condition | None = None
    """For whom it is done; everyone if left out."""
    after: Interval = Interval()
    """Time since the previous step."""
    repeat: Repeat | None = None
    """How often it is done."""
    set: tuple[Identifier, ...] = ()
    """Attributes the patient has from here on."""
    next: Identifier | Branch | None = None
    """Where it goes on; the following step if left out, `end` to stop."""
    priority: Priority | None = None
    """Rank in the queues of this step; that of the flow or the pathway if left out. On a block: of all its
    steps that state none."""
    patience: Time | None = None
    """How long somebody waits to be served in this step before giving up; 0: does not wait at all. Its
    row's distribution is what the twin samples; for ever if left out."""
    gives_up: Identifier | None = None
    """Step for those who give up or are turned away; out of the pathway if left out."""

    @model_validator(mode="after")
    def _waits_itself(self) -> "Step":
        if self.block and (self.patience is not None or self.gives_up is not None):
            raise ValueError("`patience` and `gives_up` on the steps of the block, not on the step of it")
        return self


class Hazard(Frozen):
    """A constant hazard that competes with everything in the pathway."""

    hazard: Rate
    """Rate of leaving by death or drop-out, 1/year."""


class Episode(Frozen):
    """A further pathway started from this one."""

    id: Identifier
    """Name within the pathway."""
    start: Identifier
    """Pathway that is started."""
    when: Literal["completion", "relapse", "death", "time", "rate"] = "completion"
    """What starts it: the last step, the cohort's relapse, death, a waiting time, or a yearly rate.

    `relapse` and `time` end the pathway they come from; `rate` starts an episode again and again."""
    share: Share | None = None
    """Share of those to whom the event happens; all if left out."""
    mean: Time | None = None
    """Mean waiting time, for `time`."""
    family: Family = "exponential"
    """Shape of the waiting time, for `time`."""
    rate: Rate | None = None
    """Events per person and year, for `rate`; unit 1/year."""
    stage: Identifier | None = None
    """Stage the patient has from then on (`iv` after a distant relapse)."""
    at: Identifier | None = None
    """Step the started pathway is entered at; its first if left out."""
    has: tuple[Identifier, ...] = ()
    """Attributes the patient must have at the end of the pathway."""
    lacks: tuple[Identifier, ...] = ()
    """Attributes the patient must not have."""
    set: tuple[Identifier, ...] = ()
    """Attributes the patient has from then on."""

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> "Episode":
        if (self.when == "time") != (self.mean is not None):
            raise ValueError("`mean` for `when: time`, and only there")
        if (self.when == "rate") != (self.rate is not None):
            raise ValueError("`rate` for `when: rate`, and only there")
        return self


class Block(Frozen):
    """Steps with parameters, put into pathways in place of a step."""

    label: str
    """What it is called."""
    parameters: dict[Identifier, str] = {}
    """Parameters -> unit of each."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    """Steps in order; the block is left after the last, or by `next: end`."""


class Pathway(Frozen):
    """How patients of one kind are diagnosed, treated and followed."""

    label: str
    """What it is called."""
    version: Annotated[int, Field(ge=1)] = 1
    """Patients keep the version they started on."""
    status: Literal["draft", "approved"] = "draft"
    """Only approved and signed pathways may be used on patients; drafts run in plan and twin."""
    signed_by: tuple[str, ...] = ()
    """Members of the tumour board who approved it."""
    priority: Priority = USUAL_PRIORITY
    """Rank in queues, 0 to 9: lower is served first, below 5 is urgent."""
    survival: Literal["none", "cohort", "advanced"] | Hazard = "none"
    """What competes with the pathway: nothing, the cohort's relapse and other causes of death, or
    death from advanced disease."""
    lasts: Literal["steps", "life"] = "steps"
    """Whether the patient stays in it until its last step, or for life."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    """Steps in order."""
    episodes: tuple[Episode, ...] = ()
    """What may start from here."""

    @model_validator(mode="after")
    def _is_signed_if_approved(self) -> "Pathway":
        if self.status == "approved" and not self.signed_by:
            raise ValueError("`signed_by` for an approved pathway")
        return self
