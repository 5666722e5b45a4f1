"""The STRESS-DES checklist, filled in from the model and the run.

Monks, Currie, Onggo, Robinson, Kunc and Taylor (2019), Strengthening the reporting of empirical simulation
studies, Journal of Simulation 13, 55-67. Twenty items; the one on components has five parts.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from platform import machine, python_implementation, python_version
from typing import Any

from oncopolis.foundation.marking import mark
from oncopolis.foundation.units import DAYS_PER_YEAR
from oncopolis.twin.document.about import About
from oncopolis.twin.result import Result

PACKAGES = ("oncopolis", "numpy", "numba", "scipy")
"""What the run is computed with."""

PURPOSE = "To see whether the planned capacity holds from day to day, where people wait, and why."


@dataclass(frozen=True)
class Item:
    """A line of the checklist."""

    id: str
    title: str
    text: str


def write_stress(results: Sequence[Result], about: About) -> list[dict[str, Any]]:
    """Return sections with their items; each item has its number, its title and what the run says to it."""
    sections = (
        (mark("Objectives"), _write_objectives(about)),
        (mark("Logic"), _write_logic(results, about)),
        (mark("Data"), _write_data(results, about)),
        (mark("Experimentation"), _write_experimentation(results)),
        (mark("Implementation"), _write_implementation(results)),
        (mark("Code access"), _write_access(results)),
    )
    return [
        {
            "title": title,
            "items": [asdict(item) for item in items],
        }
        for title, items in sections
    ]


def _write_objectives(about: About) -> list[Item]:
    aim = (
        about.aim or "To see whether the planned capacity holds from day to day, where people wait, and why."
    )
    targets = "; ".join(target.label for target in about.centre.targets.values())
    return [
        Item("1.1", mark("Purpose of the model"), f"{about.centre.name}. {about.centre.about} {aim}".strip()),
        Item(
            "1.2",
            mark("Model outputs"),
            "Waits before the first phase of an activity (from the moment somebody is there and ready), "
            "by activity, step and pathway; time of a visit; time in a pathway; time from referral to the "
            "first treatment given here; utilisation (time held over open time), overtime, blocked time, "
            "time out of order; beds held by day; no-shows, cancellations, people sent home, people who "
            "gave up, breaches of latest days, gaps of series. All are gathered during the run after the "
            "warm-up. Quantiles come from histograms with eight bins to each doubling. Intervals are "
            "Student's at 95 % over replications.",
        ),
        Item(
            "1.3",
            mark("Experimentation aims"),
            f"One scenario. Targets that it is held against: {targets or 'none'}. "
            + (
                "Set for this run: " + ", ".join(f"{key} = {value}" for key, value in about.settings.items())
                if about.settings
                else "Nothing was set beside the definition."
            ),
        ),
    ]


def _write_logic(results: Sequence[Result], about: About) -> list[Item]:
    centre, first = about.centre, results[0]
    kinds = Counter(resource.kind for resource in centre.resources.values())
    listed = ", ".join(f"{n} of kind {kind}" for kind, n in sorted(kinds.items()))
    steps = sum(len(pathway.steps) for pathway in centre.pathways.values())
    return [
        Item(
            "2.1",
            mark("Base model overview diagram"),
            "The campus is drawn in this report, "
            + (
                "and so is what followed what on the busiest pathways"
                if about.processes
                else "and what followed what on the busiest pathways if an event log is written"
            )
            + "; all pathways are data of the project.",
        ),
        Item(
            "2.2",
            mark("Base model logic"),
            f"{len(centre.pathways)} pathways of {steps} steps. People come, go through the steps of their "
            "pathway with its branches, repeats and intervals, are booked or walk in, walk between "
            "buildings, wait, and hold all resources of a phase together. Death, relapse and other causes "
            "compete with the pathway.",
        ),
        Item(
            "2.3",
            mark("Scenario logic"),
            "Scenarios differ by what is set over the definition; random numbers are shared between them.",
        ),
        Item(
            "2.4",
            mark("Algorithms"),
            "A bundle is served when all it asks for is free; who waits is ordered by priority, then time of "
            "the appointment, then arrival. Booked resources give out the first feasible time within their "
            "horizon, with a part kept for the urgent. Durations that depend on frailty follow a Gaussian "
            "copula.",
        ),
        Item(
            "2.5.1",
            mark("Components: entities"),
            f"Patients of {len(centre.cohorts)} cohorts and {len(centre.flows)} flows from "
            f"{len(first.sources)} sources; work done for them in their absence; tails of an activity after "
            "they have gone on. Attributes: site, stage, frailty, priority, what has been set by steps.",
        ),
        Item(
            "2.5.2",
            mark("Components: activities"),
            f"{len(centre.activities)} activities in ordered phases, each with its own duration and what it "
            "holds.",
        ),
        Item(
            "2.5.3",
            mark("Components: resources"),
            f"{len(centre.resources)} resources ({listed}) with shifts, calendars with holidays, breaks, "
            "booking, breakdown and maintenance where the definition states them.",
        ),
        Item(
            "2.5.4",
            mark("Components: queues"),
            "One queue for each set of resources that is asked for together, in the order of 2.4; people "
            "leave it when their patience ends, or are turned away where a resource limits who may wait.",
        ),
        Item(
            "2.5.5",
            mark("Components: entry and exit points"),
            "Entry at the first step, or the step the definition names; exit at the end of the pathway, by "
            "death, by giving up, or by going elsewhere.",
        ),
    ]


def _write_data(results: Sequence[Result], about: About) -> list[Item]:
    evidence = about.equipped.project.evidence
    rows = list(evidence.rows.values())
    statuses = Counter(row.status for row in rows)
    families = Counter(row.distribution.family for row in rows if row.distribution)
    spread = ", ".join(f"{family} {n}" for family, n in sorted(families.items()))
    return [
        Item(
            "3.1",
            mark("Data sources"),
            f"{len(rows)} coefficients in force, each with its source and status: "
            + ", ".join(f"{n} {status}" for status, n in sorted(statuses.items()))
            + f". {len(evidence.overrides)} of them replaced by the project.",
        ),
        Item(
            "3.2",
            mark("Pre-processing"),
            "New cases follow from population and incidence as in the plan; full-time posts of the plan "
            "become people present.",
        ),
        Item(
            "3.3",
            mark("Input parameters"),
            f"Definition {results[0].definition}. Distributions by family: {spread or 'none'}; durations "
            "without one are fixed, times between arrivals without one are exponential.",
        ),
        Item(
            "3.4",
            mark("Assumptions"),
            f"{statuses.get('assumption', 0)} coefficients are assumptions. Not modelled: "
            + (" ".join(results[0].not_modelled) or "nothing that is known."),
        ),
    ]


def _write_experimentation(results: Sequence[Result]) -> list[Item]:
    first = results[0]
    warmup = (
        f"{first.warmup_days} days of warm-up are left out of all figures."
        if first.warmup_days
        else "There is no warm-up."
    )
    return [
        Item(
            "4.1",
            mark("Initialisation"),
            f"Terminating run; counting begins on {first.start.isoformat()} with "
            f"{first.flow['in_system_at_start']} people there. {warmup}",
        ),
        Item("4.2", mark("Run length"), f"{first.days} days ({first.days / DAYS_PER_YEAR:.2f} years)."),
        Item(
            "4.3",
            mark("Estimation approach"),
            f"{len(results)} independent "
            + ("replications" if len(results) > 1 else "replication, hence no interval")
            + "; means with Student's 95 % intervals over replications, longest values over all.",
        ),
    ]


def _write_implementation(results: Sequence[Result]) -> list[Item]:
    first = results[0]
    versions = ", ".join(f"{name} {_read_version(name)}" for name in PACKAGES)
    return [
        Item(
            "5.1",
            mark("Software or programming language"),
            f"{python_implementation()} {python_version()}; {versions}.",
        ),
        Item(
            "5.2",
            mark("Random sampling"),
            "Counter-based: a splitmix64 hash of a key and a counter, keyed by source, person, purpose and "
            "occurrence, never by resource or by the order of events; the key of replication i comes from "
            "NumPy's SeedSequence with spawn key (i). "
            f"Seed {first.seed}, replications {_list_replications(results)}.",
        ),
        Item(
            "5.3",
            mark("Model execution"),
            "Next-event simulation with integer time of one millisecond; events in the total order (time, "
            "priority, sequence), so that a seed gives one result on any number of workers. "
            f"{sum(result.events for result in results)} events.",
        ),
        Item(
            "5.4",
            mark("System specification"),
            f"Processor architecture {machine() or 'unknown'}. Run times are printed by the command and "
            "are no part of this report, so that the same run gives the same report.",
        ),
    ]


def _write_access(results: Sequence[Result]) -> list[Item]:
    return [
        Item(
            "6.1",
            mark("Computer model sharing statement"),
            f"Oncopolis {_read_version('oncopolis')}, open source under Apache-2.0. The project's folder, "
            "the seed and the number of days give the same run; the digest of the first replication is "
            f"{results[0].digest}.",
        )
    ]


def _read_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "of unknown version"


def _list_replications(results: Sequence[Result]) -> str:
    numbers = [result.replication for result in results]
    return str(numbers[0]) if len(numbers) == 1 else f"{min(numbers)} to {max(numbers)}"
