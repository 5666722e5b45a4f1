"""`Resource`: what activities hold: rooms, machines, beds, places and roles."""

from typing import Annotated, Literal

from pydantic import Field

from oncopolis.centre.number import Amount, Identifier, PositiveNorm, PositiveShare, Salary, Share, UpkeepTime
from oncopolis.centre.service import Booking, Breakdown, Maintenance, Shift
from oncopolis.foundation import Frozen

Kind = Literal["room", "machine", "bed", "place", "role"]


class Driver(Frozen):
    """A norm: so many units of `per` go with one of these."""

    label: str = ""
    """What the norm is called, where several stand side by side."""
    per: str
    """What it is counted on: ``resource.<id>``, ``measure.<id>``, ``activity.<id>``,
    ``patients.<attribute>``, ``demand.cases``, ``demand.new_cases``, ``demand.population``,
    ``space.gross_m2``, ``staff.total``, ``beds.total``, ``biobank.tanks`` or ``centre`` (the centre as a
    whole)."""
    each: PositiveNorm | None = None
    """How many of `per` one unit serves (250 patients per oncologist)."""
    times: Amount | None = None
    """How many units each of `per` takes (two pumps a chair); state `each` or `times`."""


class Sizing(Frozen):
    """How the number needed follows from the time held."""

    utilisation: PositiveShare
    """Share of open time that can be filled without queues growing (beds: occupancy)."""
    availability: PositiveShare | None = None
    """Share of open time the machine works (breakdown and maintenance taken off)."""
    spare: Share | None = None
    """Margin on top, as a share of the need, so that waiting stays short."""
    at_least: Annotated[int, Field(ge=0)] = 0
    """Smallest number that makes sense once there is any need."""
    plus_one: bool = False
    """N+1: one more than the need, for critical services."""
    multiple_of: Annotated[int, Field(ge=1)] = 1
    """Bought in sets of this many (linacs in matched pairs: 2)."""


class Post(Frozen):
    """A post that must be filled for as long as its calendar is open, whether patients come or not."""

    label: str = ""
    """What the post is."""
    calendar: Identifier
    """When it must be filled."""
    n: Amount = 1
    """Posts, for each unit of `per`."""
    per: str = "centre"
    """What the posts are counted on, as in `Driver.per`; halves and less are rounded up."""
    each: PositiveNorm | None = None
    """How many of `per` one post serves."""


class Upkeep(Frozen):
    """Work on a machine that no patient takes part in: quality assurance, maintenance."""

    role: Identifier
    """Who does it."""
    time: UpkeepTime
    """Time it takes per unit and year; row's unit min/year or hour/year."""


class Staffing(Frozen):
    """How many full-time equivalents of a role follow from its work."""

    clinical_share: PositiveShare
    """Share of the productive hours left for patients after teaching, research and meetings."""
    posts: tuple[Post, ...] = ()
    """Posts filled around patients: rota, duty, supervision."""
    norms: tuple[Driver, ...] = ()
    """Ratio norms shown beside the activity-based number."""
    hours: Identifier = "standard"
    """Working time of the practice that applies (radiation workers: a shorter one)."""
    basis: Literal["activity", "norm"] = "activity"
    """Which of them the plan takes; `norm` takes the first norm."""
    at_least: Annotated[int, Field(ge=0)] = 0
    """Smallest number that makes sense."""


class Resource(Frozen):
    """Something activities hold while they run."""

    kind: Kind
    """What it is."""
    label: str
    """Plural noun."""
    department: Identifier
    """Department it belongs to."""
    n: Annotated[int, Field(ge=0)] | Literal["planned"] = "planned"
    """How many there are, or `planned`: the plan finds out. Of a role: people present during `calendar`, for
    the twin."""
    calendar: Identifier
    """When it is open (beds: around the clock)."""
    sizing: Sizing | None = None
    """For everything but roles. What states its number or its shifts may leave it out: then it is there for
    the twin alone, and the plan does not count it (the one of several scanners that is on at night)."""
    staffing: Staffing | None = None
    """For roles."""
    upkeep: tuple[Upkeep, ...] = ()
    """Work per unit that no patient takes part in."""
    norms: tuple[Driver, ...] = ()
    """Ratio norms shown beside the need computed from time."""
    salary: Salary | None = None
    """For roles: yearly cost of one full-time equivalent."""
    group: Identifier | None = None
    """For roles: professional group for tables."""
    shifts: tuple[Shift, ...] = ()
    """How many are there when, in place of `n` and `calendar`, for the twin."""
    booking: Booking | None = None
    """Time is given out beforehand; first come, first served if left out."""
    breakdown: Breakdown | None = None
    """Failures, for the twin; the plan has `sizing.availability`."""
    maintenance: Maintenance | None = None
    """Planned absence of units, for the twin; the plan has `sizing.availability`."""
    overflow: Identifier | None = None
    """Another resource that is taken when this one is full (patients of a ward on the next one)."""
    waiting: Annotated[int, Field(ge=0)] | None = None
    """Most who may wait for it; who comes then is turned away and goes where the step's `gives_up` says."""
    preempts: bool = False
    """Whether a more urgent request interrupts the least urgent one, which is resumed later."""
    daily_check: bool = False
    """Of a machine or room: whether its quality has to be checked each day before it is used on anybody. A
    live centre locks it until that was recorded; in shadow mode it is told."""

    @property
    def is_outside_plan(self) -> bool:
        """Whether the plan neither sizes nor counts it."""
        is_stated = isinstance(self.n, int) or bool(self.shifts)
        return self.kind != "role" and self.sizing is None and is_stated
