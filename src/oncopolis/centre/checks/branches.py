"""Shares of a branch sum to one, and every loop can be left."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import isclose

from oncopolis.centre.network import Network
from oncopolis.centre.resolving import Coefficient
from oncopolis.centre.route import OUT, REST, Route, Stop
from oncopolis.evidence import Evidence
from oncopolis.foundation import InputError, Located
from oncopolis.foundation.located import Segments

ROUNDING = 1e-6  # structure: shares written with six digits still count as summing to one


def check_branches(network: Network, evidence: Evidence, located: Located) -> Iterator[InputError]:
    """Yield branches and stage splits that do not sum to 1, and loops nobody leaves."""
    seen: set[Segments] = set()
    for route in network.routes.values():
        for stop in route.stops:
            path = (*stop.path, "next")
            shares = [way.share for way in stop.exits]
            if (
                path not in seen
                and (shares != [None])
                and (fault := _check_sum(shares, path, evidence, located))
            ):
                seen.add(path)
                yield fault
        for stop in _list_trapped(route, evidence):
            if stop.path not in seen:
                seen.add(stop.path)
                yield InputError(
                    code="CEN-031",
                    where=located.where(stop.path),
                    got=f"a loop through {stop.id!r} that nobody leaves",
                    expected="a loop that states its stopping probability",
                    fix="give the step a branch with a share that leads out of the loop",
                )
    by_site: dict[str, list[Coefficient]] = defaultdict(list)
    for entry in network.entries:
        by_site[entry.site].append(entry.share)
    for site, parts in by_site.items():
        if fault := _check_sum(parts, ("cohorts", site, "stages"), evidence, located):
            yield fault


def get_value(share: Coefficient | None, evidence: Evidence) -> float:
    """Central value of a share; all if none is stated."""
    if share is None:
        return 1.0
    return float(share) if isinstance(share, int) else evidence.get_row(share).value


def _check_sum(
    shares: Sequence[Coefficient | None], path: Segments, evidence: Evidence, located: Located
) -> InputError | None:
    n_rest = shares.count(REST)
    total = sum(get_value(share, evidence) for share in shares if share != REST)
    fits = total <= 1 + ROUNDING if n_rest else isclose(total, 1, abs_tol=ROUNDING)
    if fits and n_rest <= 1:
        return None
    got = f"shares that sum to {total:g}" + (f" beside {n_rest} options that take the rest" if n_rest else "")
    return InputError(
        code="CEN-030",
        where=located.where(path),
        got=got,
        expected="a sum of 1, or at most 1 and one option with `share: rest`",
        fix="correct the shares, or let one option take the rest",
    )


def _list_trapped(route: Route, evidence: Evidence) -> Iterator[Stop]:
    """Yield the stops at which a loop goes back and from which the end cannot be reached."""
    leads: list[set[int]] = [set(_list_next(stop, evidence)) for stop in route.stops]
    free = {OUT}
    while more := {i for i, ways in enumerate(leads) if i not in free and ways & free}:
        free |= more
    yield from (stop for i, stop in enumerate(route.stops) if i not in free and min(leads[i]) <= i)


def _list_next(stop: Stop, evidence: Evidence) -> Iterator[int]:
    named = sum(get_value(way.share, evidence) for way in stop.exits if way.share != REST)
    for way in stop.exits:
        share = 1 - named if way.share == REST else get_value(way.share, evidence)
        if share > ROUNDING:
            yield way.to
    if (stop.share is not None and get_value(stop.share, evidence) < 1) or stop.has or stop.lacks:
        yield stop.skip_to
