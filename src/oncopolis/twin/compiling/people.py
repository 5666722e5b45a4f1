"""From a beginning to rows: who is there on the first day, where on their way, and until when."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from oncopolis.centre import BoundActivity, Centre, Route, Stop
from oncopolis.centre.intake import Inflow, Intake
from oncopolis.foundation import InputError
from oncopolis.foundation.names import name_key
from oncopolis.twin.beginning import Beginning, Lying, Standing
from oncopolis.twin.compiling.columns import Columns
from oncopolis.twin.compiling.roster import Roster
from oncopolis.twin.compiling.ways import Ways
from oncopolis.twin.kernels.tables import DUE, ENDS, RETURNS


class People:
    """Rows of everybody who is there when a run begins.

    Parameters
    ----------
    intake
        Who comes: whoever is there counts among those of the same way, or else of the same site.
    columns, ways, roster
        Where rows go, and what they point to.
    beginning
        Who is there.
    """

    def __init__(
        self, intake: Intake, columns: Columns, ways: Ways, roster: Roster, beginning: Beginning
    ) -> None:
        self.beginning = beginning
        self.intake, self.columns, self.ways, self.roster = intake, columns, ways, roster
        self.numbers = {key: r for r, key in enumerate(roster.keys)}
        self._beds = list_beds(ways.project.centre)

    def count_by_inflow(self) -> Mapping[int, int]:
        """Return how many of them count among those of each inflow."""
        people = self.beginning.people if self.intake.inflows else ()
        return Counter(self._find_source(person) for person in people)

    def write(self) -> None:
        """Write everybody.

        Raises
        ------
        InputError
            TWN-008 if somebody stands or lies where the definition has nothing of the kind, TWN-009 if it
            has nobody who comes.
        """
        if not self.intake.inflows:
            raise InputError(
                code="TWN-009",
                where="the state at the start",
                got="a definition to which nobody comes",
                expected="a flow or a cohort, as whose people those who are there are counted",
                fix="give the definition a flow",
            )
        for person in self.beginning.people:
            self._add(person)

    def _add(self, person: Standing) -> None:
        route = self.ways.network.routes.get(person.route)
        number = None if route is None else find_step(route, person.step)
        if route is None or number is None:
            raise _refuse(person, f"the step {person.step!r} of {person.route[0]!r}")
        first = self.columns.count("ap_time")
        self.columns.extend(ap_time=person.appointments_ms)
        due = person.appointments_ms[0] if person.appointments_ms else person.due_ms
        what = RETURNS if person.is_ahead else DUE if person.lying is None else ENDS
        self.columns.add(
            in_stop=self.ways.first_stop[person.route] + number,
            in_what=what,
            in_left=person.n_left,
            in_done=person.n_done,
            in_due=max(due, self.beginning.at_ms),
            in_mask=self.ways.mask(person.attributes),
            in_began=min(person.began_ms, 0),
            in_treated=person.is_treated,
            in_source=self._find_source(person),
            in_key=name_key(person.id),
            in_a0=first,
            in_a1=self.columns.count("ap_time"),
        )
        if person.lying is None:
            self.columns.add(in_task=-1, in_act=-1, in_phase=-1, in_sub=-1, in_lain=0)
        else:
            self._add_lying(person, route.stops[number], person.lying)

    def _add_lying(self, person: Standing, stop: Stop, lying: Lying) -> None:
        place = find_place(stop, lying, self.ways.opening, self._beds)
        if place is None:
            raise _refuse(person, f"a bed of {lying.ward!r} in the step {person.step!r}")
        task, depth, phase, _ = place
        at = int(self.columns.get("st_t0", int(self.columns.get("in_stop", -1))))
        act = int(self.columns.get("ta_act", at + task))
        for _ in range(depth):
            act = int(self.columns.get("ac_fallback", act))
        self.columns.add(
            in_task=task,
            in_act=act,
            in_phase=phase,
            in_sub=self._find_sub(place, lying),
            in_lain=lying.lain_ms,
        )

    def _find_sub(self, place: "Place", lying: Lying) -> int:
        """Return the resource that theirs stands in for; -1 where it is the one they need."""
        needed = place[-1]
        resource = self.ways.project.centre.resources[needed]
        return self.numbers[needed] if needed != lying.ward and resource.overflow == lying.ward else -1

    def _find_source(self, person: Standing) -> int:
        """Return the inflow of their way, or of their pathway, or of their site; else the first.

        They are members of a closed population only where nobody else comes on their way.
        """

        def measure(inflow: Inflow) -> tuple[bool, ...]:
            pathway, site, _ = person.route
            flow = None if inflow.flow is None else self.ways.project.centre.flows[inflow.flow]
            is_open, is_same = flow is None or flow.members is None, inflow.route == person.route
            return (
                is_same and is_open,
                is_same,
                is_open,
                inflow.route[0] == pathway,
                bool(site) and inflow.route[1] == site,
            )

        inflows: Sequence[Inflow] = self.intake.inflows
        return max(range(len(inflows)), key=lambda i: (measure(inflows[i]), -i))


Place = tuple[int, int, int, str]
"""Number of a task, of an activity in place of others, of its phase, and the resource whose bed is held."""


def find_step(route: Route, step: str) -> int | None:
    """Return the number of a step on a route; None if it is not there."""
    return next((i for i, stop in enumerate(route.stops) if stop.id == step), None)


def list_beds(centre: Centre) -> frozenset[str]:
    """Return the resources that are beds."""
    return frozenset(key for key, resource in centre.resources.items() if resource.kind == "bed")


def find_place(stop: Stop, lying: Lying, opening: Mapping[str, int], beds: Collection[str]) -> Place | None:
    """Return what of a step somebody in a bed is at: a phase of the activity named that holds the bed.

    Parameters
    ----------
    opening
        Department -> day of the run on which it opens.
    beds
        Resources that are beds.

    Returns
    -------
    tuple or None
        The first phase with a bed where none has that of the ward; None if nobody lies in a bed in this step.
    """
    found: list[tuple[bool, bool, Place]] = []
    for task, bound in enumerate(stop.tasks):
        activity: BoundActivity | None = bound.activity
        depth = 0
        while activity is not None and opening.get(activity.department, 1) > 0 and activity.fallback:
            activity, depth = activity.fallback, depth + 1
        if activity is None:
            continue
        for number, phase in enumerate(activity.phases):
            found += [
                (key == lying.ward, activity.id == lying.activity, (task, depth, number, key))
                for key, _ in phase.hold
                if phase.patient and key in beds
            ]
    return max(found, key=lambda one: one[:2])[-1] if found else None


def _refuse(person: Standing, got: str) -> InputError:
    return InputError(
        code="TWN-008",
        where=f"the state at the start, {person.id}",
        got=f"{got}, which the definition does not have",
        expected="a route, a step and a bed of the definition",
        fix="leave them out, or correct the definition",
    )
