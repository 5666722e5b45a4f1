"""The twin through its public doors: a definition in, a result out."""

from datetime import date

from oncopolis.centre import Project
from oncopolis.studies import equip, make_intake
from oncopolis.twin import Model, Result, compile_model, simulate

MS_PER_MIN = 60_000


def compile_project(project: Project, start: date, days: int) -> Model:
    """Compile a project that states how many there are of everything."""
    return compile_model(equip(project), make_intake(project), start=start, days=days)


def run(model: Model, days: int, seed: int) -> Result:
    """Run once, from the first day on."""
    return simulate(model, seed=seed, days=days)


def list_waits(project: Project, result: Result) -> dict[str, tuple[int, float]]:
    """Return how many waited how long on average (minutes), by the first resource of the activity."""
    station = {
        task.activity.id: task.activity.phases[0].hold[0][0]
        for route in project.network.routes.values()
        for stop in route.stops
        for task in stop.tasks
    }
    spread = result.waiting
    return {
        station[name]: (int(n), float(total) / int(n) / MS_PER_MIN)
        for name, n, total in zip(spread.names, spread.n, spread.sum, strict=True)
        if name in station and n
    }
