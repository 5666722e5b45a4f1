"""A day's operations and infusions walk their acts: nothing is refused, the record is what they give."""

import asyncio
import json
from itertools import pairwise
from pathlib import Path

import pytest
from tests.clinic import lay, write
from tests.unit.studies.test_replaying import (
    DAY,
    WHO,
    Here,
    cluster,
    database_url,
    keys,
    open_another,
    say,
    store,
)
from tests.units import get_unit_house, lay_units

from oncopolis.operations import Live, make_house
from oncopolis.operations.checking import check_invariants
from oncopolis.operations.theatre import Operation
from oncopolis.record.store import Store
from oncopolis.studies.preparing import prepare
from oncopolis.studies.replaying.day import Part, Visited
from oncopolis.studies.replaying.drawing import draw_day
from oncopolis.studies.replaying.fitting import Fitting, Use
from oncopolis.studies.replaying.living import Living, even_pace
from oncopolis.studies.replaying.mirror import Mirror
from oncopolis.studies.replaying.scripting import write_scripts
from oncopolis.web.definition import apply_differences, find_differences, make_records

__all__ = ["cluster", "database_url", "keys", "open_another", "store"]
EVERY = {
    "plan_operation", "send_for", "enter_theatre", "check_team", "begin_induction", "first_incision",
    "close_wound",
    "take_specimen", "to_recovery", "leave_recovery", "receive_regimen", "report_values", "confirm_treatment",
    "check_treatment", "prepare_bag", "check_bag", "release_bag", "seat", "start_infusion", "stop_infusion",
    "leave_chair",
}  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("is_inpatient", [False, True])
def test_cases_and_infusions_walk_their_acts(tmp_path: Path, store: Store, is_inpatient: bool) -> None:
    data = lay_units()
    steps = data["pathways"]["care"]["steps"]
    if not is_inpatient:
        steps[:] = [{**step, "setting": "outpatient"} for step in steps if step["id"] != "stay"]
    prepared = prepare(write(tmp_path / "clinic", lay(data, "time_zone", "Asia/Tashkent")), {}, say)
    house = make_house(prepared.equipped)
    day = draw_day(prepared, house, DAY, 60, 1, say)
    written = write_scripts(day, house, 1)
    apply_differences(store, find_differences(store, make_records(house.equipped)))
    live = Live(store, house)
    live.open()
    living = Living(written.scripts, "day", even_pace(written.scripts, 1.0), [Here(live) for _ in range(4)])
    lived = asyncio.run(living.run())
    assert not lived.errors, lived.first_errors
    done = {one.act for one in lived.acknowledged}
    assert done >= EVERY, EVERY - done
    assert is_inpatient == ("admit" in done)
    stopped = [one for one in lived.acknowledged if one.answer.get("stopped")]
    assert not stopped
    assert not store.ask(lambda reading: check_invariants(reading, 0))
    mirror = Mirror(house, WHO)
    mirror.know(make_records(house.equipped).values())
    assert not list(mirror.take(lived.acknowledged))
    records = [
        json.loads(version.body)
        for type_ in mirror.types
        for version in store.list_current(type_, limit=10_000)
        if version.body is not None
    ]
    assert not list(mirror.compare(records))
    assert not live.ask(lambda floor: [one for one in floor.list(Operation) if one.is_in_room])


HOUR = 3_600_000


def _part(activity: str, from_h: float, until_h: float) -> Part:
    from_ms, until_ms = round(from_h * HOUR), round(until_h * HOUR)
    return Part("step", activity, None, None, from_ms, from_ms, until_ms, "done", True)


def test_places_in_recovery_go_to_operations_and_other_contacts_in_turn() -> None:
    """Who holds what somebody waits for was there before them: nobody waits in a ring."""
    house = get_unit_house()
    resting = [(_part("recovery", 8 + n / 10, 9 + n / 10),) for n in range(4)]
    operated = [
        (_part("operation", 7, 8.2), _part("recovery", 8.2, 9.2)),
        (_part("operation", 7.5, 8.3), _part("recovery", 9.0, 9.5)),
        (_part("operation", 8.1, 9.5),),
    ]
    visits = [Visited(i, ("care", "", ""), parts) for i, parts in enumerate([*resting, *operated])]
    fitted, _ = Fitting(house).fit(visits, [])
    spans: dict[str, dict[int, tuple[int, int]]] = {}
    for parts in fitted:
        for one in parts:
            assert one.part.start_ms is not None
            held = [(use, one.part.start_ms, one.part.end_ms) for use in one.uses]
            if one.wakes is not None:
                held.append((one.wakes.use, one.part.end_ms, one.wakes.until_ms))
            for use, from_ms, until_ms in held:
                spans.setdefault(use.unit, {})[use.turn] = (from_ms, until_ms)
    for turns in spans.values():
        assert sorted(turns) == list(range(len(turns)))
        ordered = [turns[turn] for turn in range(len(turns))]
        assert all(one[1] <= other[0] for one, other in pairwise(ordered))
    cases = fitted[len(resting) :]
    assert [[one.is_waking for one in parts] for parts in cases] == [[False, True], [False, True], [False]]
    for parts in cases:
        wakes = parts[0].wakes
        assert wakes is not None
        assert isinstance(wakes.use, Use)
        assert wakes.use.unit.startswith("place.recovery-place.")
        assert wakes.until_ms > parts[0].part.end_ms
