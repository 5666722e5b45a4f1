"""A case is shared with a partner centre by consent, talked about, and gets the partner's signed opinion."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, StringConstraints

from oncopolis.foundation import ConflictError, ForbiddenError, Frozen, InputError
from oncopolis.operations.board.views import Case
from oncopolis.operations.booking.asking import Id, Words
from oncopolis.operations.courses.branching import MANY
from oncopolis.operations.courses.changing import check_reason
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.courses.telling import Text
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.sharing.partners import (
    find_partner,
    find_partner_of,
    make_member,
    make_membership,
    make_partner,
)
from oncopolis.operations.sharing.views import Agreed, Opinion, Remark, Scope, Share
from oncopolis.record.fhir.bodies import find_resource

Language: TypeAlias = Literal["en", "ko", "ru", "uz", "uz-Cyrl"]
Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100)
]  # structure: a name
Prose: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)
]  # structure: some pages
LONGEST_DAYS: Final = 366  # structure: a consent is asked for again after a year
_DIGITS: Final = 8  # structure: letters of a pseudonym


class AddPartner(Frozen):
    """A centre one works with."""

    name: Name
    """What it is called."""
    country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
    """Country, in two letters."""
    language: Language = "en"
    """Language its members read."""


class InvitePartner(Frozen):
    """Somebody of a partner's board may see the cases that are shared with it."""

    partner: Id
    """Partner."""
    name: Name
    """Who."""


class EndPartnerMember(Frozen):
    """Somebody belongs to a partner no more."""

    practitioner: Id
    """Who."""
    reason: Words
    """Why."""


class ShareCase(Frozen):
    """The patient has consented that a partner sees their case."""

    case: Id
    """Case on the agenda of a board."""
    partner: Id
    """Partner."""
    question: Text = ""
    """What the partner is asked."""
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=MANY)]
    """Which records may be seen."""
    documents: Annotated[tuple[Id, ...], Field(max_length=MANY)] = ()
    """Documents that may be seen, as they are."""
    is_looked_through: bool = False
    """Whether somebody has made sure that no document names the patient."""
    until: date
    """Last day on which it may be seen."""
    agreed_by: Agreed
    """Who has consented."""
    by: Id | None = None
    """Practitioner who shares it, where a program tells."""


class WithdrawShare(Frozen):
    """The consent is withdrawn: nobody of the partner sees the case from then on."""

    share: Id
    """Shared case."""
    reason: Words
    """Why."""
    by: Id | None = None
    """Practitioner who notes it, where a program tells."""


class OfShare(Frozen):
    """Something is written about a shared case."""

    share: Id
    """Shared case."""
    text: Prose
    """What."""


class GiveOpinion(OfShare):
    """A member of the partner's board gives an opinion and signs it."""

    is_signed: bool = False
    """Whether they answer for it with their name."""


def add_partner(_: Floor, asked: AddPartner, moment: Moment) -> Decision:
    """Make the record of a partner centre."""
    id_ = moment.make_id()
    return Decision(
        records=(make_partner(id_, asked.name, asked.country, asked.language),), answer={"partner": id_}
    )


def invite_partner(floor: Floor, asked: InvitePartner, moment: Moment) -> Decision:
    """Make the record of a partner's member."""
    _check_partner(floor, asked.partner)
    id_ = moment.make_id()
    return Decision(
        records=make_member(id_, asked.name, asked.partner),
        answer={"practitioner": id_, "partner": asked.partner},
    )


def end_partner_member(floor: Floor, asked: EndPartnerMember, _: Moment) -> Decision:
    """Let somebody see nothing of a partner's any more."""
    where = f"Practitioner/{asked.practitioner}"
    check_reason(asked.reason, where)
    known = find_partner_of(floor, asked.practitioner)
    if not known:
        raise _refuse_member(where)
    membership = make_membership(asked.practitioner, known, is_active=False)
    return Decision(records=(membership,), answer={"practitioner": asked.practitioner})


def share_case(floor: Floor, asked: ShareCase, moment: Moment) -> Decision:
    """Let a partner see a case that is on the agenda."""
    case = floor.get(Case, asked.case)
    where = f"Task/{case.id}"
    person = name_person(moment, asked.by, where)
    if not case.is_open:
        raise ConflictError(
            code="OPS-465", where=where, got=f"a case that is {case.state}", expected="one on the agenda",
            fix="put the patient on the agenda again",
        )  # fmt: skip
    _check_partner(floor, asked.partner)
    if not moment.day <= asked.until <= moment.day + timedelta(days=LONGEST_DAYS):
        raise InputError(
            code="OPS-466", where=where, got=f"until {asked.until}",
            expected=f"a day from today on, at most {LONGEST_DAYS} days ahead", fix="choose another day",
        )  # fmt: skip
    if asked.documents and not asked.is_looked_through:
        raise InputError(
            code="OPS-467", where=where, got="documents that nobody has looked through",
            expected="that somebody makes sure no document names the patient",
            fix="look at them and say so, or leave them out",
        )  # fmt: skip
    for document in asked.documents:
        _check_document(floor, document, case.patient)
    known = next(
        (one for one in floor.list(Share) if (one.case, one.partner) == (case.id, asked.partner)), None
    )
    if known is not None:
        raise ConflictError(
            code="OPS-468", where=f"Consent/{known.id}", got="a case this partner sees already",
            expected="one consent", fix="withdraw that one first",
        )  # fmt: skip
    id_ = moment.make_id()
    made = Share(
        id=id_,
        patient=case.patient,
        case=case.id,
        course=case.course,
        partner=asked.partner,
        pseudonym=f"C-{sha256(id_.encode()).hexdigest()[:_DIGITS].upper()}",
        question=asked.question.strip() or case.question,
        scopes=tuple(dict.fromkeys(asked.scopes)),
        documents=tuple(dict.fromkeys(asked.documents)),
        until=asked.until,
        agreed_by=asked.agreed_by,
        shared_ms=moment.at_ms,
        shared_by=person,
    )
    return Decision((made,), answer={"share": made.id, "pseudonym": made.pseudonym})


def withdraw_share(floor: Floor, asked: WithdrawShare, moment: Moment) -> Decision:
    """End a partner's view of a case at once."""
    known = floor.get(Share, asked.share)
    where = f"Consent/{known.id}"
    name_person(moment, asked.by, where)
    if not known.is_open:
        return Decision(answer={"share": known.id, "again": True})
    gone = replace(
        known, state="withdrawn", withdrawn_ms=moment.at_ms, reason=check_reason(asked.reason, where)
    )
    return Decision((gone,), answer={"share": known.id, "again": False})


def remark_on_case(floor: Floor, asked: OfShare, moment: Moment) -> Decision:
    """Write about a shared case, from this side."""
    known = _get(floor, asked.share, moment)
    person = name_person(moment, None, f"Consent/{known.id}")
    return _write(known, asked.text, person, moment)


def comment_case(floor: Floor, asked: OfShare, moment: Moment) -> Decision:
    """Write about a shared case, as a member of the partner."""
    known = _get_for_member(floor, asked.share, moment)
    return _write(known, asked.text, f"Practitioner/{moment.who.id}", moment)


def give_opinion(floor: Floor, asked: GiveOpinion, moment: Moment) -> Decision:
    """Sign an opinion; it is on the agenda with its case from then on."""
    known = _get_for_member(floor, asked.share, moment)
    if not asked.is_signed:
        raise InputError(
            code="OPS-473", where=f"Consent/{known.id}", got="an opinion that nobody answers for",
            expected="one that is signed", fix="confirm that you answer for it",
        )  # fmt: skip
    opinion = Opinion(
        moment.make_id(), known.patient, known.id, known.case, known.partner, f"Practitioner/{moment.who.id}",
        moment.at_ms, asked.text,
    )  # fmt: skip
    signature = opinion.make_signature(moment.make_id())
    return Decision((opinion,), (signature,), answer={"opinion": opinion.id, "case": known.case})


def _write(share: Share, text: str, person: str, moment: Moment) -> Decision:
    remark = Remark(moment.make_id(), share.patient, share.id, person, moment.at_ms, text)
    return Decision((remark,), answer={"remark": remark.id})


def _get(floor: Floor, id_: str, moment: Moment) -> Share:
    known = floor.get(Share, id_)
    if not known.holds_on(moment.day):
        raise ForbiddenError(
            code="OPS-469", where=f"Consent/{id_}", got="a consent that was withdrawn or has run out",
            expected="one that holds", fix="ask the patient again",
        )  # fmt: skip
    return known


def _get_for_member(floor: Floor, id_: str, moment: Moment) -> Share:
    known = _get(floor, id_, moment)
    if moment.who.kind != "Practitioner" or find_partner_of(floor, moment.who.id) != known.partner:
        raise _refuse_member(f"Consent/{id_}")
    return known


def _refuse_member(where: str) -> ForbiddenError:
    return ForbiddenError(
        code="OPS-470", where=where, got="somebody who is no member of the partner",
        expected="a member of the partner the case is shared with", fix="have them invited",
    )  # fmt: skip


def _check_partner(floor: Floor, partner: str) -> None:
    if find_partner(floor, partner) is None:
        raise InputError(
            code="OPS-471", where=f"Organization/{partner}", got="no partner centre", expected="one that is",
            fix="add it first",
        )  # fmt: skip


def _check_document(floor: Floor, document: str, patient: str) -> None:
    nothing: dict[str, object] | None = None
    record = floor.look(
        partial(lambda id_, one: find_resource(one.read("DocumentReference", id_)), document), nothing
    )
    subject = record.get("subject", {}) if record is not None else {}
    if not isinstance(subject, dict) or subject.get("reference") != f"Patient/{patient}":
        raise InputError(
            code="OPS-472", where=f"DocumentReference/{document}", got="no document of this patient",
            expected="one of the same patient", fix="choose another",
        )  # fmt: skip


ACTS: Final = (
    Act("add_partner", AddPartner, add_partner, ("Organization",)),
    Act("invite_partner", InvitePartner, invite_partner, ("Practitioner", "PractitionerRole")),
    Act("end_partner_member", EndPartnerMember, end_partner_member, ("PractitionerRole",)),
    Act("share_case", ShareCase, share_case, ("Consent",)),
    Act("withdraw_share", WithdrawShare, withdraw_share, ("Consent",)),
    Act("remark_on_case", OfShare, remark_on_case, ("Communication",)),
    Act("comment_case", OfShare, comment_case, ("Communication",)),
    Act("give_opinion", GiveOpinion, give_opinion, ("ClinicalImpression", "Provenance")),
)
"""Everything that can be done about shared cases."""
