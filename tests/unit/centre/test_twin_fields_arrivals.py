# ruff: noqa: E501 -- one case a line
"""How many come and when: by volume, by the time between, by clock times; through day, week and year."""

from datetime import time

import pytest

from oncopolis.centre import FlowEntry, Project
from oncopolis.foundation import OncopolisError

from .conftest import Change, Reader

ROW = "unit: patient/year, source: test, status: assumption, opened: false, note: made up}"
VOLUME = "    volume: {label: Others a year, value: 900, " + ROW
MINUTES = "{evidence: test.minutes}"
HALF = "{evidence: test.half}"


def put(*lines: str) -> Change:
    """Replace the volume of the clinic's flow by other keys."""
    return VOLUME, "\n".join(f"    {line}" for line in lines)


def keep(*lines: str) -> Change:
    """Add keys to the clinic's flow."""
    return VOLUME, "\n".join((VOLUME, *(f"    {line}" for line in lines)))


def get_entry(project: Project) -> FlowEntry:
    (entry,) = project.network.flows
    return entry


def refuse(read_changed: Reader, *changes: Change) -> OncopolisError:
    with pytest.raises(OncopolisError) as caught:
        read_changed(*changes)
    (fault,) = getattr(caught.value, "errors", (caught.value,))
    assert "centre.yaml:" in fault.where
    return fault


def test_a_flow_by_the_time_between_arrivals(read_changed: Reader) -> None:
    """The mean time between arrivals stands in place of a volume."""
    entry = get_entry(read_changed(put(f"between: {MINUTES}")))
    assert (entry.volume, entry.between, entry.batch, entry.no_show) == (None, "test.minutes", 1, None)


def test_a_flow_by_clock_times(read_changed: Reader) -> None:
    """Clock times stand in place of a volume; some of those booked never come."""
    project = read_changed(put('times: ["08:00", "10:30"]', "calendar: day", f"no_show: {HALF}"))
    entry, flow = get_entry(project), project.centre.flows["others"]
    assert (entry.volume, entry.between, entry.no_show) == (None, None, "test.half")
    assert (flow.times, flow.calendar) == ((time(8), time(10, 30)), "day")


def test_a_closed_population(read_changed: Reader) -> None:
    """Members come again after a mean time."""
    project = read_changed(put(f"between: {MINUTES}", "members: 12"))
    assert project.centre.flows["others"].members == 12
    assert get_entry(project).between == "test.minutes"


def test_patterns_batches_and_ranks(read_changed: Reader) -> None:
    """A volume may have a pattern through day, week and year, come in batches and have a rank."""
    project = read_changed(
        keep(
            "day: [0, 3, 1]",
            "week: [2, 1, 1, 1, 1, 0, 0]",
            "season: [1, 1, 1, 1, 1, 1, 0.5, 0.5, 1, 1, 1, 1]",
            "batch: 3",
            "priority: 2",
        )
    )
    flow = project.centre.flows["others"]
    assert (flow.day, flow.batch, flow.priority) == ((0, 3, 1), 3, 2)
    assert (flow.week, flow.season) == ((2, 1, 1, 1, 1, 0, 0), (1, 1, 1, 1, 1, 1, 0.5, 0.5, 1, 1, 1, 1))
    assert get_entry(project).batch == 3


def test_the_packaged_flow_states_nothing_more(clinic: Project) -> None:
    """A flow that states a volume alone is what it was."""
    flow, entry = clinic.centre.flows["others"], get_entry(clinic)
    assert (flow.day, flow.week, flow.season, flow.calendar, flow.batch, flow.priority) == (
        None,
        None,
        None,
        None,
        1,
        None,
    )
    assert (entry.volume, entry.between, entry.no_show) == ("flows.others.volume", None, None)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put("week: [1, 1, 1, 1, 1, 1, 1]"), "exactly one of `volume`, `between` and `times`"),
        (keep(f"between: {MINUTES}"), "exactly one of"),
        (put(f"between: {MINUTES}", 'times: ["08:00"]'), "exactly one of"),
        (keep("members: 3"), "`between` beside `members`"),
        (keep(f"no_show: {HALF}"), "`times` beside `no_show`"),
        (put('times: ["08:00"]', "day: [1, 2]"), "`times` without `growth`"),
        (put('times: ["08:00"]', "growth: {evidence: test.rate}"), "`times` without `growth`"),
        (put(f"between: {MINUTES}", "members: 3", "batch: 2"), "`members` without `growth` and `batch`"),
        (put(f"between: {MINUTES}", "members: 3", "growth: {evidence: test.rate}"), "`members` without"),
        (put(f"between: {MINUTES}", "members: 0"), "greater than or equal to 1"),
        (put("times: []"), "at least one entry"),
        (put("times: [10:30]"), "a clock time in quotes"),
        (keep("batch: 0"), "greater than or equal to 1"),
        (keep("priority: 10"), "less than or equal to 9"),
        (keep("day: []"), "at least one entry"),
        (keep("day: [0, 0]"), "at least one is above 0"),
        (keep("day: [1, -1]"), "parts of 0 or more"),
        (keep("week: [1, 1, 1, 1, 1]"), "at least"),
        (keep("season: [1, 1, 1, 1]"), "at least"),
    ],
)  # fmt: skip
def test_arrivals_that_contradict_themselves_are_refused(
    read_changed: Reader, change: Change, expected: str
) -> None:
    fault = refuse(read_changed, change)
    assert fault.code == "CEN-002"
    assert expected in fault.expected


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        (keep("calendar: dy"), "CEN-010", "flows.others.calendar"),
        (put("between: {evidence: test.half}"), "CEN-021", "flows.others.between"),
        (put("between: {evidence: test.nothing}"), "EVI-001", "flows.others.between"),
        (put('times: ["08:00"]', "no_show: {evidence: test.minutes}"), "CEN-021", "flows.others.no_show"),
        (keep("batch: {evidence: test.minutes}"), "CEN-021", "flows.others.batch"),
    ],
)
def test_names_and_units_of_arrivals_are_checked(
    read_changed: Reader, change: Change, code: str, path: str
) -> None:
    fault = refuse(read_changed, change)
    assert (fault.code, fault.where.split(": ", 1)[1]) == (code, path)


def test_a_time_of_nothing_between_arrivals_is_refused(read_changed: Reader) -> None:
    """Arrivals without any time between them would never end."""
    row = "{label: x, value: 0, unit: min, source: test, status: published, opened: true}"
    assert refuse(read_changed, put(f"between: {row}")).code == "CEN-025"


REFERRAL = "  referral:\n"


def test_new_cases_have_patterns_too(read_changed: Reader) -> None:
    """Referral has a week, a season and batches."""
    season = ", ".join("1" * 12)
    lines = f"    week: [1, 1, 1, 1, 1, 0, 0]\n    season: [{season}]\n    batch: {{evidence: test.ratio}}\n"
    project = read_changed((REFERRAL, REFERRAL + lines))
    catchment = project.centre.catchment
    assert catchment is not None
    referral = catchment.referral
    assert (referral.week, referral.season) == ((1, 1, 1, 1, 1, 0, 0), (1,) * 12)
    assert project.resolver.resolve(referral.batch, ("catchment", "referral", "batch"), {}) == "test.ratio"


@pytest.mark.parametrize(
    ("line", "code"),
    [("week: [1, 1]", "CEN-002"), ("season: [1]", "CEN-002"), ("batch: 0", "CEN-002"), ("batch: {evidence: test.minutes}", "CEN-021")],
)  # fmt: skip
def test_patterns_of_new_cases_are_checked(read_changed: Reader, line: str, code: str) -> None:
    assert refuse(read_changed, (REFERRAL, f"{REFERRAL}    {line}\n")).code == code
