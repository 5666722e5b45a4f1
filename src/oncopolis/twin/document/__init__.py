"""A run of the twin as plain data: what ``twin.json`` holds."""

from collections.abc import Sequence
from typing import Any

from oncopolis.foundation import InputError
from oncopolis.foundation.collecting import uncollected
from oncopolis.twin.document.about import About, Day, Edge, Process, Station
from oncopolis.twin.document.campus import write_campus, write_day, write_process
from oncopolis.twin.document.checks import list_findings, write_checks, write_flow
from oncopolis.twin.document.estimates import estimate
from oncopolis.twin.document.headlines import write_figures
from oncopolis.twin.document.names import Names
from oncopolis.twin.document.queues import write_queues
from oncopolis.twin.document.resources import rank_bottlenecks, write_census, write_resources, write_week
from oncopolis.twin.document.schema import SCHEMA, to_twin_schema
from oncopolis.twin.document.stress import write_stress
from oncopolis.twin.document.targets import Goals
from oncopolis.twin.document.turnout import write_turnout
from oncopolis.twin.document.waits import write_in_system, write_treatment, write_visits, write_waits
from oncopolis.twin.experiments.intervals import LEVEL
from oncopolis.twin.result import Result


@uncollected()
def to_document(results: Sequence[Result], about: About) -> dict[str, Any]:
    """Return replications of one run as plain data, without times of the machine or paths.

    Counts are means of a replication over the days counted. Replications that were stopped early are left
    out of the figures where there are complete ones.

    Parameters
    ----------
    results
        Replications of one model.
    about
        What no result holds.

    Raises
    ------
    InputError
        TWN-050 if there is no replication, TWN-051 if they are not of one model.
    """
    _check_same(results)
    counted = [result for result in results if result.complete] or list(results)
    names, goals = Names(about), Goals(about)
    parts: dict[str, Any] = {
        "arrivals": _write_arrivals(counted, names),
        "measures": _write_measures(counted, names),
        "flow": write_flow(counted),
        "waits": write_waits(counted, names),
        "visits": write_visits(counted, names),
        "in_system": write_in_system(counted, names),
        "treatment": write_treatment(counted, names, goals),
        "turnout": write_turnout(counted, names),
        "resources": write_resources(counted, names),
        "week": write_week(counted),
        "census": write_census(counted, names),
        "queues": write_queues(counted, names),
        "targets": goals.write(counted),
        "checks": write_checks(counted),
    }
    parts["bottlenecks"] = rank_bottlenecks(parts["resources"])
    figures = write_figures(counted, parts)
    found = list_findings(results, parts["targets"], parts["resources"], parts["checks"])
    return {
        "schema": SCHEMA,
        "project": _write_project(about),
        "run": _write_run(results, counted, about, names),
        "headlines": list(figures),
        "figures": figures,
        **parts,
        "findings": [finding.model_dump(mode="json") for finding in (*about.findings, *found)],
        "not_modelled": list(results[0].not_modelled),
        "stress": write_stress(counted, about),
        "campus": write_campus(about, names),
        "day": write_day(about.day),
        "processes": [write_process(process, names) for process in about.processes],
    }


def _check_same(results: Sequence[Result]) -> None:
    if not results:
        raise InputError(
            code="TWN-050",
            where="results",
            got="no replication",
            expected="one at least",
            fix="run one",
        )
    definitions = sorted({result.definition for result in results})
    if len(definitions) > 1:
        raise InputError(
            code="TWN-051",
            where="results",
            got=f"replications of {len(definitions)} models: {', '.join(definitions)}",
            expected="replications of one model",
            fix="summarise each model for itself, and compare them with `oncopolis what-if`",
        )


def _write_project(about: About) -> dict[str, Any]:
    centre = about.centre
    practice = centre.get_practice()
    return {
        "name": centre.name,
        "about": centre.about,
        "country": centre.country,
        "practice": {"id": centre.practice, "label": practice.label, "choices": dict(practice.choices)},
    }


def _write_beginning(about: About, names: Names) -> dict[str, Any] | None:
    """Write who was there on the first day, by pathway."""
    beginning = about.beginning
    if beginning is None:
        return None
    return {
        "day": beginning.day.isoformat(),
        "people": len(beginning.people),
        "in_beds": beginning.n_in_beds,
        "booked": beginning.n_booked,
        "pathways": [
            {"id": pathway, "label": names.label("pathway", pathway), "n": n}
            for pathway, n in beginning.count_by_pathway().items()
        ],
    }


def _write_run(
    results: Sequence[Result], counted: Sequence[Result], about: About, names: Names
) -> dict[str, Any]:
    first = counted[0]
    return {
        "start": first.start.isoformat(),
        "days": first.days,
        "warmup_days": first.warmup_days,
        "working_days": first.working_days,
        "seed": first.seed,
        "definition": first.definition,
        "complete": all(result.complete for result in results),
        "level": LEVEL if len(counted) > 1 else None,
        "set": dict(about.settings),
        "from_record": _write_beginning(about, names),
        "replications": [
            {
                "replication": result.replication,
                "seed": result.seed,
                "digest": result.digest,
                "days": result.days,
                "complete": result.complete,
                "events": result.events,
                "contacts": result.contacts,
                "visits": result.visits,
            }
            for result in results
        ],
    }


def _write_arrivals(results: Sequence[Result], names: Names) -> list[dict[str, Any]]:
    return [
        {"id": key, "label": label, "n": estimate(int(result.arrivals[rows].sum()) for result in results)}
        for key, (label, rows) in names.group(results[0].sources).items()
    ]


def _write_measures(results: Sequence[Result], names: Names) -> list[dict[str, Any]]:
    return [
        {
            "id": name,
            "label": names.label("measure", name),
            "n": estimate(float(result.counted[row]) for result in results),
        }
        for row, name in enumerate(results[0].measures)
        if any(result.counted[row] for result in results)
    ]


__all__ = ["SCHEMA", "About", "Day", "Edge", "Process", "Station", "to_document", "to_twin_schema"]
