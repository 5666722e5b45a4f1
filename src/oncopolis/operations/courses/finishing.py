"""Work of a step that nobody comes for, told by hand; reasons given later; documents put to a step."""

from dataclasses import replace
from typing import Annotated, Final, Literal

from pydantic import Field

from oncopolis.centre.number import Identifier
from oncopolis.foundation import ConflictError, Frozen, InputError
from oncopolis.operations.booking.asking import Id, Words
from oncopolis.operations.courses.branching import get_open
from oncopolis.operations.courses.changing import check_reason, get_mark
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.courses.doing import add_done
from oncopolis.operations.courses.telling import Text, tell_course
from oncopolis.operations.courses.trail import WHOLE, Done
from oncopolis.operations.courses.walking import put_mark
from oncopolis.operations.courses.ways import get_way
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.elements import extend, make_concept, make_reference, to_instant
from oncopolis.operations.floor import Floor
from oncopolis.record.store.journal import JournalLine

LONGEST: Final = 7_000_000  # structure: characters of a document as base64; what a record may have
_BASE64: Final = r"^[A-Za-z0-9+/]*={0,2}$"


class FinishStep(Frozen):
    """One occurrence of a step is done: everything it asks for, or one activity of it."""

    course: Id
    """Course."""
    step: Words
    """Step that is due, or one further on."""
    activity: Identifier | Literal[""] = WHOLE
    """Activity that was done; all of the occurrence if left out."""


class ExplainVariance(Frozen):
    """Somebody says why a step was early, late, out of order or done again."""

    course: Id
    """Course."""
    step: Words
    """Step."""
    reason: Text
    """Why."""
    by: Id | None = None
    """Practitioner who says so, where a program tells."""


class AttachDocument(Frozen):
    """A document is put to a step of a course."""

    course: Id
    """Course."""
    step: Words
    """Step."""
    title: Words
    """What it is called."""
    kind: Identifier
    """Code of what it is, such as `referral` or `consent_form`."""
    content_type: Words
    """MIME type."""
    url: Text = ""
    """Where it lies: an address in the archive, or a Binary of this server."""
    data: Annotated[str, Field(max_length=LONGEST, pattern=_BASE64)] = ""
    """The document itself, as base64: it is kept with the patient's record, and sealed with it."""
    language: Words | None = None
    """Language it is in."""


def finish_step(floor: Floor, asked: FinishStep, moment: Moment) -> Decision:
    """Mark an occurrence of a step as done."""
    course = get_open(floor, asked.course)
    way = get_way(floor, course)
    mark = get_mark(way, course, asked.step)
    if not mark.is_open:
        raise ConflictError(
            code="OPS-090", where=f"step {mark.id}", got=f"a step that is {mark.status}",
            expected="one that is not over", fix="look at the course as it is now",
        )  # fmt: skip
    if asked.activity != WHOLE:
        floor.house.get_card(asked.activity)
    done = Done(moment.at_ms, moment.day, asked.activity)
    course = add_done(way, course, mark, done, floor.house)
    line = JournalLine(
        course.patient, course.pathway, mark.step or mark.id, asked.activity or None, None, None, None, None,
        moment.at_ms, "done",
    )  # fmt: skip
    return Decision((course,), lines=(line,), answer=tell_course(way, course))


def explain_variance(floor: Floor, asked: ExplainVariance, moment: Moment) -> Decision:
    """Give the reason of variances that were only seen."""
    course = get_open(floor, asked.course)
    where = f"CarePlan/{course.id}"
    person = name_person(moment, asked.by, where)
    reason = check_reason(asked.reason, where)
    mark = get_mark(get_way(floor, course), course, asked.step)
    told = tuple(
        replace(variance, reason=reason, by=person) if not variance.reason else variance
        for variance in mark.variances
    )
    if told == mark.variances:
        raise ConflictError(
            code="OPS-093", where=f"step {mark.id}", got="nothing to explain",
            expected="a step that was early, late, out of order or done again",
            fix="look at the course as it is now",
        )  # fmt: skip
    course = put_mark(course, replace(mark, variances=told))
    return Decision((course,), answer={"course": course.id, "step": mark.id})


def attach_document(floor: Floor, asked: AttachDocument, moment: Moment) -> Decision:
    """Write a DocumentReference and put it to a step."""
    if bool(asked.url) == bool(asked.data):
        raise InputError(
            code="OPS-191", where=f"CarePlan/{asked.course}", got="both" if asked.url else "neither",
            expected="the document, or where it lies", fix="give one of the two",
        )  # fmt: skip
    course = get_open(floor, asked.course)
    mark = get_mark(get_way(floor, course), course, asked.step)
    id_ = moment.make_id()
    attachment = {"contentType": asked.content_type, "title": asked.title}
    attachment |= {"data": asked.data} if asked.data else {"url": asked.url}
    if asked.language:
        attachment["language"] = asked.language
    record = {
        "resourceType": "DocumentReference",
        "id": id_,
        "extension": extend(step__Code=mark.id),
        "status": "current",
        "type": make_concept("document", asked.kind, asked.title),
        "subject": make_reference("Patient", course.patient),
        "date": to_instant(moment.at_ms),
        "content": [{"attachment": attachment}],
        "context": {"related": [make_reference("CarePlan", course.id)]},
    }
    course = put_mark(course, replace(mark, documents=(*mark.documents, id_)))
    return Decision((course,), (record,), answer={"course": course.id, "document": id_})


FINISHES = (
    Act("finish_step", FinishStep, finish_step, ("CarePlan",)),
    Act("explain_variance", ExplainVariance, explain_variance, ("CarePlan",)),
    Act("attach_document", AttachDocument, attach_document, ("CarePlan", "DocumentReference")),
)
