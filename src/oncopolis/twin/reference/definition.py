"""The compiled definition as things with names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oncopolis.twin.kernels import tables as k
from oncopolis.twin.kernels.tables import Tables
from oncopolis.twin.reference.draws import Spread


@dataclass(frozen=True)
class Hold:
    """So much of a resource; `behind` is care in the background, for which nobody waits."""

    resource: int
    amount: int
    behind: bool


@dataclass(frozen=True)
class Bundle:
    """What a phase holds; who waits for it looks at the resources in `watched`."""

    number: int
    holds: tuple[Hold, ...]
    watched: tuple[int, ...]


@dataclass(frozen=True)
class Phase:
    """A part of an activity; `rest` is the mean time from its beginning to the end of the activity."""

    duration: Spread
    loading: float
    bundle: Bundle
    rest: int


@dataclass(frozen=True)
class Activity:
    """What is done; the patient is there for the first `attended` phases."""

    number: int
    row: int
    phases: tuple[Phase, ...]
    attended: int
    contact: bool
    department: int
    fallback: "Activity | None"
    measures: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Task:
    """An activity of a step, done so many times; `aside` without the patient waiting for it."""

    activity: Activity
    mean_times: float
    times: Spread | None
    share: float
    aside: bool


@dataclass(frozen=True)
class Need:
    """What an appointment takes of a bookable resource: amount, and for how many ticks."""

    bookable: int
    amount: int
    ticks: int


@dataclass(frozen=True)
class Stop:
    """A step on a route; `exits` are (stop, cumulative share), -1 for the end of the route."""

    number: int
    route: int
    row: int
    share: float
    loading: float
    has: int
    lacks: int
    sets: int
    skip_to: int
    exits: tuple[tuple[int, float], ...]
    tasks: tuple[Task, ...]
    setting: int
    aim_days: int
    latest_days: int
    mean_times: float
    times: Spread | None
    repeats: bool
    every_days: int
    on_workdays: bool
    deferral: float
    deferral_days: int
    deferral_loading: float
    priority: int
    patience: Spread | None
    gives_up_to: int
    factor: int
    treats: bool
    window: int
    days_away: int
    base: int
    """The row of this stop once every department is open."""
    from_day: int
    before: int
    """The row that holds before `from_day`, -1 if none."""
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class Episode:
    """What may start from a route."""

    when: int
    share: float
    time: Spread | None
    rate: float
    has: int
    lacks: int
    sets: int
    stop: int


@dataclass(frozen=True)
class Route:
    """Hazards and episodes of everybody on a way through the centre."""

    path: int
    priority: int
    relapse: float
    relapse_years: float
    death: float
    other: float
    ageing: float
    lasts_for_life: bool
    episodes: tuple[Episode, ...]
    rate: float


@dataclass(frozen=True)
class Origin:
    """Where people come from."""

    number: int
    kind: int
    stop: int
    priority: int
    key: int
    expected: tuple[float, ...]
    shape: tuple[float, ...]
    """Share of a day's arrivals that has come by the edges of equal parts of the day."""
    flat: bool
    """Whether they come evenly through the 24 hours."""
    gap: Spread | None
    mean_batch: float
    batch: Spread | None
    members: int
    begins: int
    """From when they come."""
    past: float
    """What of the arrivals of that day lies before."""
    clock: tuple[int, ...]
    no_show: float
    part: float
    cohort: int


@dataclass(frozen=True)
class Person:
    """Somebody who is there when a run begins; times in ticks from its first day."""

    stop: int
    what: int
    left: int
    done: int
    due: int
    mask: int
    began: int
    treated: bool
    origin: int
    key: int
    task: int
    activity: int
    phase: int
    stand_in_for: int | None
    lain: int
    appointments: tuple[int, ...]


@dataclass(frozen=True)
class Bookable:
    """Appointments of a resource: on each day a profile of 96 quarters, in time of units."""

    resource: int
    profile: tuple[int, ...]
    urgent: float
    urgent_days: int
    no_show: float
    cancelled: float
    cancelled_days: int
    lateness: Spread | None
    horizon: int


@dataclass(frozen=True)
class Kind:
    """A resource as it is defined."""

    overflow: int
    even: bool
    stays: bool
    rank: int
    most_waiting: int
    preempts: bool
    must_fit: bool
    fails: int
    up_time: float
    repair: Spread | None
    units: int
    key: int
    tracked: bool


@dataclass(frozen=True)
class Known:
    """Something known beforehand."""

    time: int
    kind: int
    resource: int
    value: int


class Definition:
    """Everything a run reads, from the tables of one replication."""

    def __init__(self, tables: Tables) -> None:
        self._t = tables
        self._rows = {name: array.tolist() for name, array in tables.list_fields().items() if array.ndim == 1}
        self.spreads = [Spread(*row) for row in self._zip("di_kind", "di_a", "di_b", "di_c")]
        self.bundles = self._read_bundles()
        self.activities = self._read_activities()
        self.tasks = [
            Task(self.activities[act], n, self._get_spread(dist), share, bool(aside))
            for act, n, dist, share, aside in self._zip("ta_act", "ta_n", "ta_dist", "ta_share", "ta_aside")
        ]
        self.stops = [self._read_stop(i) for i in range(len(tables.st_route))]
        self.episodes = [
            Episode(when, share, self._get_spread(dist), *rest)
            for when, share, dist, *rest in self._zip(
                "ep_when", "ep_share", "ep_dist", "ep_rate", "ep_has", "ep_lacks", "ep_sets", "ep_stop"
            )
        ]
        self.routes = [self._read_route(i) for i in range(len(tables.ro_path))]
        self.origins = [self._read_origin(i) for i in range(len(tables.so_kind))]
        self.people = [self._read_person(i) for i in range(len(tables.in_stop))]
        self.kinds = [self._read_kind(i) for i in range(len(tables.re_alt))]
        self.bookables = [self._read_bookable(i) for i in range(len(tables.bk_res))]
        self.capacities: list[list[int]] = tables.bk_capacity.tolist()
        self.totals: list[int] = tables.bk_total.tolist()
        self.known = [Known(*row) for row in self._zip("cs_time", "cs_kind", "cs_res", "cs_value")]
        self.opening: list[list[int]] = tables.dw_open.T.tolist()
        self.closing: list[list[int]] = tables.dw_close.T.tolist()
        self.working: list[int] = tables.da_work.tolist()
        self.year: list[int] = tables.da_year.tolist()
        self.first_weekday = int(tables.da_monday[0])
        self.walks: list[list[int]] = tables.walk.tolist()
        self.check_in: list[int] = tables.check_in.tolist()
        self.opens_at: list[int] = tables.opens.tolist()
        self.treated_here: list[list[float]] = tables.factor.tolist()
        self.limits: list[int] = tables.limit.tolist()
        self.n_days = int(tables.sizes[k.N_DAYS])
        self.ring = k.RING

    def get_size(self, place: int) -> int:
        """Return one of the sizes of the tables."""
        return int(self._t.sizes[place])

    def get_stop(self, number: int) -> Stop | None:
        """Return a stop; None for the end of a route."""
        return None if number == k.OUT else self.stops[number]

    def _zip(self, *names: str) -> Any:
        return zip(*(self._rows[name] for name in names), strict=True)

    def _get(self, name: str, row: int) -> Any:
        return self._rows[name][row]

    def _get_spread(self, number: int) -> Spread | None:
        return None if number < 0 else self.spreads[number]

    def _read_bundles(self) -> list[Bundle]:
        holds = [
            Hold(r, amount, bool(behind)) for r, amount, behind in self._zip("be_res", "be_amount", "be_back")
        ]
        watched = self._rows["wl_res"]
        return [
            Bundle(i, tuple(holds[b0:b1]), tuple(watched[w0:w1]))
            for i, (b0, b1, w0, w1) in enumerate(self._zip("bu_0", "bu_1", "bu_w0", "bu_w1"))
        ]

    def _read_activities(self) -> list[Activity]:
        phases = [
            Phase(self.spreads[dist], loading, self.bundles[bundle], rest)
            for dist, loading, bundle, rest in self._zip("ph_dist", "ph_frail", "ph_bundle", "ph_rest")
        ]
        measures = list(self._zip("me_id", "me_n"))
        found: list[Activity] = []
        for i in range(len(self._rows["ac_p0"])):
            first, last = self._get("ac_p0", i), self._get("ac_p1", i)
            fallback = self._get("ac_fallback", i)
            found.append(
                Activity(
                    number=i,
                    row=self._get("ac_row", i),
                    phases=tuple(phases[first:last]),
                    attended=self._get("ac_tail", i) - first,
                    contact=bool(self._get("ac_contact", i)),
                    department=self._get("ac_dept", i),
                    fallback=None if fallback < 0 else found[fallback],
                    measures=tuple(measures[self._get("ac_m0", i) : self._get("ac_m1", i)]),
                )
            )
        return found

    def _read_stop(self, i: int) -> Stop:
        get = self._get
        needs = list(self._zip("sb_bk", "sb_amount", "sb_ticks"))[get("st_b0", i) : get("st_b1", i)]
        return Stop(
            number=i,
            route=get("st_route", i),
            row=get("st_row", i),
            share=get("st_share", i),
            loading=get("st_frail", i),
            has=get("st_has", i),
            lacks=get("st_lacks", i),
            sets=get("st_sets", i),
            skip_to=get("st_skip", i),
            exits=tuple(list(self._zip("ex_to", "ex_share"))[get("st_x0", i) : get("st_x1", i)]),
            tasks=tuple(self.tasks[get("st_t0", i) : get("st_t1", i)]),
            setting=get("st_setting", i),
            aim_days=get("st_aim", i),
            latest_days=get("st_latest", i),
            mean_times=get("st_mean_times", i),
            times=self._get_spread(get("st_times", i)),
            repeats=get("st_times", i) >= 0 or get("st_mean_times", i) != 1.0,
            every_days=get("st_every", i),
            on_workdays=bool(get("st_workdays", i)),
            deferral=get("st_defer", i),
            deferral_days=get("st_defer_days", i),
            deferral_loading=get("st_defer_frail", i),
            priority=get("st_prio", i),
            patience=self._get_spread(get("st_patience", i)),
            gives_up_to=get("st_gives", i),
            factor=get("st_factor", i),
            treats=bool(get("st_treats", i)),
            window=get("st_window", i),
            days_away=get("st_days_away", i),
            base=get("st_base", i),
            from_day=get("st_from", i),
            before=get("st_before", i),
            needs=tuple(Need(*need) for need in needs),
        )

    def _read_route(self, i: int) -> Route:
        get = self._get
        return Route(
            path=get("ro_path", i),
            priority=get("ro_prio", i),
            relapse=get("ro_relapse", i),
            relapse_years=get("ro_relapse_years", i),
            death=get("ro_death", i),
            other=get("ro_other", i),
            ageing=get("ro_ageing", i),
            lasts_for_life=bool(get("ro_life", i)),
            episodes=tuple(self.episodes[get("ro_e0", i) : get("ro_e1", i)]),
            rate=get("ro_rate", i),
        )

    def _read_origin(self, i: int) -> Origin:
        get = self._get
        return Origin(
            number=i,
            kind=get("so_kind", i),
            stop=get("so_stop", i),
            priority=get("so_prio", i),
            key=get("so_key", i),
            expected=_to_tuple(self._t.so_expected[i]),
            shape=_to_tuple(self._t.shape[get("so_shape", i), :-1]),
            flat=self._t.shape[get("so_shape", i), -1] > 0,
            gap=self._get_spread(get("so_dist", i)),
            mean_batch=get("so_batch", i),
            batch=self._get_spread(get("so_batch_dist", i)),
            members=get("so_members", i),
            begins=get("so_from", i),
            past=get("so_past", i),
            clock=tuple(self._rows["clock"][get("so_c0", i) : get("so_c1", i)]),
            no_show=get("so_no_show", i),
            part=get("so_part", i),
            cohort=get("so_cohort", i),
        )

    def _read_person(self, i: int) -> Person:
        get = self._get
        return Person(
            stop=get("in_stop", i),
            what=get("in_what", i),
            left=get("in_left", i),
            done=get("in_done", i),
            due=get("in_due", i),
            mask=get("in_mask", i),
            began=get("in_began", i),
            treated=bool(get("in_treated", i)),
            origin=get("in_source", i),
            key=get("in_key", i),
            task=get("in_task", i),
            activity=get("in_act", i),
            phase=get("in_phase", i),
            stand_in_for=None if get("in_sub", i) < 0 else get("in_sub", i),
            lain=get("in_lain", i),
            appointments=tuple(self._rows["ap_time"][get("in_a0", i) : get("in_a1", i)]),
        )

    def _read_kind(self, i: int) -> Kind:
        get = self._get
        return Kind(
            overflow=get("re_alt", i),
            even=bool(get("re_even", i)),
            stays=bool(get("re_stays", i)),
            rank=get("re_rank", i),
            most_waiting=get("re_waiting", i),
            preempts=bool(get("re_preempts", i)),
            must_fit=bool(get("re_fits", i)),
            fails=get("re_fails", i),
            up_time=get("re_every", i),
            repair=self._get_spread(get("re_repair", i)),
            units=get("re_units", i),
            key=get("re_key", i),
            tracked=get("re_r0", i) >= 0,
        )

    def _read_bookable(self, i: int) -> Bookable:
        get = self._get
        return Bookable(
            resource=get("bk_res", i),
            profile=_to_tuple(self._t.bk_profile[:, i]),
            urgent=get("bk_urgent", i),
            urgent_days=get("bk_urgent_days", i),
            no_show=get("bk_no_show", i),
            cancelled=get("bk_cancelled", i),
            cancelled_days=get("bk_cancelled_days", i),
            lateness=self._get_spread(get("bk_late", i)),
            horizon=get("bk_horizon", i),
        )


def _to_tuple(array: NDArray[np.generic]) -> tuple[Any, ...]:
    values: Sequence[Any] = array.tolist()
    return tuple(values)
