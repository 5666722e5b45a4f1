"""The list of who is inside has as many people as the campus counts, each where they are now."""

from tests.waiting import Day, list_beds, make_day

from oncopolis.operations.command import list_inside, read_overview


def make_full_day() -> Day:
    """Somebody waits, somebody is served elsewhere, and one lies in a bed."""
    day = make_day(*list_beds())
    day.check_in("waits")
    served = day.check_in("served")
    day.serve(served.id)
    day.do("admit", patient="lies", activity="stay", bed="bed.bed.1")
    return day


def test_everybody_who_is_counted_is_on_the_list() -> None:
    day = make_full_day()
    listed = list_inside(day.floor)
    counted = read_overview(day.floor, day.at_ms).inside
    of_building = {building: sum(one.building == building for one in listed) for building in counted}
    assert of_building == counted == {"clinic": 2, "tower": 1}


def test_everybody_is_where_they_are_now() -> None:
    day = make_full_day()
    found = {one.patient: (one.area, one.unit, one.state, bool(one.number)) for one in list_inside(day.floor)}
    assert found == {
        "waits": ("outpatient", None, "waiting", True),
        "served": ("outpatient", "room.consult-room.1", "served", True),
        "lies": ("wards", "bed.bed.1", "bed", False),
    }


def test_who_has_nothing_more_to_do_is_inside_until_they_leave() -> None:
    day = make_day()
    contact = day.check_in("p")
    day.serve(contact.id)
    day.do("finish", contact=contact.id, more=True)
    (one,) = list_inside(day.floor)
    assert (one.area, one.state) == ("outpatient", None)
