"""Does a plan hold: its first years lived through, what breaks when, and the cheapest fix found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isnan
from typing import Any

from oncopolis.centre.equipped import Duty, Equipped
from oncopolis.centre.intake import Intake
from oncopolis.planning import Plan
from oncopolis.studies.preparing import Prepared, Say, prepare_project
from oncopolis.studies.prices import find_price
from oncopolis.studies.sampling import Period, Sampler, choose_period
from oncopolis.studies.sizing import judge_targets, rank_waiting
from oncopolis.twin import Result
from oncopolis.twin.document import About
from oncopolis.twin.document.targets import Goals
from oncopolis.twin.experiments import OnProgress, Verdict, run_replications

YEARS = 5  # structure: first years of service that a plan is tested for
MOST_TRIED = 3  # structure: bottlenecks of which one more is tried
MOST_ADDED = 3  # structure: units that a fix adds at most
DAYS = 365  # structure: days of a year

Case = tuple[Equipped, int]
"""A centre as it is equipped, and a year."""


@dataclass(frozen=True)
class Lived:
    """A year that was run."""

    year: int
    result: Result
    verdicts: tuple[Verdict, ...]

    @property
    def missed(self) -> tuple[str, ...]:
        """Targets that were missed."""
        return tuple(verdict.target for verdict in self.verdicts if not verdict.met)

    @property
    def shortfall(self) -> float:
        """By how much targets are missed, added up as shares of each."""
        return sum(max(-(verdict.margin or 0.0), 0.0) for verdict in self.verdicts if not verdict.met)


def try_plan(
    plan: Plan,
    *,
    workers: int = 1,
    cluster: str | None = None,
    seed: int = 1,
    on_progress: Say | None = None,
) -> dict[str, Any]:
    """Run a plan through the twin, one replication for each of its first years of service.

    Parameters
    ----------
    plan
        The plan.
    workers, cluster
        Processes of this machine, or the address of a Dask scheduler, that share the years; the answer is
        the same.
    seed
        Same seed, same answer.
    on_progress
        Told what is done and which share of the whole is behind.

    Returns
    -------
    dict
        The part `holds` of the plan document.

    Raises
    ------
    OncopolisError
        If the centre of the plan cannot be run.
    """
    say = on_progress or (lambda what, share: None)
    prepared = prepare_project(plan.project, plan)
    years = list_years(plan)
    test = _Test(prepared, seed, workers, cluster)
    say(f"living through {years[0]} to {years[-1]}", 0.0)
    lived = test.live(
        [(prepared.equipped, year) for year in years],
        lambda done, of: say(f"living through {years[0]} to {years[-1]}", done / of),
    )
    broken = [each for each in lived if each.missed]
    fix = None
    if broken:
        worst = max(broken, key=lambda each: (len(each.missed), each.shortfall))
        say(f"looking for what mends {worst.year}", 1.0)
        fix = _find_fix(test, worst, broken)
    return _write(prepared, seed, lived, fix)


def list_years(plan: Plan) -> tuple[int, ...]:
    """Return the first years of service, within the horizon."""
    centre = plan.project.centre
    first = min(opening.year for opening in centre.openings)
    return tuple(range(first, min(first + YEARS, centre.horizon.last + 1)))


class _Test:
    """Runs any equipment of one centre in any year."""

    def __init__(self, prepared: Prepared, seed: int, workers: int, cluster: str | None) -> None:
        self.prepared, self.seed = prepared, seed
        self.workers, self.cluster = workers, cluster

    def live(self, cases: Sequence[Case], on_progress: OnProgress | None = None) -> list[Lived]:
        """Live through years, side by side where there are workers."""
        periods = [choose_period(self.prepared, days=DAYS, start=date(year, 1, 1)) for _, year in cases]
        centres = [equipped for equipped, _ in cases]
        run_one = _Years(centres, periods, self.prepared.intake, self.seed)
        runs = run_replications(
            run_one, len(cases), workers=self.workers, cluster=self.cluster, on_progress=on_progress
        )
        if not runs.complete:
            raise KeyboardInterrupt
        return [
            Lived(year, result, tuple(judge_targets(equipped, [result], tuple(rank_waiting([result])))))
            for (equipped, year), result in zip(cases, runs.results, strict=True)
        ]


@dataclass(frozen=True)
class _Years:
    """Runs the first replication of one of several years; its model is gone afterwards."""

    centres: Sequence[Equipped]
    periods: Sequence[Period]
    intake: Intake
    seed: int

    def __call__(self, number: int) -> Result:
        return Sampler(self.centres[number], self.intake, self.periods[number], self.seed)(0).result


@dataclass(frozen=True)
class _Fix:
    added: Mapping[str, int]
    year: int
    mended: tuple[str, ...]
    left: tuple[str, ...]
    """Targets still missed in any of the broken years."""
    per_year: float
    capital: float
    n_tried: int


def _find_fix(test: _Test, worst: Lived, broken: Sequence[Lived]) -> _Fix | None:
    """Add one of a bottleneck at a time where it helps; None if nothing that was tried helps."""
    project = test.prepared.project
    added: dict[str, int] = {}
    equipped, now, n_tried = test.prepared.equipped, worst, 0
    for _ in range(MOST_ADDED):
        more = {key: _add_one(equipped, key) for key in _list_candidates(now, equipped)}
        if not more:
            break
        lived = test.live([(each, worst.year) for each in more.values()])
        tried = [(key, more[key], after) for key, after in zip(more, lived, strict=True)]
        n_tried += len(tried)
        better = [each for each in tried if _is_better(each[2], now)]
        if not better:
            break
        mending = [each for each in better if not each[2].missed]
        if mending:
            chosen = min(mending, key=lambda each: _price(project, each[0]))
        else:
            chosen = min(better, key=lambda each: (len(each[2].missed), each[2].shortfall))
        key, equipped, now = chosen
        added[key] = added.get(key, 0) + 1
        if not now.missed:
            break
    if not added:
        return None
    years = [each.year for each in broken if each.year != worst.year]
    others = test.live([(equipped, year) for year in years]) if years else []
    left = dict.fromkeys(target for each in (now, *others) for target in each.missed)
    was = dict.fromkeys(target for each in broken for target in each.missed)
    prices = [(find_price(project, key), n) for key, n in added.items()]
    return _Fix(
        added=added,
        year=worst.year,
        mended=tuple(target for target in was if target not in left),
        left=tuple(left),
        per_year=sum(price.per_year * n for price, n in prices),
        capital=sum(price.capital * n for price, n in prices),
        n_tried=n_tried,
    )


def _is_better(after: Lived, before: Lived) -> bool:
    return (len(after.missed), after.shortfall) < (len(before.missed), before.shortfall)


def _price(project: Any, key: str) -> float:
    per_year = find_price(project, key).per_year
    return float("inf") if isnan(per_year) else per_year


def _list_candidates(lived: Lived, equipped: Equipped) -> Iterator[str]:
    """Yield what the missed targets are kept at, then what most waiting is for; three at most."""
    targets = equipped.project.centre.targets
    own = [targets[key].name for key in lived.missed if targets[key].place == "resource"]
    open_ones = {duty.resource for duty in equipped.duties if duty.n > 0}
    ranked = [key for key in dict.fromkeys([*own, *rank_waiting([lived.result])]) if key in open_ones]
    yield from ranked[:MOST_TRIED]


def _add_one(equipped: Equipped, resource: str) -> Equipped:
    """Return a centre with one more of a resource whenever its main duty is on."""
    duties = equipped.list_duties(resource)
    main = max(duties, key=lambda duty: duty.n)
    return replace(equipped, duties=(*equipped.duties, Duty(resource, main.calendar, 1, main.from_year)))


def _write(prepared: Prepared, seed: int, lived: Sequence[Lived], fix: _Fix | None) -> dict[str, Any]:
    centre = prepared.project.centre
    goals = Goals(About(equipped=prepared.equipped))
    lines = {each.year: {line["id"]: line for line in goals.write([each.result])} for each in lived}
    targets = []
    for key, target in centre.targets.items():
        reached = [lines[each.year][key] for each in lived]
        targets.append(
            {
                "id": key,
                "label": target.label,
                "share": reached[0]["share"],
                "is_floor": target.of in ("wait", "treatment"),
                "reached": [line["reached"]["value"] for line in reached],
                "held": [line["held"] for line in reached],
                "breaks": [
                    each.year for each, line in zip(lived, reached, strict=True) if line["held"] is False
                ],
            }
        )
    labels = {key: resource.label for key, resource in centre.resources.items()}
    return {
        "years": [each.year for each in lived],
        "replications": 1,
        "seed": seed,
        "targets": targets,
        "bottlenecks": [
            {"id": key, "label": labels[key], "year": each.year}
            for each in lived
            for key in rank_waiting([each.result])[:1]
        ],
        "fix": None if fix is None else _write_fix(fix, labels),
        "not_modelled": list(lived[0].result.not_modelled),
    }


def _write_fix(fix: _Fix, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "year": fix.year,
        "added": [{"id": key, "label": labels[key], "n": n} for key, n in fix.added.items()],
        "mends": list(fix.mended),
        "leaves": list(fix.left),
        "usd_per_year": None if isnan(fix.per_year) else fix.per_year,
        "usd_at_once": fix.capital,
        "tried": fix.n_tried,
    }
