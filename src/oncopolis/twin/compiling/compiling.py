"""`compile_model`: every table of a run, from calendars to the last way out of a step."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre.equipped import Equipped
from oncopolis.centre.intake import Intake
from oncopolis.foundation import InputError
from oncopolis.foundation.collecting import uncollected
from oncopolis.foundation.units import HOURS_PER_WEEK
from oncopolis.twin.beginning import Beginning
from oncopolis.twin.compiling.bundles import Bundles
from oncopolis.twin.compiling.checking import check_model
from oncopolis.twin.compiling.columns import Columns
from oncopolis.twin.compiling.days import Days
from oncopolis.twin.compiling.foreseeing import foresee
from oncopolis.twin.compiling.offsets import find_limits, find_sizes
from oncopolis.twin.compiling.people import People
from oncopolis.twin.compiling.places import find_check_ins, find_factors, find_openings, find_walks
from oncopolis.twin.compiling.ranks import rank_resources
from oncopolis.twin.compiling.resources import add_booking, add_resources
from oncopolis.twin.compiling.roster import Roster, list_maintenance
from oncopolis.twin.compiling.sources import Sources
from oncopolis.twin.compiling.tables import compute_digest, to_tables
from oncopolis.twin.compiling.values import Values
from oncopolis.twin.compiling.walked import find_walked
from oncopolis.twin.compiling.ways import Ways
from oncopolis.twin.model import Model

BEYOND = 400  # structure: days after the run that can still be booked


@uncollected()
def compile_model(
    equipped: Equipped,
    intake: Intake,
    *,
    start: date,
    days: int,
    history_days: int = 0,
    beginning: Beginning | None = None,
) -> Model:
    """Compile a centre for runs of up to `days` days.

    Parameters
    ----------
    equipped, intake
        The centre with all its numbers, and who comes to it.
    start
        First day of a run.
    days
        Longest run, warm-up included.
    history_days
        Days before `start` in which people come and go on without waiting for anything, so that on the first
        day patients are mid-pathway, beds are taken and appointments lie ahead. 0 starts empty.
    beginning
        Who is there on the first day; in place of a history.

    Raises
    ------
    InputError, InputErrors
        If something can never happen: a phase needs more than there ever is, nothing is ever open.
    """
    if days < 1 or history_days < 0 or (history_days and beginning is not None):
        raise InputError(
            code="TWN-007",
            where="--days",
            got=f"{days} days after {history_days} of history",
            expected="at least 1 day, and no history where the state at the start is given",
            fix="run a day or more, and give either",
        )
    project = equipped.project
    first = start - timedelta(days=history_days)
    axis = Days(project.centre, first, history_days + days + BEYOND)
    n_days = history_days + days
    columns = Columns()
    values = Values(project, columns)
    roster = Roster(equipped, axis, values)
    index = {key: r for r, key in enumerate(roster.keys)}
    stretch = {key: HOURS_PER_WEEK / max(roster.weekly_hours[r], 1.0) for key, r in index.items()}
    bundles = Bundles(project, values, columns, index, stretch)
    resources = [project.centre.resources[key] for key in roster.keys]
    booked = [r for r, resource in enumerate(resources) if resource.booking is not None and roster.duties[r]]
    ways = Ways(equipped, intake, columns, values, bundles, roster, booked)
    ways.write()
    people = None if beginning is None else People(intake, columns, ways, roster, beginning)
    sources = Sources(intake, columns, values, ways, roster, axis, history_days, people)
    sources.write(n_days)
    if people is not None:
        people.write()
    walked = find_walked(project.network, intake, beginning)
    check_model(equipped, walked, bundles, roster, ways.list_asked(n_days), n_days)
    alternatives = [-1 if r.overflow is None else index[r.overflow] for r in resources]
    bundles.write(alternatives)
    ranks, cut = rank_resources(ways, bundles, resources)
    add_resources(columns, values, roster, resources, bundles, alternatives, ranks)
    arrays: dict[str, NDArray[Any]] = {}
    add_booking(columns, arrays, values, roster, booked)
    absences = [
        absence
        for r, resource in enumerate(resources)
        for absence in list_maintenance(resource, r, roster, n_days)
    ]
    fitting = [r.booking is not None and r.booking.must_fit for r in resources]
    stream = roster.make_stream(history_days, n_days, fitting, absences)
    arrays |= dict(zip(("cs_time", "cs_kind", "cs_res", "cs_value"), stream, strict=True))
    arrays |= {
        "so_expected": np.array(sources.expected).reshape(-1, n_days),
        "shape": np.array(sources.shapes).reshape(len(sources.shapes), -1),
        "da_year": axis.year - int(axis.year[0]),
        "da_work": axis.working.astype(np.int64),
        "da_monday": axis.weekday[:1].astype(np.int64),
        "dw_open": np.ascontiguousarray(roster.windows[0].T, dtype=np.int32),
        "dw_close": np.ascontiguousarray(roster.windows[1].T, dtype=np.int32),
        "walk": find_walks(equipped, ways.names.departments),
        "check_in": find_check_ins(values, ways.names.departments),
        "opens": find_openings(equipped, ways.names.departments, axis),
        "factor": find_factors(intake, ways, axis),
        "history": np.array([history_days > 0], dtype=np.int64),
        "standing": np.array([columns.count("in_stop") > 0], dtype=np.int64),
    }
    limits, targets = find_limits(values, ways)
    arrays["limit"] = limits
    arrays["sizes"] = find_sizes(ways, resources, intake, n_days)
    tables = to_tables(columns, arrays)
    return Model(
        equipped=equipped,
        intake=intake,
        start=start,
        days=days,
        history_days=history_days,
        tables=tables,
        names=ways.names,
        resources=roster.keys,
        sources=tuple(inflow.name for inflow in intake.inflows),
        targets=targets,
        blocked_ways=cut,
        findings=tuple(foresee(equipped, intake, walked, bundles, roster, start=start, days=days)),
        digest=compute_digest(tables),
        beginning=beginning,
    )
