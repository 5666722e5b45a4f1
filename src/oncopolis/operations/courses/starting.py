"""Starting a course: a first one, or one that follows from another (relapse, second line, follow-up)."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from oncopolis.centre.number import Identifier
from oncopolis.centre.pathway import END
from oncopolis.foundation import ConflictError, ForbiddenError, Frozen, InputError
from oncopolis.operations.booking.asking import Id, Words
from oncopolis.operations.booking.patients import check_patient
from oncopolis.operations.courses.approval import is_approved
from oncopolis.operations.courses.branching import MANY
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.courses.diagnosed import check_diagnosis, find_stage
from oncopolis.operations.courses.indexes import Courses
from oncopolis.operations.courses.telling import Text, tell_course
from oncopolis.operations.courses.views import Course, make_episode
from oncopolis.operations.courses.walking import enter
from oncopolis.operations.courses.way import Sequel
from oncopolis.operations.courses.way_record import Way
from oncopolis.operations.courses.ways import get_way, is_kept, lay_way
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor

CLINIC = "centre"
"""Organization that courses tie a patient to."""


class StartCourse(Frozen):
    """A patient starts on a pathway, in the version the definition has now."""

    patient: Id
    """Patient."""
    pathway: Identifier
    """Pathway of the definition."""
    site: Words = ""
    """Site of the disease; none for pathways that are the same for all."""
    stage: Words = ""
    """Stage; if left out, what was stated of the diagnosis."""
    diagnosis: Id | None = None
    """Condition the course is for."""
    at: Identifier | None = None
    """Step at which they come in (operated elsewhere); the first if left out."""
    attributes: Annotated[tuple[Identifier, ...], Field(max_length=MANY)] = ()
    """What they have already, as conditions of the pathway ask for it."""
    based_on: Id | None = None
    """Course this one follows from."""
    reason: Text = ""
    """Why, where the course it follows from does not foresee it."""
    by: Id | None = None
    """Practitioner who starts it, where reception or a program tells."""


def start_course(floor: Floor, asked: StartCourse, moment: Moment) -> Decision:
    """Start a course and go to where it waits first."""
    check_patient(floor, asked.patient)
    where = f"Patient/{asked.patient}"
    check_diagnosis(floor, asked.patient, asked.diagnosis)
    stage = asked.stage or find_stage(floor, asked.pathway, asked.site, asked.diagnosis)
    way = lay_way(floor, floor.house.get_route(asked.pathway, asked.site, stage))
    layout = way.layout
    person = name_person(moment, asked.by, where, may_be_told=True)
    _check_approval(floor, way)
    base = None if asked.based_on is None else _get_base(floor, asked, asked.based_on)
    _check_other(floor, asked, base)
    sequel = None if base is None else _find_sequel(floor, asked, base)
    entry = asked.at or (sequel.at if sequel is not None else "") or layout.entries[0]
    if entry not in layout.entries:
        raise InputError(
            code="OPS-071", where=f"pathway {layout.pathway}", got=f"the step {entry:.80}",
            expected=f"one of {', '.join(layout.entries)}", fix="choose a step to come in at",
        )  # fmt: skip
    inherited = () if base is None else base.attributes
    gained = () if sequel is None else sequel.sets
    course = Course(
        id=moment.make_id(),
        patient=asked.patient,
        way=way.id,
        pathway=layout.pathway,
        version=layout.version,
        label=layout.label,
        started_ms=moment.at_ms,
        started_by=person,
        started_because=asked.reason,
        since=moment.day,
        at=entry,
        site=layout.site,
        stage=layout.stage,
        is_draft=not layout.is_approved,
        attributes=tuple(sorted({*inherited, *gained, *asked.attributes})),
        based_on=asked.based_on or "",
        diagnosis=asked.diagnosis or "",
    )
    course = enter(way, course, entry)
    puts, records = [course], [make_episode(course, CLINIC)]
    if base is not None and base.at == END and not any(base.list_open()):
        puts.append(replace(base, status="completed", ended_ms=max(moment.at_ms, base.started_ms)))
        records.append(make_episode(puts[-1], CLINIC))
    if not is_kept(floor, way):
        records.insert(0, way.to_record())
    return Decision(tuple(puts), tuple(records), answer=tell_course(way, course))


def _check_approval(floor: Floor, way: Way) -> None:
    layout = way.layout
    if is_approved(floor) and not layout.is_approved:
        raise ForbiddenError(
            code="OPS-070", where=f"pathway {layout.pathway}", got="a draft",
            expected="a pathway that the tumour board has approved and signed",
            fix="have it approved in the definition, or choose another",
        )  # fmt: skip


def _get_base(floor: Floor, asked: StartCourse, id_: str) -> Course:
    base = floor.get(Course, id_)
    if base.patient != asked.patient:
        raise InputError(
            code="OPS-077", where=f"CarePlan/{id_}", got="a course of another patient",
            expected="one of the same patient", fix="look up their courses",
        )  # fmt: skip
    return base


def _find_sequel(floor: Floor, asked: StartCourse, base: Course) -> Sequel | None:
    """Return the episode the pathway foresees; without one somebody has to say why."""
    sequels = get_way(floor, base).layout.sequels
    found = next(
        (one for one in sequels if one.start == asked.pathway and one.stage in ("", asked.stage)), None
    )
    if found is None and not asked.reason.strip():
        raise InputError(
            code="OPS-078", where=f"CarePlan/{base.id}", got=f"{asked.pathway}, which does not follow it",
            expected=", ".join(sorted({one.start for one in sequels})) or "nothing that follows it",
            fix="choose what follows, or say why in `reason`",
        )  # fmt: skip
    return found


def _check_other(floor: Floor, asked: StartCourse, base: Course | None) -> None:
    for other in floor.index(Courses).list_of(asked.patient):
        is_same = (other.pathway, other.site) == (asked.pathway, asked.site)
        if is_same and (base is None or other.id != base.id):
            raise ConflictError(
                code="OPS-072", where=f"CarePlan/{other.id}", got=f"an open course on {other.pathway}",
                expected="none for the same disease", fix="go on with that one, or end it first",
            )  # fmt: skip


START = Act("start_course", StartCourse, start_course, ("CarePlan", "EpisodeOfCare", "PlanDefinition"))
