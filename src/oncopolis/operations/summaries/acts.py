"""A discharge summary is drafted from the record, written on, signed by a named person, and given."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from oncopolis.foundation import ConflictError, Frozen
from oncopolis.operations.booking.asking import Id, Words
from oncopolis.operations.courses.changing import check_reason
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.diagnoses import read_records
from oncopolis.operations.floor import Floor
from oncopolis.operations.orders.listing import list_open_orders
from oncopolis.operations.summaries.gathering import gather
from oncopolis.operations.summaries.views import WRITTEN, Section, Summary, SummaryState
from oncopolis.operations.wards.views import Stay
from oncopolis.record.store.reading import Reading

Prose: TypeAlias = Annotated[str, Field(max_length=20_000)]  # structure: some pages


class DraftSummary(Frozen):
    """Put the summary of a stay together, or put it together anew from what the record says by now."""

    stay: Id
    """Stay."""
    by: Id | None = None
    """Practitioner who answers for it, where a program tells."""


class OfSummary(Frozen):
    """A summary that goes on."""

    summary: Id
    """Summary."""
    by: Id | None = None
    """Practitioner in whose name it is done, where a program tells."""


class WriteSummary(OfSummary):
    """What somebody writes in it."""

    course: Prose = ""
    """What happened, in the words of who treats."""
    advice: Prose = ""
    """What the patient and their doctor are advised."""


class SignSummary(OfSummary):
    """Somebody answers for it with their name."""

    despite: Words = ""
    """Why it is signed although orders are open or results were not seen."""


class GiveSummary(OfSummary):
    """It is given to somebody."""

    to: Words
    """To whom: the patient, their carer, a doctor or hospital."""


class WithdrawSummary(OfSummary):
    """It was wrong, or another patient's."""

    reason: Words
    """Why."""


def draft_summary(floor: Floor, asked: DraftSummary, moment: Moment) -> Decision:
    """Draft the summary of a stay; a draft that is there is brought up to date, a signed one replaced."""
    stay = floor.get(Stay, asked.stay)
    where = f"Encounter/{stay.id}"
    if stay.came_ms is None:
        raise ConflictError(
            code="OPS-456", where=where, got="a stay that has not begun",
            expected="somebody who was admitted", fix="admit them first",
        )  # fmt: skip
    person = name_person(moment, asked.by, where)
    known = list_summaries(floor, stay.patient, stay.id)
    draft = next((one for one in known if one.state == "draft"), None)
    signed = next((one for one in known if one.state == "signed"), None)
    before = draft or signed
    written = [one for one in before.sections if one.part in WRITTEN] if before is not None else []
    made = Summary(
        id=draft.id if draft is not None else moment.make_id(),
        patient=stay.patient,
        stay=stay.id,
        written_ms=moment.at_ms,
        written_by=person,
        sections=(*gather(floor, stay, moment.at_ms), *written),
        replaces=draft.replaces if draft is not None else signed.id if signed is not None else "",
        rest=draft.rest if draft is not None else {},
    )
    return _tell(made)


def write_summary(floor: Floor, asked: WriteSummary, moment: Moment) -> Decision:
    """Write what the record does not know."""
    known = _get(floor, asked.summary, "draft")
    person = name_person(moment, asked.by, f"Composition/{known.id}")
    told = {"course": asked.course, "advice": asked.advice}
    written = [Section(part, _split(told[part])) for part in WRITTEN]
    kept = [one for one in known.sections if one.part not in WRITTEN]
    return _tell(replace(known, sections=(*kept, *written), written_ms=moment.at_ms, written_by=person))


def sign_summary(floor: Floor, asked: SignSummary, moment: Moment) -> Decision:
    """Sign a draft; what is open is named, and only a reason lets it be signed all the same."""
    known = _get(floor, asked.summary, "draft")
    where = f"Composition/{known.id}"
    person = name_person(moment, asked.by, where)
    left = [order.id for order in list_open_orders(floor, known.patient)]
    if left and not asked.despite.strip():
        raise ConflictError(
            code="OPS-457", where=where, got=f"open orders or unseen results: {', '.join(left)}",
            expected="none, or a reason", fix="look at them, or say in `despite` why it is signed without",
        )  # fmt: skip
    signed = replace(
        known, state="signed", signed_ms=moment.at_ms, signed_by=person, despite=asked.despite.strip()
    )
    decision = _tell(signed) + Decision(records=(signed.make_document(),))
    earlier = floor.get(Summary, known.replaces) if known.replaces else None
    return decision if earlier is None else decision + Decision(records=(_supersede(earlier),))


def give_summary(floor: Floor, asked: GiveSummary, moment: Moment) -> Decision:
    """Note that a signed summary was given to somebody."""
    known = _get(floor, asked.summary, "signed")
    where = f"Composition/{known.id}"
    name_person(moment, asked.by, where)
    to = check_reason(asked.to, where).strip()
    return _tell(replace(known, given_ms=moment.at_ms, given_to=to))


def withdraw_summary(floor: Floor, asked: WithdrawSummary, moment: Moment) -> Decision:
    """Mark a summary as entered in error."""
    known = _get(floor, asked.summary, "draft", "signed")
    where = f"Composition/{known.id}"
    name_person(moment, asked.by, where)
    gone = replace(known, state="withdrawn", despite=check_reason(asked.reason, where))
    documents = (gone.make_document(),) if known.state == "signed" else ()
    return _tell(gone) + Decision(records=documents)


def list_summaries(floor: Floor, patient: str, stay: str) -> tuple[Summary, ...]:
    """Return the summaries of a stay, the latest first."""
    nothing: tuple[Summary, ...] = ()
    return floor.look(partial(read_summaries, patient, stay), nothing)


def read_summaries(patient: str, stay: str, reading: Reading) -> tuple[Summary, ...]:
    """Return the summaries of a stay, the latest first; all of a patient where no stay is named."""
    records = read_records(patient, Summary.TYPE, reading)
    found = [Summary.from_record(one) for one in records if Summary.is_mine(one)]
    own = (one for one in found if stay in ("", one.stay))
    return tuple(sorted(own, key=lambda one: (one.written_ms, one.id), reverse=True))


def _get(floor: Floor, id_: str, *states: SummaryState) -> Summary:
    known = floor.get(Summary, id_)
    if known.state not in states:
        raise ConflictError(
            code="OPS-458", where=f"Composition/{id_}", got=f"a summary that is {known.state}",
            expected=" or ".join(states), fix="look at it as it is now",
        )  # fmt: skip
    return known


def _split(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _supersede(earlier: Summary) -> dict[str, object]:
    return earlier.make_document() | {"status": "superseded"}


def _tell(summary: Summary) -> Decision:
    return Decision((summary,), answer={"summary": summary.id, "state": summary.state})


_WRITES: Final = ("Composition", "DocumentReference")
ACTS: Final = (
    Act("draft_summary", DraftSummary, draft_summary, _WRITES),
    Act("write_summary", WriteSummary, write_summary, _WRITES),
    Act("sign_summary", SignSummary, sign_summary, _WRITES),
    Act("give_summary", GiveSummary, give_summary, _WRITES),
    Act("withdraw_summary", WithdrawSummary, withdraw_summary, _WRITES),
)
"""Everything that can be done about a discharge summary."""
