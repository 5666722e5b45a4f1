"""`compile_model`: every table of a run, from calendars to the last way out of a step."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre import BoundActivity
from oncopolis.centre.context import make_context
from oncopolis.centre.equipped import Equipped
from oncopolis.centre.intake import Intake
from oncopolis.foundation import InputError
from oncopolis.foundation.kernels.reference import pack
from oncopolis.foundation.kernels.variates import EXPONENTIAL
from oncopolis.foundation.names import name_key
from oncopolis.foundation.units import MS_PER_DAY, MS_PER_MINUTE
from oncopolis.twin.compiling.bundles import Bundles
from oncopolis.twin.compiling.checking import check_model
from oncopolis.twin.compiling.columns import Columns
from oncopolis.twin.compiling.days import Days
from oncopolis.twin.compiling.foreseeing import foresee
from oncopolis.twin.compiling.ranks import list_moves, rank_places
from oncopolis.twin.compiling.roster import HOURS_PER_WEEK, Roster, list_maintenance, resolve_of
from oncopolis.twin.compiling.sources import Sources
from oncopolis.twin.compiling.values import Values
from oncopolis.twin.compiling.ways import Ways
from oncopolis.twin.kernels import tables as k
from oncopolis.twin.model import Model

BEYOND = 400  # structure: days after the run that can still be booked
FAILS = {"always": k.ALWAYS, "open": k.OPEN_ONLY, "busy": k.BUSY_ONLY}
FLOATS = frozenset(
    (
        "st_share st_frail st_mean_times st_defer st_defer_frail ex_share ta_n ta_share me_n ph_frail "
        "di_a di_b di_c re_every ro_relapse ro_relapse_years ro_death ro_other ro_ageing ro_rate ep_share "
        "ep_rate so_batch so_no_show so_part bk_urgent bk_no_show bk_cancelled "
    ).split()
)


def compile_model(
    equipped: Equipped, intake: Intake, *, start: date, days: int, history_days: int = 0
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

    Raises
    ------
    InputError, InputErrors
        If something can never happen: a phase needs more than there ever is, nothing is ever open.
    """
    if days < 1 or history_days < 0:
        raise InputError(
            code="TWN-007",
            where="--days",
            got=f"{days} days after {history_days} of history",
            expected="at least 1 day",
            fix="run a day or more",
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
    sources = Sources(intake, columns, values, ways, roster, axis, history_days)
    sources.write(n_days)
    check_model(equipped, intake, bundles, roster, ways.list_asked(n_days), n_days)
    alternatives = [-1 if r.overflow is None else index[r.overflow] for r in resources]
    bundles.write(alternatives)
    ranks, cut = _rank(ways, bundles, resources)
    _add_resources(columns, values, roster, resources, bundles, alternatives, ranks)
    arrays: dict[str, NDArray[Any]] = {}
    _add_booking(columns, arrays, values, roster, booked)
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
        "dw_open": np.ascontiguousarray(roster.windows[0].T),
        "dw_close": np.ascontiguousarray(roster.windows[1].T),
        "walk": _find_walks(equipped, ways.names.departments),
        "check_in": _find_check_ins(values, ways.names.departments),
        "opens": _find_openings(equipped, ways.names.departments, axis),
        "factor": _find_factors(intake, ways, axis),
    }
    limits, targets = _find_limits(values, ways)
    arrays["limit"] = limits
    arrays["sizes"] = _find_sizes(ways, resources, intake, n_days)
    tables = _to_tables(columns, arrays)
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
        findings=tuple(foresee(equipped, intake, bundles, roster, start=start, days=days)),
        digest=_digest(tables),
    )


def _rank(ways: Ways, bundles: Bundles, resources: Sequence[Any]) -> tuple[list[int], tuple[str, ...]]:
    """Rank places by the moves the definition makes from one to the next."""
    stays = [resource.kind != "role" for resource in resources]

    def list_held(activity: BoundActivity) -> list[frozenset[int]]:
        return [
            frozenset(r for r, _, behind in bundles.held[bundles.add(phase)] if stays[r] and not behind)
            for phase in activity.phases
            if phase.patient
        ]

    moves: Counter[tuple[int, int]] = Counter()
    for route in ways.network.routes.values():
        stay: list[frozenset[int]] = []
        for stop in route.stops:
            for task in stop.tasks:
                held = list_held(task.activity)
                if stop.setting == "inpatient":
                    stay += held
                else:
                    moves.update(list_moves(held))
            if stop.setting != "inpatient" and stop.tasks:
                moves.update(list_moves(stay))
                stay = []
        moves.update(list_moves(stay))
    ranks = rank_places(moves, len(resources))
    keys = list(ways.project.centre.resources)
    cut = tuple(f"{keys[old]} -> {keys[new]}" for old, new in sorted(moves) if ranks[old] >= ranks[new])
    return ranks, cut


def _add_resources(
    columns: Columns,
    values: Values,
    roster: Roster,
    resources: Sequence[Any],
    bundles: Bundles,
    alternatives: Sequence[int],
    ranks: Sequence[int],
) -> None:
    sizes = bundles.list_amounts()
    runs = 0
    for r, resource in enumerate(resources):
        breakdown = resource.breakdown
        fails = k.NEVER_FAILS if breakdown is None else FAILS[breakdown.clock]
        tracked = fails != k.NEVER_FAILS or resource.preempts
        room = roster.most[r] * k.UNIT // min(sizes.get(r, {k.UNIT})) + roster.most[r] + 1 if tracked else 0
        every = repair = None
        if breakdown is not None:
            every = resolve_of(values, roster.keys[r], ("breakdown", "every"), breakdown.every)
            repair = resolve_of(values, roster.keys[r], ("breakdown", "repair"), breakdown.repair)
        columns.add(
            re_alt=alternatives[r],
            re_even=len(sizes.get(r, ())) <= 1,
            re_stays=resource.kind != "role",
            re_rank=ranks[r],
            re_waiting=-1 if resource.waiting is None else resource.waiting,
            re_preempts=resource.preempts,
            re_fits=resource.booking is not None and resource.booking.must_fit,
            re_fails=fails,
            re_every=values.get_ticks(every),
            re_repair=values.add_time(repair, EXPONENTIAL),
            re_units=roster.most[r],
            re_key=name_key(f"resource.{roster.keys[r]}"),
            re_r0=runs if tracked else -1,
            re_runs=room,
        )
        runs += room


def _add_booking(
    columns: Columns, arrays: dict[str, NDArray[Any]], values: Values, roster: Roster, booked: Sequence[int]
) -> None:
    for r in booked:
        booking = roster.centre.resources[roster.keys[r]].booking
        assert booking is not None

        def read(name: str, number: object, key: str = roster.keys[r]) -> str | None:
            return resolve_of(values, key, ("booking", name), number)

        columns.add(
            bk_res=r,
            bk_urgent=values.get(read("urgent_share", booking.urgent_share), 0.0),
            bk_urgent_days=booking.urgent_days,
            bk_no_show=values.get(read("no_show", booking.no_show), 0.0),
            bk_cancelled=values.get(read("cancelled", booking.cancelled), 0.0),
            bk_cancelled_days=booking.cancelled_days,
            bk_late=values.add_time(read("lateness", booking.lateness)),
            bk_horizon=min(booking.horizon_days, k.RING - 2),
        )
    profile, capacity, total = roster.make_profiles(booked)
    arrays["bk_profile"] = np.ascontiguousarray(profile.reshape(len(booked), roster.days.n).T)
    arrays["bk_capacity"] = capacity
    arrays["bk_total"] = total
    arrays["bk_first"] = np.where(capacity.any(axis=1), (capacity > 0).argmax(axis=1), k.CELLS)


def _find_walks(equipped: Equipped, departments: Sequence[str]) -> NDArray[np.int64]:
    """Return walking times between departments, ticks; the shortest way over all buildings."""
    campus = equipped.project.centre.campus
    buildings = list(campus.buildings)
    far = np.full((len(buildings) + 1, len(buildings) + 1), np.inf)
    np.fill_diagonal(far, 0.0)
    for walk in campus.walks:
        a, b = (buildings.index(name) for name in walk.between)
        far[a, b] = far[b, a] = min(far[a, b], walk.minutes)
    for via in range(len(buildings)):
        far = np.minimum(far, far[:, via : via + 1] + far[via : via + 1, :])
    where = {dept: i for i, name in enumerate(buildings) for dept in campus.buildings[name].departments}
    at = np.array([where.get(dept, len(buildings)) for dept in departments])
    minutes = far[np.ix_(at, at)]
    minutes[~np.isfinite(minutes)] = 0.0
    ticks: NDArray[np.int64] = np.rint(minutes * MS_PER_MINUTE).astype(np.int64)
    return ticks


def _find_check_ins(values: Values, departments: Sequence[str]) -> NDArray[np.int64]:
    project = values.project
    ticks = []
    for key in departments:
        time = project.centre.departments[key].check_in
        found = None
        if time is not None:
            found = project.resolver.resolve(
                time, ("departments", key, "check_in"), make_context(project.centre)
            )
        ticks.append(int(values.get_ticks(found)))
    return np.array(ticks, dtype=np.int64)


def _find_openings(equipped: Equipped, departments: Sequence[str], axis: Days) -> NDArray[np.int64]:
    return np.array(
        [
            axis.find_first(equipped.opened[dept]) * MS_PER_DAY if dept in equipped.opened else k.NEVER
            for dept in departments
        ],
        dtype=np.int64,
    )


def _find_factors(intake: Intake, ways: Ways, axis: Days) -> NDArray[np.float64]:
    """Return the share treated here, shape (site and modality, years)."""
    first, last = int(axis.year[0]), int(axis.year[-1])
    table = np.ones((max(len(ways.factors), 1), last - first + 1))
    for place, row in ways.factors.items():
        by_year = intake.here[place]
        known = np.array(sorted(by_year))
        for year in range(first, last + 1):
            nearest = int(known[np.abs(known - year).argmin()])
            table[row, year - first] = by_year[nearest]
    return table


def _find_limits(values: Values, ways: Ways) -> tuple[NDArray[np.int64], dict[str, int]]:
    """Return the limit of each row of times, and the row of each target that has one."""
    names, project = ways.names, values.project
    offsets = _find_offsets(ways)
    limits = np.full(offsets[-1], -1, dtype=np.int64)
    targets: dict[str, int] = {}
    for key, target in project.centre.targets.items():
        if target.within is None:
            continue
        found = project.resolver.resolve(
            target.within, ("targets", key, "within"), make_context(project.centre)
        )
        ticks = int(values.get_ticks(found))
        if target.of == "treatment":
            rows = [offsets[4] + i for i, name in enumerate(names.cohorts) if target.name in ("", name)]
        elif target.place == "activity":
            rows = [i for i, name in enumerate(names.activities) if name == target.name]
        elif target.place == "pathway":
            rows = [offsets[1] + i for i, name in enumerate(names.steps) if name.split("/")[0] == target.name]
        else:
            rows = []
        for row in rows:
            if limits[row] in (-1, ticks):
                limits[row] = ticks
                targets.setdefault(key, row)
    return limits, targets


def _find_offsets(ways: Ways) -> list[int]:
    """Return where each kind of times begins, and how many rows there are."""
    names = ways.names
    counts = (names.activities, names.steps, names.paths, names.departments, names.cohorts)
    return [0, *np.cumsum([len(part) for part in counts]).tolist()]


def _find_sizes(ways: Ways, resources: Sequence[Any], intake: Intake, n_days: int) -> NDArray[np.int64]:
    offsets = _find_offsets(ways)
    sizes = np.zeros(32, dtype=np.int64)  # structure: room for all places
    sizes[k.N_RES], sizes[k.N_SOURCES] = len(resources), len(intake.inflows)
    sizes[k.N_DAYS] = n_days
    sizes[k.R_ACTIVITY], sizes[k.R_STEP], sizes[k.R_PATH], sizes[k.R_VISIT], sizes[k.R_TREATMENT] = offsets[
        :-1
    ]
    sizes[k.T_ACTIVITY], sizes[k.T_STEP] = 0, len(ways.names.activities)
    sizes[k.N_DEPTS] = len(ways.names.departments)
    return sizes


SHORT = frozenset({"st", "ta", "ac", "sb"})
"""Tables of many rows whose whole numbers take half the room."""
PACKED = ("st", "ta", "ac", "ph", "di", "bu", "be", "re", "ro", "ep", "cs", "sb")
"""Tables whose rows are read whole."""


def _to_tables(columns: Columns, arrays: dict[str, NDArray[Any]]) -> k.Tables:
    found = dict(arrays)
    for name in k.TABLES:
        if name not in arrays:
            whole = np.int32 if name.partition("_")[0] in SHORT else np.int64
            array = columns.to_array(name, np.float64 if name in FLOATS else whole)
            found[name] = np.ascontiguousarray(array)
    for prefix in PACKED:
        group = {
            name: found[name] for name in k.TABLES if name.startswith(f"{prefix}_") and found[name].ndim == 1
        }
        found |= pack(group, len(next(iter(group.values()))))
    return k.Tables({name: found[name] for name in k.TABLES})


def _digest(tables: k.Tables) -> str:
    summed = blake2b(digest_size=16)  # structure: 128 bits
    for name, array in tables.list_fields().items():
        summed.update(name.encode())
        summed.update(np.ascontiguousarray(array).tobytes())
    return summed.hexdigest()
