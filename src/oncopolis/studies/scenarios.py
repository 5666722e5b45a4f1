"""What if: a centre beside itself with something changed, with the same chances for everybody in both."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from oncopolis.centre import read_project
from oncopolis.foundation import Finding, InputError
from oncopolis.studies.equipping import equip
from oncopolis.studies.intake import make_intake
from oncopolis.studies.preparing import Prepared, Say, prepare
from oncopolis.studies.sampling import Sampled, Sampler, choose_period
from oncopolis.twin import Result
from oncopolis.twin.document import About
from oncopolis.twin.document.targets import Goals
from oncopolis.twin.experiments import (
    Interval,
    Runs,
    compute_difference,
    compute_mean,
    list_outputs,
    run_replications,
)

SCHEMA = "oncopolis.what-if/1"
"""Name and version of the form of ``what_if.json``."""

LEAST = 2
"""Replications from which there is an interval."""


@dataclass(frozen=True)
class Difference:
    """A figure of both runs."""

    figure: str
    base: float
    scenario: float
    difference: Interval
    """Scenario less base, replication by replication."""

    @property
    def effect(self) -> float:
        """The difference as a share of the larger of both, 0 to 1 and more where they differ in sign."""
        largest = max(abs(self.base), abs(self.scenario))
        return abs(self.difference.value) / largest if largest else 0.0


@dataclass(frozen=True)
class Comparison:
    """A centre and a scenario of it."""

    name: str
    settings: Mapping[str, str]
    n: int
    """Replications that both have."""
    days: int
    seed: int
    targets: tuple[Difference, ...]
    """Shares that targets are judged by."""
    differences: tuple[Difference, ...]
    """All other figures that differ, the largest effect first."""
    not_modelled: tuple[str, ...]
    findings: tuple[Finding, ...]
    """What was found before either run."""
    complete: bool

    def to_document(self) -> dict[str, Any]:
        """Return the comparison as plain data, without times or paths."""
        return {
            "schema": SCHEMA,
            "project": self.name,
            "set": dict(self.settings),
            "replications": self.n,
            "days": self.days,
            "seed": self.seed,
            "complete": self.complete,
            "targets": [asdict(line) for line in self.targets],
            "differences": [asdict(line) for line in self.differences],
            "findings": [finding.model_dump(mode="json") for finding in self.findings],
            "not_modelled": list(self.not_modelled),
        }


def compare_scenarios(
    folder: Path,
    settings: Mapping[str, str],
    *,
    days: int = 365,  # structure: a year
    replications: int = 10,  # structure: enough for an interval
    workers: int = 1,
    cluster: str | None = None,
    seed: int = 1,
    on_progress: Say | None = None,
) -> Comparison:
    """Run a project as it is and with something set, and compare them replication by replication.

    What the definition leaves to the plan is planned once, for the project as it is: the scenario has the
    same staff and machines but for what is set.

    Parameters
    ----------
    folder
        Project folder.
    settings
        ``KEY=VALUE`` of the scenario.
    days, replications, seed
        Length of a run, and how many there are of each.
    workers, cluster
        Processes of this machine, or the address of a Dask scheduler; the results are the same.
    on_progress
        Told what is done and which share of the whole is behind.

    Raises
    ------
    InputError
        TWN-065 if nothing is set or there are fewer than two replications.
    OncopolisError
        With everything that is wrong with the project.
    KeyboardInterrupt
        Stopped before both had two replications.
    """
    if not settings or replications < LEAST:
        raise InputError(
            code="TWN-065",
            where="what-if",
            got=f"{len(settings)} settings and {replications} replications",
            expected="at least one `--set KEY=VALUE`, and 2 replications",
            fix="say what is to be different",
        )
    say = on_progress or (lambda what, share: None)
    base = prepare(folder, {}, say)
    changed = prepare_scenario(folder, settings, base)
    samplers = [
        Sampler(each.equipped, each.intake, choose_period(each, days=days), seed) for each in (base, changed)
    ]
    if samplers[1].period != samplers[0].period:  # the same days, whatever was set
        samplers[1] = Sampler(changed.equipped, changed.intake, samplers[0].period, seed)
    runs: list[Runs[Sampled]] = []
    for i, (sampler, what) in enumerate(zip(samplers, ("as it is", "scenario"), strict=True)):
        tell = partial(_tell, say, what, i / 2)
        runs.append(
            run_replications(sampler, replications, workers=workers, cluster=cluster, on_progress=tell)
        )
    return _compare(base, changed, settings, samplers, runs)


def _tell(say: Say, what: str, before: float, done: int, of: int) -> None:
    say(f"{what}: {done} of {of}", before + done / of / 2)


def prepare_scenario(folder: Path, settings: Mapping[str, str], base: Prepared) -> Prepared:
    """Read a project with something set, with what was planned for it as it is."""
    project = read_project(folder, settings)
    return Prepared(project, base.plan, equip(project, base.plan), make_intake(project))


def _compare(
    base: Prepared,
    changed: Prepared,
    settings: Mapping[str, str],
    samplers: Sequence[Sampler],
    runs: Sequence[Runs[Sampled]],
) -> Comparison:
    n = min(len(part.results) for part in runs)
    if n < LEAST:
        raise KeyboardInterrupt
    results = [[sampled.result for sampled in part.results[:n]] for part in runs]
    targets = list_differences(
        *(
            [measure_targets(each, result) for result in of_one]
            for each, of_one in zip((base, changed), results, strict=True)
        )
    )
    others = list_differences(*([list_outputs(result) for result in of_one] for of_one in results))
    differing = [line for line in others if line.effect > 0]
    return Comparison(
        name=base.project.centre.name,
        settings=dict(settings),
        n=n,
        days=samplers[0].period.days,
        seed=samplers[0].seed,
        targets=tuple(targets),
        differences=tuple(sorted(differing, key=lambda line: (-line.effect, line.figure))),
        not_modelled=tuple(dict.fromkeys(words for of_one in results for words in of_one[0].not_modelled)),
        findings=gather_findings(samplers),
        complete=all(part.complete for part in runs),
    )


def gather_findings(samplers: Sequence[Sampler]) -> tuple[Finding, ...]:
    """Return what was found before any of the runs, once."""
    findings = {
        (found.rule, found.where, found.actual): found
        for sampler in samplers
        for found in sampler.model.findings
    }
    return tuple(findings.values())


def list_differences(
    before: Sequence[Mapping[str, float]], after: Sequence[Mapping[str, float]]
) -> list[Difference]:
    """Return every figure that all replications of both have, with its paired difference."""
    names = [name for name in before[0] if all(name in row for row in (*before, *after))]
    lines = []
    for name in names:
        old, new = [row[name] for row in before], [row[name] for row in after]
        lines.append(
            Difference(name, compute_mean(old).value, compute_mean(new).value, compute_difference(old, new))
        )
    return lines


def measure_targets(prepared: Prepared, result: Result) -> dict[str, float]:
    """Return the shares that targets are judged by, by the target's id; one without cases is left out."""
    lines = Goals(About(equipped=prepared.equipped)).write([result])
    return {
        line["id"]: float(line["reached"]["value"]) for line in lines if line["reached"]["value"] is not None
    }
