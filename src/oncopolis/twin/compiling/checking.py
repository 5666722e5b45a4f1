"""What can never work is said before a run begins."""

from collections.abc import Collection, Iterator

from oncopolis.centre import RouteKey
from oncopolis.centre.equipped import Equipped
from oncopolis.foundation import Collector, InputError
from oncopolis.twin.compiling.bundles import Bundles
from oncopolis.twin.compiling.roster import Roster
from oncopolis.twin.compiling.walked import list_phases
from oncopolis.twin.kernels.tables import UNIT


def check_model(
    equipped: Equipped,
    walked: Collection[RouteKey],
    bundles: Bundles,
    roster: Roster,
    asked: Collection[int],
    n_days: int,
) -> None:
    """Refuse what nobody could ever get; what is held on ways that nobody goes does not matter.

    Parameters
    ----------
    equipped, bundles, roster
        What is there, and what is held.
    walked
        Ways that somebody goes.
    asked
        Resources somebody may wait for in this run.
    n_days
        Days of the run.

    Raises
    ------
    InputError, InputErrors
        Naming each resource that is asked for but never there, or never in that number.
    """
    faults = Collector()
    for fault in _list_faults(equipped, walked, bundles, roster, asked, n_days):
        faults.add(fault)
    faults.raise_if_any()


def _list_faults(
    equipped: Equipped,
    walked: Collection[RouteKey],
    bundles: Bundles,
    roster: Roster,
    asked: Collection[int],
    n_days: int,
) -> Iterator[InputError]:
    most: dict[int, int] = {}
    network = equipped.project.network
    for _, _, bundle in list_phases(network, walked, bundles):
        for resource, amount, behind in bundles.held[bundle]:
            if not behind:
                most[resource] = max(most.get(resource, 0), amount)
    centre, located = equipped.project.centre, equipped.project.located
    for r, amount in most.items():
        key = roster.keys[r]
        where = located.where(("resources", key))
        if r not in asked or centre.resources[key].department not in equipped.opened:
            continue
        if amount > roster.most[r] * UNIT:
            yield InputError(
                code="TWN-001",
                where=where,
                got=f"{roster.most[r]} of {key}, of which one phase holds {amount / UNIT:g}",
                expected="at least as many as one phase holds",
                fix="raise `n`, plan it, or hold less",
            )
        elif not (roster.windows[0][r] >= 0).any():
            yield InputError(
                code="TWN-002",
                where=where,
                got=f"{key}, which is never open in {n_days} days from {roster.days.first} "
                f"(its department opens in {equipped.opened[centre.resources[key].department]})",
                expected="a calendar with open days in that time",
                fix="correct `calendar`, `shifts` or their first year, or run later",
            )
