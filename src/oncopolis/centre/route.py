"""`Route`: a pathway made ready to be read: blocks put in, parameters bound, keys filled in.

Plan, twin and operations read routes, never the pathway as written, so that all three see the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from oncopolis.centre.context import Context
from oncopolis.centre.definition import Centre
from oncopolis.centre.number import USUAL_PRIORITY, EvidenceRef, Number
from oncopolis.centre.pathway import END, Branch, Condition, Hazard, Interval, Repeat, Setting, Step, Task
from oncopolis.centre.resolving import Coefficient, Resolver
from oncopolis.centre.walking import list_numbers
from oncopolis.foundation import InputError
from oncopolis.foundation.located import Segments

OUT = -1
"""Index of the exit that leaves the pathway."""


@dataclass(frozen=True, slots=True)
class BoundPhase:
    """A phase with its coefficients."""

    id: str
    duration: Coefficient
    hold: tuple[tuple[str, Coefficient], ...]
    patient: bool = True
    """Whether the patient is still there."""
    frailty: Coefficient | None = None
    """Correlation of the duration with the patient's frailty."""


@dataclass(frozen=True, slots=True)
class BoundActivity:
    """An activity with its parameters bound: everything one occurrence takes and makes."""

    id: str
    department: str
    contact: bool
    phases: tuple[BoundPhase, ...]
    counts: tuple[tuple[str, Coefficient], ...]
    costs: tuple[tuple[str, Coefficient], ...]
    fallback: "BoundActivity | None"


@dataclass(frozen=True, slots=True)
class BoundTask:
    """An activity of a stop, how often and for which share."""

    activity: BoundActivity
    n: Coefficient
    share: Coefficient | None


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a stop; `share` None means all, ``"rest"`` what the others leave."""

    to: int
    share: Coefficient | None


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often a stop is repeated, every how many days, and which share is put off by how many."""

    n: Coefficient
    every_days: int
    workdays: bool
    deferral: Coefficient | None = None
    deferral_days: int = 0
    deferral_frailty: Coefficient | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """A step of a route. `skip_to` is where those go for whom it is not done."""

    id: str
    label: str
    path: Segments
    setting: Setting
    modality: str | None
    tasks: tuple[BoundTask, ...]
    after: Interval
    cadence: Cadence | None
    sets: frozenset[str]
    share: Coefficient | None
    has: frozenset[str]
    lacks: frozenset[str]
    within: tuple[Coefficient, ...]
    """Shares of the blocks it stands in, outermost first: why somebody comes here at all."""
    skip_to: int
    exits: tuple[Exit, ...]
    frailty: Coefficient | None = None
    """Correlation of `share` with the patient's frailty."""
    priority: int | None = None
    """Rank in queues; that of the flow or the route if None."""
    patience: Coefficient | None = None
    """How long somebody waits here; for ever if None."""
    gives_up: int = OUT
    """Stop for those who give up or are turned away."""

    @property
    def department(self) -> str | None:
        """Department of its first activity; None for a stop without any."""
        return self.tasks[0].activity.department if self.tasks else None


@dataclass(frozen=True, slots=True)
class BoundEpisode:
    """An episode with its coefficients."""

    id: str
    start: str
    at: str | None
    when: str
    share: Coefficient | None
    mean: Coefficient | None
    family: str
    rate: Coefficient | None
    stage: str | None
    has: frozenset[str]
    lacks: frozenset[str]
    sets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Route:
    """A pathway for patients of one site and stage."""

    pathway: str
    label: str
    site: str
    stage: str
    stops: tuple[Stop, ...]
    entries: Mapping[str, int]
    episodes: tuple[BoundEpisode, ...]
    survival: str
    hazard: Coefficient | None
    lasts: str
    priority: int = USUAL_PRIORITY
    """Rank in queues of those whose stop and flow state none."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Pathway, site, stage."""
        return self.pathway, self.site, self.stage


REST = "rest"


class RouteMaker:
    """Makes routes of one definition, sharing what is the same between them."""

    def __init__(self, centre: Centre, resolver: Resolver) -> None:
        self.centre, self.resolver = centre, resolver
        self._worded = find_worded(centre)
        self._interned: dict[BoundActivity, BoundActivity] = {}
        self._bound: dict[
            tuple[str, tuple[tuple[str, Coefficient], ...], tuple[tuple[str, str], ...]], BoundActivity
        ] = {}

    def make_route(self, pathway_id: str, context: Context) -> Route:
        """Return the route of a pathway for the site and stage in `context`; faults are gathered."""
        pathway = self.centre.pathways[pathway_id]
        path: Segments = ("pathways", pathway_id)
        draft = _Draft(self, context)
        draft.add_steps(pathway.steps, (*path, "steps"), prefix="", bindings={}, modality=None, after=END)
        hazard = pathway.survival.hazard if isinstance(pathway.survival, Hazard) else None
        return Route(
            pathway=pathway_id,
            label=pathway.label,
            site=context.get("site", ""),
            stage=context.get("stage", ""),
            stops=draft.finish(),
            entries={step.id: draft.index[step.id] for step in pathway.steps},
            episodes=tuple(self._bind_episodes(pathway_id, context)),
            survival="hazard" if hazard else str(pathway.survival),
            hazard=self.resolver.resolve(hazard, (*path, "survival", "hazard"), context) if hazard else None,
            lasts=pathway.lasts,
            priority=pathway.priority,
        )

    def _bind_episodes(self, pathway_id: str, context: Context) -> Iterator[BoundEpisode]:
        for i, episode in enumerate(self.centre.pathways[pathway_id].episodes):
            path: Segments = ("pathways", pathway_id, "episodes", i)
            numbers = {
                name: None if number is None else self.resolver.resolve(number, (*path, name), context)
                for name, number in (("share", episode.share), ("mean", episode.mean), ("rate", episode.rate))
            }
            yield BoundEpisode(
                id=episode.id,
                start=episode.start,
                at=episode.at,
                when=episode.when,
                family=episode.family,
                stage=episode.stage,
                has=frozenset(episode.has),
                lacks=frozenset(episode.lacks),
                sets=frozenset(episode.set),
                **numbers,
            )

    def bind_task(
        self, task: Task | str, path: Segments, context: Context, bindings: Mapping[str, Coefficient]
    ) -> BoundTask:
        """Bind one activity of a step."""
        if isinstance(task, str):
            return BoundTask(self.bind_activity(task, {}, context), 1, None)
        units = self.centre.activities[task.activity].parameters
        values = {
            name: self.resolver.resolve(number, (*path, "with", name), context, bindings, units.get(name))
            for name, number in task.using.items()
        }
        n = self.resolver.resolve(task.n, (*path, "n"), context, bindings)
        share = (
            None
            if task.share is None
            else self.resolver.resolve(task.share, (*path, "share"), context, bindings)
        )
        return BoundTask(self.bind_activity(task.activity, values, context), n, share)

    def bind_activity(
        self, activity_id: str, values: Mapping[str, Coefficient], context: Context
    ) -> BoundActivity:
        """Bind the parameters of an activity; equal bindings are one object."""
        words = tuple(context.items()) if activity_id in self._worded else ()
        key = (activity_id, tuple(values.items()), words)
        if key in self._bound:
            return self._bound[key]
        activity = self.centre.activities[activity_id]
        path: Segments = ("activities", activity_id)
        resolve = self.resolver.resolve
        fallback = activity.fallback
        wanted = self.centre.activities[fallback].parameters if fallback else {}
        bound = BoundActivity(
            id=activity_id,
            department=activity.department,
            contact=activity.contact,
            phases=tuple(
                BoundPhase(
                    phase.id,
                    resolve(phase.duration, (*path, "phases", i, "duration"), context, values),
                    tuple(
                        (res, resolve(n, (*path, "phases", i, "hold", res), context, values))
                        for res, n in phase.hold.items()
                    ),
                    phase.patient,
                    None
                    if phase.frailty is None
                    else resolve(phase.frailty, (*path, "phases", i, "frailty"), context, values),
                )
                for i, phase in enumerate(activity.phases)
            ),
            counts=tuple(
                (name, resolve(n, (*path, "counts", name), context, values))
                for name, n in activity.counts.items()
            ),
            costs=tuple(
                (name, resolve(n, (*path, "costs", name), context, values))
                for name, n in activity.costs.items()
            ),
            fallback=self.bind_activity(
                fallback, {name: values[name] for name in wanted if name in values}, context
            )
            if fallback
            else None,
        )
        self._bound[key] = bound = self._interned.setdefault(bound, bound)
        return bound


def find_worded(centre: Centre) -> frozenset[str]:
    """Return the activities whose coefficients depend on site, stage or practice."""
    worded = {
        key
        for key, activity in centre.activities.items()
        if any(
            isinstance(number, EvidenceRef) and "{" in f"{number.evidence}{number.otherwise}"
            for _, number, _ in list_numbers(activity)
        )
    }
    while more := {
        key
        for key, activity in centre.activities.items()
        if key not in worded and activity.fallback in worded
    }:
        worded |= more
    return frozenset(worded)


Way = tuple[str, Coefficient | None]
"""Name of the step an exit leads to, and its share."""


class _Draft:
    """Stops under way: exits still name steps, because later steps have no index yet."""

    def __init__(self, maker: RouteMaker, context: Context) -> None:
        self.maker, self.context = maker, context
        self.index: dict[str, int] = {}
        self.parts: list[tuple[partial[Stop], str, list[Way]]] = []
        self.fleeing: dict[str, str] = {}
        self.inside: tuple[str, ...] = ()
        self.within: tuple[Coefficient, ...] = ()
        self.priority: int | None = None

    def finish(self) -> tuple[Stop, ...]:
        """Turn step names into indices."""
        index = {**self.index, END: OUT}
        return tuple(
            make_stop(
                skip_to=index[skip],
                exits=tuple(Exit(index[name], share) for name, share in ways),
                gives_up=index[self.fleeing.get(make_stop.keywords["id"], END)],
            )
            for make_stop, skip, ways in self.parts
        )

    def add_steps(
        self,
        steps: tuple[Step, ...],
        path: Segments,
        *,
        prefix: str,
        bindings: Mapping[str, Coefficient],
        modality: str | None,
        after: str,
    ) -> None:
        """Add steps in order; `after` names where it goes on when they are done."""
        for i, step in enumerate(steps):
            following = prefix + steps[i + 1].id if i + 1 < len(steps) else after
            here = (*path, i)
            if step.block:
                self._add_block(step, here, prefix, bindings, modality, following, after)
            else:
                ways = self._list_ways(step, here, prefix, bindings, following, after)
                if step.gives_up is not None:
                    self.fleeing[prefix + step.id] = after if step.gives_up == END else prefix + step.gives_up
                self._add_stop(
                    step, here, prefix + step.id, bindings, step.modality or modality, following, ways
                )

    def _add_block(
        self,
        step: Step,
        path: Segments,
        prefix: str,
        bindings: Mapping[str, Coefficient],
        modality: str | None,
        following: str,
        after: str,
    ) -> None:
        """A gate that holds the step's condition, the block's steps, and a stop that leaves it."""
        name = prefix + step.id
        block = self.maker.centre.blocks[str(step.block)]
        if step.block in self.inside or step.repeat:
            self.maker.resolver.faults.add(_misused_block(self.maker.resolver.located.where(path), step))
            self._add_stop(Step(id=step.id), path, name, {}, None, following, [(following, None)])
            return
        resolve = self.maker.resolver.resolve
        values = {
            key: resolve(number, (*path, "with", key), self.context, bindings, block.parameters.get(key))
            for key, number in step.using.items()
        }
        inner = f"{name}."
        leave = f"{name}/"
        self._add_stop(
            step,
            path,
            name,
            bindings,
            step.modality or modality,
            following,
            [(inner + block.steps[0].id, None)],
        )
        share, outside = self.parts[-1][0].keywords["share"], self.within
        usual = self.priority
        self.priority = usual if step.priority is None else step.priority
        self.within = outside if share is None else (*outside, share)
        self.inside = (*self.inside, str(step.block))
        self.add_steps(
            block.steps,
            ("blocks", str(step.block), "steps"),
            prefix=inner,
            bindings=values,
            modality=step.modality or modality,
            after=leave,
        )
        self.inside, self.within, self.priority = self.inside[:-1], outside, usual
        ways = self._list_ways(step, path, prefix, bindings, following, after)
        self._add_stop(Step(id=step.id, setting="none"), path, leave, {}, None, following, ways)

    def _list_ways(
        self,
        step: Step,
        path: Segments,
        prefix: str,
        bindings: Mapping[str, Coefficient],
        following: str,
        after: str,
    ) -> list[Way]:
        def name(target: str) -> str:
            return after if target == END else prefix + target

        if step.next is None:
            return [(following, None)]
        if isinstance(step.next, str):
            return [(name(step.next), None)]
        return [
            (name(option.to), self._resolve_option(step.next, i, path, bindings))
            for i, option in enumerate(step.next.options)
        ]

    def _resolve_option(
        self, branch: Branch, i: int, path: Segments, bindings: Mapping[str, Coefficient]
    ) -> Coefficient:
        share = branch.options[i].share
        if isinstance(share, str):
            return REST
        return self.maker.resolver.resolve(
            share, (*path, "next", "options", i, "share"), self.context, bindings
        )

    def _add_stop(
        self,
        step: Step,
        path: Segments,
        name: str,
        bindings: Mapping[str, Coefficient],
        modality: str | None,
        skip: str,
        ways: list[Way],
    ) -> None:
        resolve = self.maker.resolver.resolve
        when = step.when or Condition()
        self.index[name] = len(self.parts)

        def bind(number: Number | None, *way: str) -> Coefficient | None:
            return None if number is None else resolve(number, (*path, *way), self.context, bindings)

        make_stop = partial(
            Stop,
            id=name,
            label=step.label or step.id.replace("_", " "),
            path=path,
            setting=step.setting if step.do else "none",
            modality=modality,
            tasks=tuple(
                self.maker.bind_task(task, (*path, "do", i), self.context, bindings)
                for i, task in enumerate(step.do)
            ),
            after=step.after,
            cadence=self._make_cadence(step.repeat, path, bindings),
            sets=frozenset(step.set),
            share=bind(when.share, "when", "share"),
            frailty=bind(when.frailty, "when", "frailty"),
            has=frozenset(when.has),
            lacks=frozenset(when.lacks),
            within=self.within,
            priority=self.priority if step.priority is None else step.priority,
            patience=bind(step.patience, "patience"),
        )
        self.parts.append((make_stop, skip, ways))

    def _make_cadence(
        self, repeat: Repeat | None, path: Segments, bindings: Mapping[str, Coefficient]
    ) -> Cadence | None:
        if repeat is None:
            return None

        def bind(number: Number | int, *way: str) -> Coefficient:
            return self.maker.resolver.resolve(number, (*path, "repeat", *way), self.context, bindings)

        cadence = Cadence(bind(repeat.n, "n"), repeat.every_days, repeat.workdays)
        deferral = repeat.deferral
        if deferral is None:
            return cadence
        frailty = deferral.frailty
        return replace(
            cadence,
            deferral=bind(deferral.share, "deferral", "share"),
            deferral_days=deferral.days,
            deferral_frailty=None if frailty is None else bind(frailty, "deferral", "frailty"),
        )


def _misused_block(where: str, step: Step) -> InputError:
    if step.repeat:
        return InputError(
            code="CEN-022",
            where=where,
            got="`repeat` on a block",
            expected="`repeat` on a step of `do`",
            fix="put the repeat inside the block",
        )
    return InputError(
        code="CEN-023",
        where=where,
        got=f"the block {step.block!r} inside itself",
        expected="blocks that end",
        fix="take the inner use out",
    )
