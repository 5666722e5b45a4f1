"""Tanks watched: each rule with what breaks it and what does not, and what holds whatever comes."""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncopolis.biobank.watching.alarms import TankAlarm, own
from oncopolis.biobank.watching.limits import Limits
from oncopolis.biobank.watching.readings import Kind, Reading
from oncopolis.biobank.watching.rota import is_to_call
from oncopolis.biobank.watching.watch import Watch
from oncopolis.record.biobank.watching import Upkeep

S = 1_000
MIN = 60 * S
START = 1_800_000_000_000
LIMITS = Limits(
    warm_c=-150, critical_c=-135, cold_by_c=3, lowest_c=-200, highest_c=50, jump_c=60, rise_c=10,
    low_level=0.25, filled_by=0.05, low_oxygen=0.195, good_by=0.005, most_oxygen=0.3, masked_ms=5 * MIN,
    open_ms=10 * MIN, silent_ms=2 * MIN, intake_silent_ms=30 * S, clock_ms=2 * MIN, settled_ms=5 * MIN,
    rung_ms=5 * MIN, patience_ms=30 * MIN, snooze_ms=60 * MIN, upkeep_rung_ms=24 * 60 * MIN,
    upkeep_patience_ms=14 * 24 * 60 * MIN,
)  # fmt: skip


class Room:
    """A watch with a clock that is told, as a server keeps it."""

    def __init__(self, *sensors: tuple[str, Kind]) -> None:
        self.now_ms = START
        self.numbers = count(1)
        self.watch = Watch(sensors, LIMITS, START)
        self.ended: list[TankAlarm] = []

    def say(self, kind: Kind, value: float, tank: str = "T01", at_ms: int | None = None) -> None:
        self.watch.take(Reading(tank, kind, value, at_ms), self.now_ms)
        self.look()

    def look(self) -> None:
        changed = self.watch.look(self.now_ms, lambda: f"a{next(self.numbers)}")
        self.ended += [one for one in changed if not one.is_open]
        self.watch.keep(changed)

    def wait(self, ms: int, **said: float) -> None:
        """Let time pass by, with the same readings every ten seconds."""
        for _ in range(ms // (10 * S)):
            self.now_ms += 10 * S
            for kind, value in said.items():
                self.watch.take(Reading("T01", kind, value), self.now_ms)  # type: ignore[arg-type]
            self.look()

    def own(self, key: str) -> None:
        self.watch.keep([own(self.watch.alarms[key], "Practitioner/anna", "Anna", self.now_ms)])

    def restart(self) -> None:
        """Begin anew with what the record has."""
        kept = [TankAlarm.from_record(one.to_record()) for one in self.watch.alarms.values()]
        assert kept == list(self.watch.alarms.values())
        self.watch = Watch(self.watch.expected, LIMITS, self.now_ms, kept)

    @property
    def keys(self) -> set[str]:
        return set(self.watch.alarms)


@pytest.mark.parametrize(
    ("kind", "good", "bad", "key"),
    [
        ("temperature", -150.1, -150.0, "too-warm:T01"),
        ("level", 0.26, 0.25, "level-low:T01"),
        ("oxygen", 0.196, 0.195, "oxygen-low:T01"),
        ("interlock", 1, 0, "interlock-open:T01"),
    ],
)
def test_what_is_at_its_limit_has_an_alarm_at_once(kind: Kind, good: float, bad: float, key: str) -> None:
    room = Room()
    room.say(kind, good)
    assert not room.keys
    room.now_ms += S
    room.say(kind, bad)
    assert key in room.keys


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), -273.0, 400.0])
def test_what_cannot_be_is_an_alarm_and_not_believed(value: float) -> None:
    room = Room()
    room.say("temperature", -185.0)
    room.say("temperature", value)
    assert room.keys == {"doubtful:T01:temperature"}
    assert room.watch.channels["T01"]["temperature"].value == -185.0


def test_a_jump_of_200_degrees_is_doubted_aloud_and_believed_once_it_stays() -> None:
    room = Room()
    room.say("temperature", -185.0)
    room.say("temperature", 15.0)
    assert room.keys == {"doubtful:T01:temperature"}
    room.say("temperature", 15.1)
    room.say("temperature", 15.2)
    assert "too-warm:T01" in room.keys


def test_a_single_spike_is_no_warm_tank() -> None:
    room = Room()
    room.say("temperature", -185.0)
    room.say("temperature", 15.0)
    room.say("temperature", -185.0)
    assert room.keys == {"doubtful:T01:temperature"}


def test_a_clock_an_hour_off_is_told_and_a_warm_tank_is_too() -> None:
    room = Room()
    room.say("temperature", -185.0, at_ms=START - 60 * MIN)
    assert room.keys == {"doubtful:T01:temperature"}
    room.say("temperature", -140.0, at_ms=START - 60 * MIN)
    assert "too-warm:T01" in room.keys


def test_a_rise_is_told_before_the_limit() -> None:
    room = Room()
    for value in (-185.0, -182.0, -178.0):
        room.say("temperature", value)
        room.now_ms += MIN
    assert not room.keys
    room.say("temperature", -174.0)
    assert room.keys == {"warming:T01"}


def test_an_open_lid_excuses_warm_air_for_a_while_but_not_a_thaw() -> None:
    room = Room()
    room.say("lid", 0)
    room.say("temperature", -185.0)
    room.say("lid", 1)
    room.wait(4 * MIN, temperature=-145.0, lid=1)
    assert not room.keys
    room.say("temperature", -134.0)
    assert room.keys == {"too-warm:T01"}
    other = Room()
    other.say("lid", 1)
    other.wait(6 * MIN, temperature=-145.0, lid=1)
    assert "too-warm:T01" in other.keys
    other.wait(5 * MIN, temperature=-145.0, lid=1)
    assert "lid-open:T01" in other.keys


def test_a_lid_that_is_silent_excuses_nothing() -> None:
    room = Room()
    room.say("lid", 1)
    room.wait(3 * MIN, temperature=-145.0)
    assert {"too-warm:T01", "silent:T01:lid"} <= room.keys


def test_silence_of_a_sensor_that_spoke_and_of_one_that_never_did() -> None:
    room = Room(("T01", "temperature"), ("T02", "temperature"))
    room.wait(MIN, temperature=-185.0)
    assert not room.keys
    room.wait(2 * MIN, temperature=-185.0)
    assert room.keys == {"silent:T02:temperature"}


def test_silence_of_everything_is_one_alarm() -> None:
    sensors: list[tuple[str, Kind]] = [(f"T{n:02d}", "temperature") for n in range(26)]
    room = Room(*sensors)
    room.wait(10 * MIN)
    assert room.keys == {"intake-silent:intake"}


def test_others_are_told_until_somebody_owns_it() -> None:
    room = Room()
    room.say("temperature", -140.0)
    rungs = []
    for _ in range(4):
        rungs.append(room.watch.alarms["too-warm:T01"].rung)
        room.wait(5 * MIN, temperature=-140.0)
    assert rungs == [0, 1, 2, 2]
    room.own("too-warm:T01")
    room.wait(29 * MIN, temperature=-140.0)
    assert room.watch.alarms["too-warm:T01"].owner == "Practitioner/anna"
    room.wait(2 * MIN, temperature=-140.0)
    assert room.watch.alarms["too-warm:T01"].owner == ""


def test_it_ends_when_its_cause_is_well_gone_and_somebody_owned_it() -> None:
    room = Room()
    room.say("temperature", -149.0)
    room.wait(30 * MIN, temperature=-185.0)
    assert "too-warm:T01" in room.keys  # Nobody has seen it.
    room.own("too-warm:T01")
    room.wait(MIN, temperature=-185.0)
    assert room.keys == set()
    assert [one.key for one in room.ended] == ["too-warm:T01"]


def test_what_comes_and_goes_is_one_alarm() -> None:
    room = Room()
    room.say("temperature", -149.0)
    room.own("too-warm:T01")
    for _ in range(50):
        room.wait(MIN, temperature=-149.5)
        room.wait(MIN, temperature=-150.5)
    assert room.keys == {"too-warm:T01"}
    assert next(room.numbers) == 2


_SAID = st.tuples(
    st.sampled_from(["temperature", "level", "lid", "oxygen", "interlock"]),
    st.floats(-210, 60) | st.floats(0, 1) | st.sampled_from([0.0, 1.0, float("nan"), -300.0]),
    st.integers(0, 3 * MIN),
    st.sampled_from(["", "own", "restart"]),
)


@pytest.mark.slow
@given(st.lists(_SAID, max_size=40))
@settings(max_examples=150, deadline=None)
def test_whatever_comes_no_breach_is_without_alarm_and_none_is_lost_by_a_restart(
    story: list[tuple[Kind, float, int, str]],
) -> None:
    room = Room(("T01", "temperature"))
    for kind, value, waited_ms, what in story:
        room.now_ms += waited_ms
        before = dict(room.watch.alarms)
        room.say(kind, value)
        if what == "own" and room.keys:
            room.own(min(room.keys))
        if what == "restart":
            room.restart()
        assert {one.key for one in room.watch.find_breaches(room.now_ms)} <= room.keys
        ended = {one.key for one in room.ended}
        assert before.keys() - room.keys <= ended
        assert all(one.owner for one in room.ended if one.key in before)
        sane = -150 <= value <= 50 and kind == "temperature" and not before
        doubt = room.watch.channels["T01"].get(kind)
        if sane and doubt is not None and not doubt.doubt and "lid" not in room.watch.channels["T01"]:
            assert "too-warm:T01" in room.keys


def test_an_alarm_is_the_same_from_its_record() -> None:
    alarm = TankAlarm("a", "too-warm:T01", "too-warm", "T01", START, START + 1, 2, 3, value=-140.5)
    for one in (alarm, replace(alarm, owner="Practitioner/x", name="X", owned_ms=5, gone_ms=6, rung=2)):
        assert TankAlarm.from_record(one.to_record()) == one
        assert TankAlarm.is_mine(one.to_record())


def test_overdue_calibration_is_an_alarm_with_an_owner_that_wakes_nobody() -> None:
    room = Room()
    planned = Upkeep(7, "T01", "calibration", "probe", 365, START + MIN)
    room.watch.upkeep = (planned,)
    room.look()
    assert not room.watch.alarms
    room.wait(2 * MIN)
    (alarm,) = room.watch.alarms.values()
    assert (alarm.rule, alarm.subject, alarm.is_serious) == ("overdue", "T01", False)
    assert not is_to_call(None, alarm)
    room.watch.keep([own(alarm, "Practitioner/anna", "Anna", room.now_ms)])
    room.now_ms += 13 * 24 * 60 * MIN
    room.look()
    assert room.watch.alarms[alarm.key].owner == "Practitioner/anna"
    room.watch.upkeep = (replace(planned, due_ms=room.now_ms + 365 * 24 * 60 * MIN),)
    room.wait(6 * MIN)
    assert [one.key for one in room.ended] == [alarm.key]


def test_what_is_overdue_for_long_goes_up_and_ends_when_it_is_done() -> None:
    room = Room()
    planned = Upkeep(7, "T01", "maintenance", "vacuum", 365, START)
    room.watch.upkeep = (planned,)
    room.wait(MIN)
    room.now_ms += 25 * 60 * MIN
    room.look()
    assert [one.rung for one in room.watch.alarms.values()] == [1]
    room.watch.upkeep = ()
    room.wait(6 * MIN)
    assert not room.watch.alarms


def test_places_that_run_out_are_an_alarm_with_an_owner_until_there_is_room_again() -> None:
    room = Room(("T01", "temperature"))
    room.say("temperature", -187.0)
    room.watch.full_days = 200
    room.wait(MIN, temperature=-187.0)
    (alarm,) = room.watch.alarms.values()
    assert (alarm.rule, alarm.subject, alarm.value, alarm.is_serious) == (
        "space-short",
        "storage",
        200,
        False,
    )
    assert not is_to_call(None, alarm)
    room.watch.full_days = 190
    room.wait(MIN, temperature=-187.0)
    assert [one.value for one in room.watch.alarms.values()] == [190]
    room.own(alarm.key)
    room.restart()
    assert [one.value for one in room.watch.alarms.values()] == [190]
    room.watch.full_days = None
    room.wait(6 * MIN, temperature=-187.0)
    assert not room.watch.alarms
