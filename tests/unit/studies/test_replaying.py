"""A day drawn, written as scripts, lived over a store in this process, folded again and compared."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.databases import cluster, database_url
from tests.rehearsal import write_clinic
from tests.unit.record.store.conftest import keys, open_another, store

from oncopolis.foundation import InputError, OncopolisError
from oncopolis.operations import ACTS, House, Live, Record, make_house, make_wish
from oncopolis.operations.checking import check_invariants
from oncopolis.record import Act as Audited
from oncopolis.record import Who
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store, Transaction
from oncopolis.studies.preparing import Prepared, prepare
from oncopolis.studies.replaying.day import Day
from oncopolis.studies.replaying.dice import Dice
from oncopolis.studies.replaying.drawing import choose_source, draw_day
from oncopolis.studies.replaying.intentions import Intention, Known, fill, learn
from oncopolis.studies.replaying.living import Answer, Lived, Living, even_pace
from oncopolis.studies.replaying.mirror import Mirror
from oncopolis.studies.replaying.people import invent
from oncopolis.studies.replaying.scripting import Written, write_scripts
from oncopolis.web.definition import apply_differences, find_differences, make_records

__all__ = ["cluster", "database_url", "keys", "open_another", "store"]

DAY = date(2033, 3, 1)
N = 40
WHO = Who("Device", "replay", "replay")


def say(_what: str, _share: float) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare(write_clinic(tmp_path_factory.mktemp("clinic")), {}, say)


@pytest.fixture(scope="module")
def house(prepared: Prepared) -> House:
    return make_house(prepared.equipped)


@pytest.fixture(scope="module")
def day(prepared: Prepared, house: House) -> Day:
    return draw_day(prepared, house, DAY, N, 1, say)


@pytest.fixture(scope="module")
def written(day: Day, house: House) -> Written:
    return write_scripts(day, house, 1)


class Here:
    """A caller without a line."""

    def __init__(self, live: Live) -> None:
        self.live = live

    async def act(self, name: str, key: str, said: Mapping[str, Any]) -> Answer:
        at_ms = round(self.read(said["at"]) * 1000)
        asked = {member: value for member, value in said.items() if member != "at"}
        try:
            wish = make_wish(name, asked, Audited("E", name, WHO, key), key=key, at_ms=at_ms)
            return Answer(200, await self.live.perform_here(wish))
        except OncopolisError as error:
            return Answer(409, {"code": error.code})

    def read(self, moment: str) -> float:
        from datetime import datetime

        return datetime.fromisoformat(moment).timestamp()


def live_day(written: Written, store: Store, house: House) -> tuple[Lived, Mirror]:
    apply_differences(store, find_differences(store, make_records(house.equipped)))
    live = Live(store, house)
    live.open()
    mirror = Mirror(house, WHO)
    mirror.know(list_records(store, "Location", "Device"))
    living = Living(written.scripts, "here", even_pace(written.scripts, 0.01), [Here(live) for _ in range(4)])
    return asyncio.run(living.run()), mirror


def list_records(store: Store, *types: str) -> list[Record]:
    found = [version for type_ in types for version in store.list_current(type_, limit=100_000)]
    return [parse(version.body) for version in found if version.body is not None]


@pytest.mark.slow
def test_the_record_is_what_the_acts_give_and_whatever_differs_is_told(
    written: Written, store: Store, house: House
) -> None:
    lived, mirror = live_day(written, store, house)
    assert not lived.errors, lived.first_errors
    assert lived.is_complete
    assert len(lived.by_act_ms["finish"]) == written.n_contacts
    assert not list(mirror.take(lived.acknowledged))
    records = list_records(store, *mirror.types)
    assert not list(mirror.compare(records))[:3]
    assert store.ask(lambda reading: check_invariants(reading, 0)) == []

    last = next(one for one in reversed(lived.acknowledged) if one.act == "finish")
    contact = f"Encounter/{last.said['contact']}"
    lost = [one for one in records if one["id"] != last.said["contact"]]
    assert [(one.where, one.server) for one in mirror.compare(lost)] == [(contact, "none")]
    stranger = {"resourceType": "Encounter", "id": "stranger"}
    told = [(one.where, one.mirror) for one in mirror.compare([*records, stranger])]
    assert told == [("Encounter/stranger", "none")]
    without = Mirror(house, WHO)
    without.know(make_records(house.equipped).values())
    list(without.take(one for one in lived.acknowledged if one is not last))
    assert contact in {one.where for one in without.compare(records)}

    store.submit(harm, Audited("U", "harm", WHO, "r")).result()
    rules = {one.rule for one in store.ask(lambda reading: check_invariants(reading, 0))}
    assert {"ended-once", "claim-surplus"} <= rules


def harm(transaction: Transaction) -> None:
    """A visit that is here and gone, and a slot that is held by an appointment without a time."""
    visit = {
        "resourceType": "Encounter", "id": "half", "status": "in-progress",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "identifier": [{"system": "urn:oncopolis:visit", "value": "A1"}],
        "extension": [{"url": "urn:oncopolis:day", "valueString": "2033-03-01"}],
        "subject": {"reference": "Patient/p"},
        "period": {"start": "2033-03-01T08:00:00Z", "end": "2033-03-01T09:00:00Z"},
    }  # fmt: skip
    transaction.put(visit)
    transaction.put({"resourceType": "Appointment", "id": "odd", "status": "booked", "participant": []})
    transaction.claim_all([("slot", "nowhere|2033-03-01T08:00Z|0", "Appointment/odd")])


def test_a_day_follows_from_its_seed(prepared: Prepared, house: House, day: Day, written: Written) -> None:
    assert draw_day(prepared, house, DAY, N, 1, say) == day
    assert draw_day(prepared, house, DAY, N, 2, say) != day
    assert write_scripts(day, house, 1) == written
    others = write_scripts(day, house, 1, salt="others")
    assert [[(one.act, one.at_ms) for one in script] for script in others.scripts] == [
        [(one.act, one.at_ms) for one in script] for script in written.scripts
    ]
    assert others.scripts[0][0].said != written.scripts[0][0].said


def test_everything_that_is_meant_is_an_act(written: Written) -> None:
    said = {one.act for script in written.scripts for one in script}
    assert said <= set(ACTS)
    assert {"book", "cancel", "check_in", "admit", "report_down", "report_up", "close_day"} <= said


def test_a_unit_is_used_by_one_after_the_other(written: Written) -> None:
    gives: dict[str, int] = {}
    waits: dict[str, list[int]] = defaultdict(list)
    for script in written.scripts:
        for one in script:
            gives |= dict.fromkeys(one.gives, one.at_ms)
            for token in one.after:
                waits[token].append(one.at_ms)
    assert waits
    for token, moments in waits.items():
        assert len(moments) == 1
        assert token not in gives or gives[token] <= moments[0] + 60_000, token


def test_more_people_than_the_twin_has_are_refused(prepared: Prepared, house: House) -> None:
    with pytest.raises(InputError, match="OPS-220"):
        draw_day(prepared, house, DAY, 10_000_000, 1, say)


def test_a_day_is_drawn_from_one_like_it(house: House) -> None:
    source = choose_source(house, date(2026, 3, 2))
    assert source.year >= 2030  # All phases are open.
    assert source.isoweekday() == 1
    assert not house.is_workday(choose_source(house, date(2033, 3, 5)))


def test_invented_people_are_marked_and_differ() -> None:
    dice = Dice(1)
    people = [invent(number, DAY, dice) for number in range(300)]
    marks = ("Namuna-", "Пример-", "예시")
    assert {mark for one in people for mark in marks if one["names"][0]["family"].startswith(mark)} == set(
        marks
    )
    assert all(one["names"][0]["family"].startswith(marks) for one in people)
    assert len({(one["names"][0]["family"], one["birth_date"]) for one in people}) == len(people)
    assert invent(1, DAY, dice, attempt=1) != people[1]


def test_ids_are_put_where_names_stand() -> None:
    names: dict[str, str] = {}
    said = {"patient": Known("patient"), "units": [Known("unit"), "a"], "n": 1}
    assert fill(said, names) is None
    learn(names, {"patient": 0, "unit": "room"}, {"made": ["p1"], "room": "r1"})
    assert fill(said, names) == {"patient": "p1", "units": ["r1", "a"], "n": 1}


class Slow:
    """Answers what it is told to, and remembers what it was asked."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers, self.asked = answers, [""]

    async def act(self, name: str, key: str, said: Mapping[str, Any]) -> Answer:
        self.asked.append(name)
        await asyncio.sleep(0)
        return self.answers.get(name, Answer(200, {"seq": len(self.asked), "changes": 1, "made": []}))


def test_nothing_is_sent_before_what_it_waits_for() -> None:
    scripts = [
        [Intention(1, "late", {}, after=("room",))],
        [Intention(2, "first", {}), Intention(3, "second", {}, gives=("room",))],
    ]
    caller = Slow({})
    lived = asyncio.run(Living(scripts, "k", lambda _: 0.0, [caller, caller]).run())
    assert caller.asked[1:] == ["first", "second", "late"]
    assert (lived.changes, lived.is_complete) == (3, True)


def test_refusals_are_told_apart() -> None:
    refused = {name: Answer(409, {"errors": [{"code": "OPS-9"}]}) for name in ("meant", "may", "not", "lost")}
    script = [
        Intention(1, "meant", {}, refused="OPS-9"),
        Intention(2, "may", {}, {"id": 0}, may_be=frozenset({"OPS-9"})),
        Intention(3, "next", {"id": Known("id")}),
        Intention(4, "other", {"id": Known("id")}, otherwise={}),
        Intention(5, "not", {}),
        Intention(6, "taken", {}, refused="OPS-9"),
    ]
    lived = asyncio.run(Living([script], "k", lambda _: 0.0, [Slow(refused)]).run())
    assert (lived.n_refused_as_meant, lived.left_out, dict(lived.turned_down)) == (1, 1, {"may OPS-9": 1})
    assert dict(lived.errors) == {"not OPS-9": 1, "taken taken": 1}


def test_a_day_that_is_stopped_says_so() -> None:
    scripts = [[Intention(at, "act", {}) for at in range(100)]]

    async def run() -> Lived:
        living = Living(scripts, "k", lambda at: at / 50, [Slow({})])
        task = asyncio.ensure_future(living.run())
        await asyncio.sleep(0.2)
        living.stop()
        return await task

    lived = asyncio.run(run())
    assert not lived.is_complete
    assert 0 < len(lived.acknowledged) < 100


def test_keys_of_a_replay_stay_its_own(tmp_path: Path) -> None:
    assert Dice(1).draw("a", 1) == Dice(1).draw("a", 1) != Dice(2).draw("a", 1)
    assert Dice(1, "x").draw("a", 1) != Dice(1).draw("a", 1)


def test_what_begins_in_the_same_minute_is_not_sent_at_once() -> None:
    """Seven acts in seven seconds, though three scripts do six of them at one moment."""
    scripts = [[Intention(5, "call", {}), Intention(5, "start", {})] for _ in range(3)]
    scripts.append([Intention(9, "finish", {})])
    pace = even_pace(scripts, 7.0)
    assert sorted(pace(one.at_ms) for script in scripts for one in script) == [0, 1, 2, 3, 4, 5, 6]
