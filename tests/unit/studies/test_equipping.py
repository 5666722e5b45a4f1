"""A centre equipped: how many of everything, and who is on duty when, agree with sums made by hand."""

from functools import cache
from math import ceil
from pathlib import Path

import pytest
from tests.clinic import Data, build, build_island, count, get, lay, read, row, weekdays_open
from tests.shared import plan_example

from oncopolis.centre import Project, read_project
from oncopolis.centre.equipped import Duty, Equipped
from oncopolis.foundation import InputError, InputErrors
from oncopolis.planning import Plan, make_plan
from oncopolis.planning.staff import compute_productive_hours
from oncopolis.studies import equip

GENERAL = Path(__file__).parents[1] / "centre" / "general"
FIRST, BEAMS = 2027, 2030
DAY = 10 * weekdays_open()
"""Open hours a year of the calendar `day`."""
PRODUCTIVE = 7.5 * (weekdays_open() - 27 - 8 - 5)


def plan_centrally(project: Project) -> Plan:
    return make_plan(project, n_draws=0, seed=0)


def equip_clinic(data: Data) -> Equipped:
    project = read(data)
    return equip(project, plan_centrally(project))


@cache
def equip_small() -> Equipped:
    return equip_clinic(build())


def state_all(data: Data) -> Data:
    """State everything that is held."""
    for key in ("consult_room", "linac", "theatre", "bed", "doctor", "radiographer"):
        data["resources"][key]["n"] = 5
    return data


def test_what_is_planned_stands_from_the_opening_of_its_department() -> None:
    small = equip_small()
    assert small.list_duties("linac") == (Duty("linac", "day", 6, BEAMS),)
    assert small.list_duties("bed") == (Duty("bed", "always", 14, FIRST),)
    assert small.opened == {
        "outpatient": FIRST,
        "wards": FIRST,
        "surgery": FIRST,
        "radiotherapy": BEAMS,
        "biobank": BEAMS,
    }


def test_people_present_are_hours_over_clinical_share_and_open_hours() -> None:
    hours = 4000 * 0.5 + 1000 * 2
    (doctors,) = equip_small().list_duties("doctor")
    assert doctors == Duty("doctor", "day", ceil(hours / 0.7 / DAY), FIRST)
    beams = 2000 * 20 * (2 * 8 + 4) / 60
    (radiographers,) = equip_small().list_duties("radiographer")
    assert radiographers == Duty("radiographer", "day", ceil(beams / 0.8 / DAY), BEAMS)


def test_a_norm_says_how_many_are_present_where_the_plan_takes_it() -> None:
    (physicists,) = equip_small().list_duties("physicist")
    assert physicists == Duty("physicist", "day", ceil(2000 / 250 * PRODUCTIVE / DAY), BEAMS)


def test_posts_are_filled_on_their_own_calendars() -> None:
    assert equip_small().list_duties("nurse") == (
        Duty("nurse", "always", 2, FIRST),
        Duty("nurse", "day", 1, FIRST),
    )


def test_posts_counted_on_floor_area_are_those_of_the_plan() -> None:
    project = read(build())
    plan = plan_centrally(project)
    cleaners = equip(project, plan).list_duties("cleaner")
    for opening, prefix in ((FIRST, "first."), (BEAMS, "")):
        there = sum(duty.n for duty in cleaners if duty.from_year <= opening)
        fte = get(plan.calculation, f"{prefix}staff.posts.cleaner")
        assert there == round(fte * PRODUCTIVE / DAY)


def test_half_a_post_is_one() -> None:
    small = equip_clinic(lay(build(), "resources.nurse.staffing.posts.0.n", count(1.5)))
    assert small.list_duties("nurse")[0].n == 2


def test_staff_beyond_their_work_is_present_too() -> None:
    small = equip_clinic(lay(build(), "resources.doctor.staffing.at_least", 20))
    assert small.list_duties("doctor") == (Duty("doctor", "day", ceil(20 * PRODUCTIVE / DAY), FIRST),)


def test_as_many_are_present_as_a_phase_holds_at_once() -> None:
    small = equip_clinic(lay(build(), "flows.patients.volume", row(8, "patient/year")))
    assert [duty.n for duty in small.list_duties("radiographer")] == [2]
    assert [duty.n for duty in small.list_duties("doctor")] == [1]


def test_each_phase_adds_what_is_wanted_more() -> None:
    data = lay(build(), "flows.patients.growth", row(0.2, "1/year"))
    first, more = equip_clinic(data).list_duties("doctor")
    hours = 4000 * 0.5 + 1000 * 2
    assert (first.from_year, more.from_year) == (FIRST, BEAMS)
    assert first.n == ceil(hours * 1.2**2 / 0.7 / DAY)
    assert first.n + more.n == ceil(hours * 1.2**7 / 0.7 / DAY)


def test_nothing_is_taken_away_again() -> None:
    data = lay(build(), "flows.patients.growth", row(-0.2, "1/year"))
    assert [duty.from_year for duty in equip_clinic(data).list_duties("doctor")] == [FIRST]


def test_what_is_stated_goes_before_the_plan() -> None:
    data = lay(lay(build(), "resources.bed.n", 20), "resources.doctor.n", 9)
    shifts = [{"calendar": "always", "n": 1}, {"calendar": "day", "n": 4, "from_year": 2029}]
    small = equip_clinic(lay(data, "resources.consult_room.shifts", shifts))
    assert small.list_duties("bed") == (Duty("bed", "always", 20, FIRST),)
    assert small.list_duties("doctor") == (Duty("doctor", "day", 9, FIRST),)
    assert small.list_duties("consult_room") == (
        Duty("consult_room", "always", 1, FIRST),
        Duty("consult_room", "day", 4, 2029),
    )


def test_no_plan_is_needed_where_everything_held_is_stated() -> None:
    small = equip(read(state_all(build())))
    assert small.list_duties("linac") == (Duty("linac", "day", 5, BEAMS),)
    assert small.list_duties("physicist") == (Duty("physicist", "day", 0, BEAMS),)  # nobody holds one


@pytest.mark.slow
def test_shifts_state_it_as_well() -> None:
    data = state_all(build())
    data["resources"]["bed"] |= {"n": "planned", "shifts": [{"calendar": "day", "n": 3}]}
    assert equip(read(data)).list_duties("bed") == (Duty("bed", "day", 3, FIRST),)


def test_without_a_plan_everything_not_stated_is_named() -> None:
    data = state_all(build())
    del data["resources"]["linac"]["n"]
    with pytest.raises(InputError, match=r"centre\.yaml:\d+: resources\.linac: .*TWN-010"):
        equip(read(data))
    del data["resources"]["doctor"]["n"]
    with pytest.raises(InputErrors, match=r"resources\.linac[\s\S]*resources\.doctor"):
        equip(read(data))


def test_a_plan_of_another_project_is_told() -> None:
    project = read(build())
    data = build()
    data["resources"]["porter"] = data["resources"]["nurse"]
    data["activities"]["stay"]["phases"][0]["hold"]["porter"] = 1
    with pytest.raises(InputError, match=r"resources\.porter: .*TWN-011"):
        equip(read(data), plan_centrally(project))


def test_what_is_in_a_department_that_never_opens_is_not_there() -> None:
    data = lay(build(), "openings.0.departments", ["outpatient", "wards", "surgery"])
    data = lay(data, "openings.1.departments", ["biobank"])
    small = equip_clinic(lay(data, "resources.linac.n", 4))
    assert "radiotherapy" not in small.opened
    assert [duty.n for duty in small.list_duties("linac")] == [0]
    assert [duty.n for duty in small.list_duties("radiographer")] == [0]


def list_uses(equipped: Equipped, plan: Plan) -> dict[tuple[str, str], float]:
    """Phase of opening and resource -> hours needed over hours offered in the year it is sized for."""
    centre = equipped.project.centre
    country, year = centre.country, centre.currency.price_year
    uses: dict[tuple[str, str], float] = {}
    for phase in plan.calculation.phases:
        drivers = phase.drivers
        for key, resource in centre.resources.items():
            if resource.department not in drivers.departments:
                continue
            needed = float(drivers.in_year(drivers.workload.hours[key]).central[0])
            if key in phase.staff and resource.staffing:
                productive = compute_productive_hours(drivers.asking, resource.staffing.hours)
                needed += float(phase.staff[key].upkeep.central[0] * productive.central[0])
            offered = sum(
                duty.n * centre.get_calendar(duty.calendar).compute_hours_per_year(country, year)
                for duty in equipped.list_duties(key)
                if duty.from_year <= phase.opening.year
            )
            assert offered > 0 or needed == 0, key
            uses[phase.opening.id, key] = needed / offered if offered else 0.0
    return uses


def check_enough(plan: Plan) -> None:
    project = plan.project
    equipped = equip(project, plan)
    assert {duty.resource for duty in equipped.duties} == set(project.centre.resources)
    assert min(duty.n for duty in equipped.duties) >= 0
    uses = list_uses(equipped, plan)
    for (phase, key), use in sorted(uses.items(), key=lambda item: -item[1])[:12]:
        print(f"{phase:12} {key:28} {use:.3f}")  # noqa: T201 - shown by pytest -s
    assert max(uses.values()) < 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["severance", "tashkent", "tyumen"])
def test_hours_offered_by_the_examples_cover_those_needed(name: str) -> None:
    check_enough(plan_example(name))


@pytest.mark.parametrize("name", ["call_centre", "stroke_ward"])
def test_hours_offered_by_other_houses_cover_those_needed(name: str) -> None:
    check_enough(plan_centrally(read_project(GENERAL / name)))


def test_hours_offered_by_the_clinic_cover_those_needed() -> None:
    check_enough(plan_centrally(read(build_island())))
