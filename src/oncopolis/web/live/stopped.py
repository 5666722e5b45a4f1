"""What was stopped at a patient, and what came from outside and cannot be used: each waits for somebody."""

from starlette.responses import Response

from oncopolis.foundation.marking import mark
from oncopolis.operations.floor import Floor
from oncopolis.operations.loop import Check, Parked
from oncopolis.operations.loop.rules import find_override
from oncopolis.web.live.scanning import find_again
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.unit_words import CHECKS, find_stopped
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

WHY = {
    "unsigned": mark("nobody has signed it"),
    "intrathecal": mark("a vinca alkaloid by another way than into a vein: this kills"),
    "no_limits": mark("it names no limits for the laboratory"),
    "unknown": mark("nobody knows what it belongs to"),
    "unlike": mark("its lines do not belong together, or say too little"),
    "clock": mark("its time lies ahead of our clock"),
    "other_patient": mark("it is about another patient"),
    "over": mark("what it belongs to is over, or has another result"),
    "area": mark("no such department"),
    "garbage": mark("it cannot be read"),
    "flood": mark("there was no room for all of it"),
}
KINDS = {
    "regimen": mark("order of treatment"),
    "values": mark("results of the laboratory"),
    "report": mark("result without an order"),
    "signs": mark("vital signs"),
}


def show_stopped(station: Station, visit: Visit) -> Response:
    """Both lists, the newest first."""

    def look(floor: Floor) -> tuple[list[Check], list[Parked]]:
        checks = sorted(floor.list(Check), key=lambda one: -one.at_ms)
        about_people = (one for one in floor.list(Parked) if one.kind != "sightings")
        return checks, sorted(about_people, key=lambda one: -one.came_ms)

    checks, parked = station.live.ask(look)
    words = find_words(visit.language)
    patients = {one.patient for one in checks} | {one.patient for one in parked}
    return show(
        station, visit, "stopped.html", topics=["check", "parked"], checks=checks, parked=parked,
        people=station.people.find_names(patients - {""}, visit.language), kinds=CHECKS, why=WHY, sorts=KINDS,
        tell=lambda check: [
            words.text(one)
            for rule in check.failed
            if (one := find_stopped(f"{check.kind}.{rule}"))
        ],
        again=find_again,
        needs=lambda check: find_override(check.kind, check.failed),
    )  # fmt: skip
