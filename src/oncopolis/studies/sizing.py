"""The smallest capacities with which a centre meets its targets, found with the twin in the loop."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import isnan
from pathlib import Path
from typing import Any

from oncopolis.centre.equipped import Duty, Equipped
from oncopolis.foundation import Collector, Finding, InputError, NotFoundError
from oncopolis.studies.preparing import Prepared, Say, prepare
from oncopolis.studies.prices import Price, find_price
from oncopolis.studies.sampling import Period, Sampled, Sampler, choose_period
from oncopolis.twin import Result
from oncopolis.twin.document import About
from oncopolis.twin.document.targets import Goals
from oncopolis.twin.experiments import Capacity, Runs, Trial, Verdict, find_capacity, run_replications

Bounds = Mapping[str, tuple[int, int]]
"""Resource -> fewest and most."""


@dataclass(frozen=True)
class Sized:
    """What was found, and what it was found for."""

    name: str
    labels: Mapping[str, str]
    """Labels of resources and targets."""
    capacity: Capacity
    prices: Mapping[str, Price]
    targets: tuple[str, ...]
    days: int
    replications: int
    seed: int
    not_modelled: tuple[str, ...]
    findings: tuple[Finding, ...]
    """What was found before the first run."""
    bounds: Bounds

    def to_document(self) -> dict[str, Any]:
        """Return it as plain data."""
        found = self.capacity
        return {
            "project": self.name,
            "trials": len(found.trials),
            "days": self.days,
            "replications": self.replications,
            "seed": self.seed,
            "is_proven": found.is_proven,
            "resources": [
                {
                    "id": key,
                    "label": self.labels[key],
                    "n": n,
                    "low": self.bounds[key][0],
                    "high": self.bounds[key][1],
                    "price_per_year": None if isnan(self.prices[key].per_year) else self.prices[key].per_year,
                    "needed_for": [self.labels[target] for target in found.needed_for.get(key, ())],
                }
                for key, n in found.counts.items()
            ],
            "targets": [
                {
                    "id": verdict.target,
                    "label": self.labels[verdict.target],
                    "met": verdict.met,
                    "margin": verdict.margin,
                }
                for verdict in found.verdicts
            ],
            "not_modelled": list(self.not_modelled),
        }


def size_project(
    folder: Path,
    bounds: Bounds,
    targets: Sequence[str] = (),
    *,
    days: int = 365,  # structure: a year
    replications: int = 1,
    workers: int = 1,
    cluster: str | None = None,
    seed: int = 1,
    settings: Mapping[str, str] | None = None,
    on_progress: Say | None = None,
    on_trial: Callable[[Trial], None] | None = None,
) -> Sized:
    """Find the fewest of some resources with which the centre's targets are met.

    Every trial has the same chances for everybody. Resources are compared by their yearly price where all
    of them have one.

    Parameters
    ----------
    folder
        Project folder.
    bounds
        Resources that may change, and between which counts. Its hours stay those of its calendar.
    targets
        Targets that count; all of the definition if left out.
    days, replications, seed
        Length of a run, how many there are of each trial, and their chances.
    workers, cluster
        Processes of this machine, or the address of a Dask scheduler, that share the replications of a
        trial; the answer is the same.
    settings
        ``KEY=VALUE`` of the command line.
    on_progress
        Told what is done.
    on_trial
        Told of every trial, as it ends.

    Raises
    ------
    InputError
        TWN-066 if there is no target; TWN-048 if bounds are out of order.
    NotFoundError
        TWN-067 for a resource or target that is not there.
    InfeasibleError
        TWN-049 if targets are missed even with the most of everything.
    """
    say = on_progress or (lambda what, share: None)
    prepared = prepare(folder, settings or {}, say)
    wanted = _check_names(prepared, bounds, targets)
    period = choose_period(prepared, days=days)
    judge = _Judge(
        prepared,
        bounds,
        wanted,
        period,
        seed,
        partial(run_replications, n=replications, workers=workers, cluster=cluster),
        say,
    )
    prices = {key: find_price(prepared.project, key) for key in bounds}
    known = {key: price.per_year for key, price in prices.items() if price.per_year > 0}
    capacity = find_capacity(
        judge,
        {key: low for key, (low, _) in bounds.items()},
        {key: high for key, (_, high) in bounds.items()},
        prices=known if len(known) == len(bounds) else None,
        on_trial=on_trial,
    )
    centre = prepared.project.centre
    return Sized(
        name=centre.name,
        labels={key: centre.resources[key].label for key in bounds}
        | {key: centre.targets[key].label for key in wanted},
        capacity=capacity,
        prices=prices,
        targets=wanted,
        days=days,
        replications=replications,
        seed=seed,
        not_modelled=judge.not_modelled,
        findings=judge.findings,
        bounds=dict(bounds),
    )


def set_count(equipped: Equipped, resource: str, n: int) -> Equipped:
    """Return a centre with so many of a resource whenever its calendar is open, in place of what it has."""
    one = equipped.project.centre.resources[resource]
    opens = equipped.opened.get(one.department, equipped.project.centre.horizon.first)
    others = tuple(duty for duty in equipped.duties if duty.resource != resource)
    return replace(equipped, duties=(*others, Duty(resource, one.calendar, n, opens)))


class _Judge:
    """Runs a centre with other counts, and says which targets are met."""

    def __init__(
        self,
        prepared: Prepared,
        bounds: Bounds,
        targets: Sequence[str],
        period: Period,
        seed: int,
        run: Callable[[Sampler], Runs[Sampled]],
        say: Say,
    ) -> None:
        self.prepared, self.bounds, self.targets = prepared, bounds, targets
        self.period, self.seed, self.run, self.say = period, seed, run, say
        self.n = 0
        self.not_modelled: tuple[str, ...] = ()
        self.findings: tuple[Finding, ...] = ()

    def __call__(self, counts: dict[str, int]) -> list[Verdict]:
        """Judge counts by resource."""
        self.n += 1
        self.say(f"trial {self.n}: " + ", ".join(f"{n} {key}" for key, n in counts.items()), 0.0)
        equipped = self.prepared.equipped
        for key, n in counts.items():
            equipped = set_count(equipped, key, n)
        sampler = Sampler(equipped, self.prepared.intake, self.period, self.seed)
        runs = self.run(sampler)
        if not runs.complete:
            raise KeyboardInterrupt
        results = [sampled.result for sampled in runs.results]
        if self.n == 1:
            self.not_modelled, self.findings = results[0].not_modelled, sampler.model.findings
        hints = tuple(key for key in rank_waiting(results) if key in self.bounds)
        return [
            verdict for verdict in judge_targets(equipped, results, hints) if verdict.target in self.targets
        ]


def judge_targets(equipped: Equipped, results: Sequence[Result], hints: tuple[str, ...]) -> list[Verdict]:
    """Return whether each target is met; one that applies to nobody is not missed.

    Parameters
    ----------
    equipped
        The centre that was run.
    results
        Its replications.
    hints
        Resources of which more might help.
    """
    goals = Goals(About(equipped=equipped))
    verdicts = []
    for line in goals.write(results):
        value, share = line["reached"]["value"], line["share"]
        margin = None
        if value is not None:
            is_floor = line["of"] in ("wait", "treatment")
            margin = ((value - share) if is_floor else (share - value)) / (share or 1.0)
        at = line["at"] or ""
        own = tuple(key for key in hints if at == f"resource.{key}")
        met = line["held"] is not False
        verdicts.append(Verdict(line["id"], met, margin, own or hints))
    return verdicts


def rank_waiting(results: Sequence[Result]) -> list[str]:
    """Return resources that were waited for, the one with most waiting first."""
    names = results[0].resources.names
    waited = [sum(float(result.resources.waited[row]) for result in results) for row in range(len(names))]
    ranked = sorted(range(len(names)), key=lambda row: (-waited[row], names[row]))
    return [names[row] for row in ranked if waited[row] > 0 and not isnan(waited[row])]


def _check_names(prepared: Prepared, bounds: Bounds, targets: Sequence[str]) -> tuple[str, ...]:
    centre = prepared.project.centre
    faults = Collector()
    for option, names, known in (
        ("--resource", list(bounds), list(centre.resources)),
        ("--target", list(targets), list(centre.targets)),
    ):
        for name in names:
            if name not in known:
                faults.add(
                    NotFoundError(
                        code="TWN-067",
                        where=f"{option} {name}",
                        got=f"{name!r}, which the definition does not have",
                        expected=f"one of {', '.join(known) or 'none: it has no such thing'}",
                        fix="correct the name, or add it to the definition",
                    )
                )
    faults.raise_if_any()
    if not centre.targets:
        raise InputError(
            code="TWN-066",
            where="targets",
            got="no target in the definition",
            expected="one at least, to say when there is enough",
            fix="add `targets`, such as a longest wait",
        )
    return tuple(targets) or tuple(centre.targets)
