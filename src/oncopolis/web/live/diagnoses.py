"""The diagnoses of a patient: each tumour with its stages, what was corrected, and the courses for it."""

from functools import partial
from typing import NamedTuple

from starlette.responses import Response

from oncopolis.operations.courses.diagnosed import to_stage
from oncopolis.operations.courses.indexes import Courses
from oncopolis.operations.courses.views import Course
from oncopolis.operations.diagnoses import Tumour, read_tumours
from oncopolis.operations.diagnoses.coding import EDITIONS, GRADES
from oncopolis.record.access.deciding import Rights
from oncopolis.web.live.diagnosis_words import BASES, CLASSIFIED, SIDES, SOURCES
from oncopolis.web.live.naming import Names
from oncopolis.web.live.persons import list_pathways
from oncopolis.web.live.practitioners import list_deciders, name_practitioners
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.gate import to_caller
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

PATH = "/live/people/{id}/diagnoses"


class Followed(NamedTuple):
    """A course for a tumour, and the stage of its pathway that would fit what is stated now."""

    course: Course
    fitting: str

    @property
    def differs(self) -> bool:
        """Whether the course began with another stage."""
        return bool(self.fitting and self.course.stage and self.fitting != self.course.stage)


def read_for(station: Station, visit: Visit, patient: str) -> tuple[Tumour, ...]:
    """Return the tumours of a patient that whoever asks may read."""
    rights = Rights(to_caller(visit.account), "read", station.now_ms)
    return station.live.store.ask(partial(read_tumours, patient), rights)


def show_diagnoses(station: Station, visit: Visit) -> Response:
    """The diagnoses of a patient."""
    id_ = visit.parts["id"]
    tumours = read_for(station, visit, id_)
    courses = station.live.ask(lambda floor: floor.index(Courses).list_of(id_))
    words = find_words(visit.language)
    bases = {key: words.text(one) for key, one in BASES.items()}
    said = {one.said_by.removeprefix("Practitioner/") for tumour in tumours for one in tumour.stagings}
    said |= {tumour.diagnosis.said_by.removeprefix("Practitioner/") for tumour in tumours}
    said |= {note.by.removeprefix("Practitioner/") for tumour in tumours for note in tumour.diagnosis.notes}
    called = dict(name_practitioners(station, filter(None, said), visit.language))
    return show(
        station, visit, "diagnoses.html", topics=["diagnosis", "staging"], patients=[id_], patient=id_,
        tumours=[(one, _follow(station, one, courses)) for one in tumours], name=station.people.find_name(
            id_, visit.language
        ),
        bases=bases, numbered=[(key, f"{key} – {one}") for key, one in bases.items()],
        sides={key: words.text(one) for key, one in SIDES.items()},
        classified={key: words.text(one) for key, one in CLASSIFIED.items()},
        sources={key: words.text(one) for key, one in SOURCES.items()},
        editions={key: one[0] for key, one in EDITIONS.items()}, grades=GRADES,
        called={f"Practitioner/{key}": one for key, one in called.items()},
        deciders=list_deciders(station, visit), today=station.house.to_local(station.now_ms).date(),
        pathways=list_pathways(station, Names(station.house, words)),
    )  # fmt: skip


def _follow(station: Station, tumour: Tumour, courses: tuple[Course, ...]) -> list[Followed]:
    group = tumour.stage.group if tumour.stage is not None else ""
    own = (one for one in courses if one.diagnosis == tumour.diagnosis.id)
    return [Followed(one, to_stage(station.house, one.pathway, one.site, group)) for one in own]
