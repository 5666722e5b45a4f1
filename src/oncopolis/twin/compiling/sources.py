"""From inflows to sources: how many are expected each day, at which hour, and in what manner they come."""

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre import Coefficient
from oncopolis.centre.catchment import Referral
from oncopolis.centre.cohort import Flow
from oncopolis.centre.intake import Inflow, Intake, find_nearest
from oncopolis.foundation.kernels.variates import EXPONENTIAL
from oncopolis.foundation.names import name_key
from oncopolis.foundation.units import DAYS_PER_YEAR, MS_PER_DAY
from oncopolis.twin.compiling.columns import Columns
from oncopolis.twin.compiling.days import Days, Flags, read_clock, read_hours
from oncopolis.twin.compiling.people import People
from oncopolis.twin.compiling.roster import Roster
from oncopolis.twin.compiling.values import Values
from oncopolis.twin.compiling.ways import Ways
from oncopolis.twin.kernels.tables import GAPS, MEMBERS, POISSON, SHAPE_PARTS, TIMES

Floats = NDArray[np.float64]


class Sources:
    """Rows of all inflows."""

    def __init__(
        self,
        intake: Intake,
        columns: Columns,
        values: Values,
        ways: Ways,
        roster: Roster,
        days: Days,
        first_day: int,
        people: People | None,
    ) -> None:
        self.intake, self.columns, self.values = intake, columns, values
        self.ways, self.roster, self.days, self.first_day = ways, roster, days, first_day
        self.centre = values.project.centre
        self.there = {} if people is None else people.count_by_inflow()
        self.at_ms = 0 if people is None else people.beginning.at_ms
        self.expected: list[Floats] = []
        self.shapes: list[Floats] = []
        self._shape_numbers: dict[bytes, int] = {}

    def write(self, n_days: int) -> None:
        """Write every inflow."""
        cohorts = self.ways.names.cohorts
        for number, inflow in enumerate(self.intake.inflows):
            flow = None if inflow.flow is None else self.centre.flows[inflow.flow]
            cohort = inflow.name.split(".")[1]
            if cohort not in cohorts:
                cohorts.append(cohort)
            self._add(inflow, flow, cohorts.index(cohort), n_days, self.there.get(number, 0))

    def _add(self, inflow: Inflow, flow: Flow | None, cohort: int, n_days: int, there: int) -> None:
        stop = self.ways.get_entry(inflow.route, inflow.at)
        referral = self.centre.catchment.referral if self.centre.catchment else None
        part = self._find_part(inflow)
        batch = self._resolve(flow, referral, inflow)
        mean_batch = self.values.get(batch, 1.0)
        kind, dist = POISSON, -1
        if flow is not None and flow.between is not None:
            entry = next(entry for entry in self.ways.network.flows if entry.flow == inflow.flow)
            dist = self.values.add_time(entry.between, EXPONENTIAL)
            spread = self.values.find_row(entry.between)
            exponential = (
                spread is None or spread.distribution is None or spread.distribution.family == "exponential"
            )
            if flow.members is not None:
                kind = MEMBERS
            elif not exponential:
                kind = GAPS
        open_days, hours = self._find_open(stop, flow, referral)
        expected = (
            self._expect(inflow, flow, referral, open_days) * part / max(mean_batch, 1e-9)
        )  # structure: no division by nought
        clock = self.columns.count("clock")
        no_show = 0.0
        if flow is not None and flow.times is not None:
            kind = TIMES
            expected = open_days.astype(float)
            self.columns.extend(clock=sorted(read_clock(at) for at in flow.times))
            entry = next(entry for entry in self.ways.network.flows if entry.flow == inflow.flow)
            no_show = self.values.get(entry.no_show, 0.0)
        self.expected.append(expected[:n_days])
        shape = self._add_shape(flow, hours)
        route = self.ways.network.routes[inflow.route]
        self.columns.add(
            so_kind=kind,
            so_stop=stop,
            so_prio=flow.priority if flow is not None and flow.priority is not None else route.priority,
            so_key=name_key(inflow.name),
            so_shape=shape,
            so_dist=dist,
            so_batch=mean_batch,
            so_batch_dist=self.values.add_count(batch),
            so_members=0 if flow is None or flow.members is None else max(flow.members - there, 0),
            so_from=self.at_ms if flow is None else self._find_start(inflow),
            so_past=self._find_past(kind, expected[0], shape, clock),
            so_c0=clock,
            so_c1=self.columns.count("clock"),
            so_no_show=no_show,
            so_part=part if inflow.route[1] else 0.0,
            so_cohort=cohort,
        )

    def _resolve(self, flow: Flow | None, referral: Referral | None, inflow: Inflow) -> Coefficient | None:
        """Return how many come together."""
        if flow is not None:
            return next(entry.batch for entry in self.ways.network.flows if entry.flow == inflow.flow)
        batch = 1 if referral is None else referral.batch
        return self.values.resolve(batch, "catchment", "referral", "batch")

    def _find_part(self, inflow: Inflow) -> float:
        """Return the largest share of a site's cases that has anything done here, in any year."""
        site = inflow.route[1]
        shares = [max(by_year.values()) for (where, _), by_year in self.intake.here.items() if where == site]
        return min(max(shares), 1.0) if site and shares else 1.0

    def _find_start(self, inflow: Inflow) -> int:
        """Return the tick from which people of a flow come."""
        return max(self.first_day - self._find_reach(inflow), 0) * MS_PER_DAY + self.at_ms

    def _find_past(self, kind: int, expected: float, shape: int, clock: int) -> float:
        """Return what of the first day's arrivals lies before the time of the beginning."""
        if kind == TIMES and expected > 0:
            times = (self.columns.get("clock", i) for i in range(clock, self.columns.count("clock")))
            return sum(at < self.at_ms for at in times)
        if kind == POISSON:
            edges = np.linspace(0.0, MS_PER_DAY, SHAPE_PARTS + 1)
            return expected * float(np.interp(self.at_ms, edges, self.shapes[shape][:-1]))
        return 0.0

    def _find_reach(self, inflow: Inflow) -> int:
        """Return the days before the run from which somebody may still be on a flow's route."""
        route = self.ways.network.routes[inflow.route]
        days = 0.0
        for stop in route.stops:
            times = 0.0 if stop.cadence is None else max(self.values.get(stop.cadence.n) - 1, 0.0)
            days += stop.after.aim_days + times * (1 if stop.cadence is None else stop.cadence.every_days)
            days += sum(
                self.values.get_ticks(phase.duration) / MS_PER_DAY
                for task in stop.tasks
                for phase in task.activity.phases
            )
        return int(2 * days) + 1

    def _find_open(
        self, stop: int, flow: Flow | None, referral: Referral | None
    ) -> tuple[Flags, tuple[int, int]]:
        """Return the days on which people come, and between which ticks of the day."""
        window = int(self.columns.get("st_window", stop))
        hours = (0, MS_PER_DAY)
        every = np.ones(self.days.n, dtype=bool)
        if window >= 0 and self.roster.duties[window]:
            duties = self.roster.duties[window]
            read = [read_hours(self.centre.get_calendar(duty.calendar)) for duty in duties]
            hours = (min(h.opens for h in read), max(h.closes for h in read))
            every = np.zeros(self.days.n, dtype=bool)
            for duty in duties:
                every |= self.days.list_open(self.centre.get_calendar(duty.calendar))
        if flow is not None and flow.calendar is not None:
            return self.days.list_open(self.centre.get_calendar(flow.calendar)), hours
        if flow is None:
            return (
                self.days.working if referral is None or referral.week is None else ~self.days.holiday,
                hours,
            )
        if flow.times is not None:
            return np.ones(self.days.n, dtype=bool), hours
        if flow.week is not None:
            closes = not every[self.days.holiday].any() if self.days.holiday.any() else False
            return (~self.days.holiday if closes else np.ones(self.days.n, dtype=bool)), hours
        return every, hours

    def _expect(
        self, inflow: Inflow, flow: Flow | None, referral: Referral | None, open_days: Flags
    ) -> Floats:
        """Return how many people are expected each day: those of a year, over its days by their weight."""
        pattern = flow if flow is not None else referral
        weight = open_days.astype(float)
        if pattern is not None and pattern.week is not None:
            weight *= np.array(pattern.week)[self.days.weekday]
        if pattern is not None and pattern.season is not None:
            weight *= np.array(pattern.season)[self.days.month]
        expected = np.zeros(self.days.n)
        for year, of_year in self.days.spans:
            total = weight[of_year].sum()
            n_days = of_year.stop - of_year.start
            if n_days < 365:  # structure: a year that is cut off by the first or last day
                total *= DAYS_PER_YEAR / n_days
            if total > 0:
                expected[of_year] = weight[of_year] / total * find_nearest(inflow.per_year, year)
        return expected

    def _add_shape(self, flow: Flow | None, hours: tuple[int, int]) -> int:
        """Return the number of the cumulative shape of a day; its last value says whether it is flat."""
        edges = np.linspace(0.0, 1.0, SHAPE_PARTS + 1)
        if flow is not None and flow.day is not None:
            total = np.concatenate([[0.0], np.cumsum(flow.day)])
            cumulative = np.interp(edges, np.linspace(0.0, 1.0, len(total)), total / total[-1])
        else:
            opens, closes = hours[0] / MS_PER_DAY, hours[1] / MS_PER_DAY
            cumulative = np.clip((edges - opens) / (closes - opens), 0.0, 1.0)
        flat = bool(
            np.allclose(np.diff(cumulative), 1.0 / SHAPE_PARTS, rtol=0.0, atol=1e-12)
        )  # structure: rounding
        cumulative = np.append(cumulative, float(flat))
        known = cumulative.tobytes()
        if known not in self._shape_numbers:
            self._shape_numbers[known] = len(self.shapes)
            self.shapes.append(cumulative)
        return self._shape_numbers[known]
