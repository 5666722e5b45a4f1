"""From a project folder to a plan document, and to the explanation of one figure."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from oncopolis.centre import read_project
from oncopolis.foundation import Finding
from oncopolis.planning import Plan, make_plan, to_document
from oncopolis.planning.plan import Progress
from oncopolis.studies.explaining import find_figure, write_tree


def plan_project(
    folder: Path,
    *,
    draws: int,
    seed: int,
    settings: Mapping[str, str],
    test: bool = False,
    workers: int = 1,
    cluster: str | None = None,
    on_progress: Progress | None = None,
) -> dict[str, Any]:
    """Read a project, plan it, and return the plan document.

    Parameters
    ----------
    folder
        Project folder.
    draws, seed
        Draws over the evidence ranges; same seed, same plan.
    settings
        ``KEY=VALUE`` of the command line.
    test
        Whether its first years are lived through in the twin, to say whether it holds.
    workers, cluster
        Processes of this machine, or the address of a Dask scheduler, that live through them.
    on_progress
        Told what is done and which share of the whole is behind.

    Raises
    ------
    OncopolisError
        With everything that is wrong with the project.
    """
    if on_progress:
        on_progress("reading the project", 0.0)
    project = read_project(folder, settings)
    plan = make_plan(project, n_draws=draws, seed=seed, on_progress=on_progress)
    document = to_document(plan, dict(settings))
    if test:
        from oncopolis.studies.holding import try_plan

        document["holds"] = try_plan(
            plan, workers=workers, cluster=cluster, seed=seed, on_progress=on_progress
        )
        document["findings"][:0] = list_broken(document["holds"])
    return document


def list_broken(holds: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a finding for every target that breaks in a year that was lived through."""
    findings = [
        Finding(
            rule="target-breaks",
            severity="warning",
            where=f"targets.{target['id']}",
            message=f"Target missed: {target['label']}",
            actual=", ".join(str(year) for year in target["breaks"]),
            expected="no year in which it is missed",
            source="one replication of the twin for each year",
            fix="see whether the plan holds in the report, and the fix found there",
        )
        for target in holds["targets"]
        if target["breaks"]
    ]
    return [finding.model_dump(mode="json") for finding in findings]


def explain_figure(folder: Path, key: str, *, settings: Mapping[str, str]) -> str:
    """Return the tree behind one figure, from the population to the number.

    Raises
    ------
    NotFoundError
        If no figure has that key or name; names the nearest.
    """
    plan = _plan_centrally(folder, settings)
    return write_tree(plan, find_figure(plan, key))


def list_figures(folder: Path, *, settings: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Return key and label of every figure, headlines first."""
    plan = _plan_centrally(folder, settings)
    figures = plan.calculation.ledger.figures
    keys = [*plan.headlines, *sorted(set(figures) - set(plan.headlines))]
    return [(key, figures[key].label) for key in keys]


def _plan_centrally(folder: Path, settings: Mapping[str, str]) -> Plan:
    return make_plan(read_project(folder, settings), n_draws=0, seed=0)
