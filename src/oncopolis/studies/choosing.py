"""The best of several alternatives of a centre, chosen with the twin in the loop."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from oncopolis.foundation import Finding, InputError
from oncopolis.studies.figures import get_figure
from oncopolis.studies.preparing import Prepared, Say, prepare
from oncopolis.studies.sampling import Sampled, Sampler, choose_period
from oncopolis.studies.scenarios import LEAST, gather_findings, measure_targets, prepare_scenario
from oncopolis.twin import Result
from oncopolis.twin.experiments import (
    Interval,
    Turn,
    compute_difference,
    compute_mean,
    list_outputs,
    run_replications,
    select_best,
    spend_budget,
)
from oncopolis.twin.experiments.intervals import LEVEL
from oncopolis.twin.experiments.selection import FIRST

SCHEMA = "oncopolis.choice/1"
"""Name and version of the form of ``choice.json``."""

AS_IT_IS = "as it is"
"""Name of the project without any setting, which is always among the alternatives."""

TARGET = "target."
"""Before the id of a target: the share that it is judged by."""

Alternatives = Mapping[str, Mapping[str, str]]
"""Name -> ``KEY=VALUE`` of it."""


@dataclass(frozen=True)
class Goal:
    """What is judged, and when the search may end."""

    figure: str
    """As `list_outputs` names it, or ``target.<id>``."""
    highest: bool
    """Whether more is better."""
    indifference: float | None = None
    """Difference of means not worth telling apart, in the unit of the figure."""
    probability: float = LEVEL
    """Of choosing the best, if it is better than all others by the indifference."""
    budget: int | None = None
    """Replications of all together; takes the place of the indifference."""


@dataclass(frozen=True)
class Alternative:
    """One of those compared."""

    name: str
    settings: Mapping[str, str]
    figure: Interval
    """Mean over its replications."""
    difference: Interval | None
    """Less the chosen one, over the replications that both have; None for the chosen one."""
    replications: int
    dropped_after: int | None
    """Replications after which it was plainly worse; None if it stayed to the end."""


@dataclass(frozen=True)
class Choice:
    """The alternative chosen, and what that took."""

    name: str
    """Of the centre."""
    goal: Goal
    chosen: str | None
    """None if the search was stopped."""
    probability: float | None
    """Least probability of a right choice: promised, or estimated of a budget; None without a promise."""
    alternatives: tuple[Alternative, ...]
    days: int
    seed: int
    not_modelled: tuple[str, ...]
    findings: tuple[Finding, ...]
    """What was found before the first run."""
    complete: bool

    def to_document(self) -> dict[str, Any]:
        """Return the choice as plain data, without times or paths."""
        n = [each.replications for each in self.alternatives]
        return {
            "schema": SCHEMA,
            "project": self.name,
            "goal": asdict(self.goal),
            "chosen": self.chosen,
            "probability": self.probability,
            "replications": sum(n),
            "replications_if_equal": len(n) * max(n),
            "days": self.days,
            "seed": self.seed,
            "complete": self.complete,
            "alternatives": [asdict(each) for each in self.alternatives],
            "findings": [finding.model_dump(mode="json") for finding in self.findings],
            "not_modelled": list(self.not_modelled),
        }


def choose_alternative(
    folder: Path,
    alternatives: Alternatives,
    goal: Goal,
    *,
    days: int = 365,  # structure: a year
    workers: int = 1,
    cluster: str | None = None,
    seed: int = 1,
    on_progress: Say | None = None,
) -> Choice:
    """Choose the best of a project as it is and its alternatives, by a figure of the twin.

    With an indifference what is plainly worse is dropped early, until the rest is told apart (KN); with a
    budget replications go where the choice is hard (OCBA). All share their random numbers. What the
    definition leaves to the plan is planned once, for the project as it is.

    Parameters
    ----------
    folder
        Project folder.
    alternatives
        At least one, each with at least one setting.
    goal
        What is judged; either an indifference or a budget.
    days, seed
        Of each run.
    workers, cluster
        Processes of this machine, or the address of a Dask scheduler; the choice is the same.
    on_progress
        Told what is done and which share of the whole is behind.

    Raises
    ------
    InputError
        TWN-073 if there is nothing to choose from or not one way to end; TWN-046 or TWN-047 for numbers out
        of their range; TWN-069 if the figure is not there.
    OncopolisError
        With everything that is wrong with the project.
    KeyboardInterrupt
        Stopped before all had two replications.
    """
    _check(alternatives, goal)
    say = on_progress or (lambda what, share: None)
    base = prepare(folder, {}, say)
    named = {AS_IT_IS: {}, **alternatives}
    contest = _Contest(
        {
            name: prepare_scenario(folder, settings, base) if settings else base
            for name, settings in named.items()
        },
        goal,
        days=days,
        workers=workers,
        cluster=cluster,
        seed=seed,
        say=say,
    )
    chosen, probability, left = contest.decide()
    names = list(named)
    return Choice(
        name=base.project.centre.name,
        goal=goal,
        chosen=None if chosen is None else names[chosen],
        probability=probability,
        alternatives=tuple(
            Alternative(
                name=name,
                settings=dict(settings),
                figure=compute_mean(contest.values[i]),
                difference=None if chosen in (None, i) else contest.compare(i, chosen),
                replications=len(contest.values[i]),
                dropped_after=None if i in left else len(contest.values[i]),
            )
            for i, (name, settings) in enumerate(named.items())
        ),
        days=days,
        seed=seed,
        not_modelled=tuple(contest.not_modelled),
        findings=gather_findings(contest.samplers),
        complete=chosen is not None,
    )


class _Contest:
    """Runs alternatives in turns and keeps what came out.

    Parameters
    ----------
    prepared
        Name -> what is run, the first as it is.
    goal, days, workers, cluster, seed, say
        As in `choose_alternative`.
    """

    def __init__(
        self,
        prepared: Mapping[str, Prepared],
        goal: Goal,
        *,
        days: int,
        workers: int,
        cluster: str | None,
        seed: int,
        say: Say,
    ) -> None:
        self.names, self.prepared = list(prepared), list(prepared.values())
        self.goal, self.workers, self.cluster, self.say = goal, workers, cluster, say
        period = choose_period(self.prepared[0], days=days)
        self.samplers = [Sampler(each.equipped, each.intake, period, seed) for each in self.prepared]
        self.values: list[list[float]] = [[] for _ in prepared]
        self.not_modelled: dict[str, None] = {}

    def decide(self) -> tuple[int | None, float | None, Sequence[int]]:
        """Return the best, the probability that holds of it, and those that were not dropped.

        Stopped, there is no best.
        """
        goal, everybody = self.goal, range(len(self.names))
        try:
            if goal.budget is not None:
                spent = spend_budget(self.sample, len(self.names), goal.budget, smallest=not goal.highest)
                return spent.best, spent.probability, everybody
            assert goal.indifference is not None
            found = select_best(
                self.sample,
                len(self.names),
                indifference=goal.indifference,
                probability=goal.probability,
                smallest=not goal.highest,
            )
        except KeyboardInterrupt:
            if min(map(len, self.values)) < LEAST:
                raise
            return None, None, everybody
        return found.best, found.probability if found.is_sure else None, found.left

    def compare(self, i: int, chosen: int | None) -> Interval:
        """Return what an alternative has more than the chosen one, replication by replication."""
        assert chosen is not None
        n = min(len(self.values[i]), len(self.values[chosen]))
        return compute_difference(self.values[chosen][:n], self.values[i][:n])

    def sample(self, turns: Sequence[Turn]) -> list[float]:
        """Run alternatives, side by side where there are workers."""
        runs = run_replications(
            _Turns(self.samplers, turns), len(turns), workers=self.workers, cluster=self.cluster
        )
        done = [turns[number] for number in runs.numbers]
        values = [
            self._measure(turn, sampled.result) for turn, sampled in zip(done, runs.results, strict=True)
        ]
        for (i, _), value in zip(done, values, strict=True):
            self.values[i].append(value)
        if not runs.complete:
            raise KeyboardInterrupt
        self._tell()
        return values

    def _measure(self, turn: Turn, result: Result) -> float:
        i, replication = turn
        self.not_modelled |= dict.fromkeys(result.not_modelled)
        outputs = list_outputs(result)
        shares = measure_targets(self.prepared[i], result)
        outputs |= {f"{TARGET}{key}": share for key, share in shares.items()}
        option = "--highest" if self.goal.highest else "--lowest"
        return get_figure(
            outputs, self.goal.figure, f"{option}, replication {replication} of {self.names[i]!r}"
        )

    def _tell(self) -> None:
        n = [len(values) for values in self.values]
        share = min(sum(n) / (self.goal.budget or FIRST * len(n)), 1.0)
        in_it = f", {sum(each == max(n) for each in n)} alternatives left" if self.goal.budget is None else ""
        self.say(f"{sum(n)} replications{in_it}", share)


@dataclass(frozen=True)
class _Turns:
    """Which alternative a number is of; it can be pickled."""

    samplers: Sequence[Sampler]
    turns: Sequence[Turn]

    def __call__(self, number: int) -> Sampled:
        i, replication = self.turns[number]
        return self.samplers[i](replication)


def _check(alternatives: Alternatives, goal: Goal) -> None:
    idle = [name for name, settings in alternatives.items() if not settings or name == AS_IT_IS]
    if not alternatives or idle or (goal.indifference is None) == (goal.budget is None):
        ends = [name for name in ("indifference", "budget") if getattr(goal, name) is not None]
        raise InputError(
            code="TWN-073",
            where="alternatives",
            got=f"{len(alternatives)} alternatives"
            + (
                f", of which {', '.join(map(repr, idle))} without a setting or a name of its own"
                if idle
                else ""
            )
            + f", to end by {' and '.join(ends) or 'nothing'}",
            expected=f"at least one with a setting and another name than {AS_IT_IS!r}, and one of "
            "indifference and budget",
            fix="say what is to be different, and what difference is worth telling apart",
        )
