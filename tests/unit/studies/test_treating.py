"""A day's operations and infusions walk their acts: nothing is refused, the record is what they give."""

import asyncio
import json
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
from tests.units import lay_units

from oncopolis.operations import Live, make_house
from oncopolis.operations.checking import check_invariants
from oncopolis.operations.theatre import Operation
from oncopolis.record.store import Store
from oncopolis.studies.preparing import prepare
from oncopolis.studies.replaying.drawing import draw_day
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
