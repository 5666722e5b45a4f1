"""Charges are priced, taken back and put on claims; who pays for a patient is said once."""

from dataclasses import replace
from datetime import date
from functools import partial
from itertools import groupby
from typing import Annotated, Final

from pydantic import Field

from oncopolis.centre.number import Identifier
from oncopolis.foundation import ConflictError, Frozen, InputError
from oncopolis.operations.booking.asking import Id, Words
from oncopolis.operations.booking.patients import check_patient
from oncopolis.operations.charges.charging import COVERAGE, PAYER, price
from oncopolis.operations.charges.claims import make_claim
from oncopolis.operations.charges.reading import read_state
from oncopolis.operations.charges.views import Charge
from oncopolis.operations.courses.changing import check_reason
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.elements import make_reference
from oncopolis.operations.floor import Floor
from oncopolis.operations.views import Record

AT_ONCE: Final = 500  # structure: charges in one transaction, so that others need not wait for it


class SetPayer(Frozen):
    """Who pays for a patient from now on."""

    patient: Id
    """Patient."""
    payer: Identifier
    """A payer of the tariffs."""


class OfCharge(Frozen):
    """One charge."""

    charge: Id
    """Charge."""


class ReverseCharge(OfCharge):
    """A charge was wrong; a line with its amounts below zero takes it back."""

    reason: Words
    """Why."""


class MakeClaims(Frozen):
    """Put what a payer owes on claims."""

    payer: Identifier
    """Payer."""
    until: date
    """Last day whose charges are taken."""
    at_most: Annotated[int, Field(ge=1, le=AT_ONCE)] = AT_ONCE
    """How many charges in one go."""


def set_payer(floor: Floor, asked: SetPayer, _: Moment) -> Decision:
    """Say who pays for a patient; what was charged stays as it is."""
    check_patient(floor, asked.patient)
    _check_payer(floor, asked.payer)
    name = floor.house.tariffs.payers[asked.payer]
    coverage: Record = {
        "resourceType": COVERAGE,
        "id": asked.patient,
        "status": "active",
        "beneficiary": make_reference("Patient", asked.patient),
        "payor": [{"identifier": {"system": PAYER, "value": asked.payer}, "display": name}],
    }
    return Decision(records=(coverage,), answer={"patient": asked.patient, "payer": asked.payer})


def price_charge(floor: Floor, asked: OfCharge, _: Moment) -> Decision:
    """Price a charge of which no tariff was known, by the tariff of its day."""
    known = floor.get(Charge, asked.charge)
    if known.state != "unpriced":
        raise _refuse(known, "one without a price", "look at it again")
    priced = price(floor.house, known)
    if priced.price is None:
        raise InputError(
            code="OPS-461", where=f"ChargeItem/{known.id}",
            got=f"no tariff of {known.activity} for {known.payer} on {known.day}",
            expected="one that holds on that day", fix="add it to charges.yaml, and start the server again",
        )  # fmt: skip
    return Decision((priced,), answer={"charge": priced.id, "net": str(priced.net)})


def reverse_charge(floor: Floor, asked: ReverseCharge, moment: Moment) -> Decision:
    """Take a charge back by a line of its own; one that is on a claim goes below zero on the next."""
    known = floor.get(Charge, asked.charge)
    reason = check_reason(asked.reason, f"ChargeItem/{known.id}")
    if known.state == "reversed" or known.reverses or known.reason:
        raise _refuse(known, "one that was not taken back", "look at it again")
    is_claimed = known.state == "claimed"
    reversal = replace(
        known, id=f"{known.id}-r", day=moment.day, at_ms=moment.at_ms, quantity=-known.quantity,
        net=-known.net, patient_part=-known.patient_part, state="billable" if is_claimed else "reversed",
        claim="", reverses=known.id, reason=reason, rest={},
    )  # fmt: skip
    before = replace(known, state=known.state if is_claimed else "reversed", reason=reason)
    return Decision((before, reversal), answer={"charge": known.id, "reversal": reversal.id})


def make_claims(floor: Floor, asked: MakeClaims, moment: Moment) -> Decision:
    """Put the charges of a payer on drafts of claims, one a patient."""
    _check_payer(floor, asked.payer)
    nothing: list[Charge] = []
    found = floor.look(partial(read_state, "billable"), nothing)
    due = [one for one in found if one.payer == asked.payer and one.day <= asked.until]
    taken = sorted(due[: asked.at_most], key=lambda one: (one.patient, one.at_ms, one.id))
    puts: list[Charge] = []
    records: list[Record] = []
    for _, own in groupby(taken, key=lambda one: one.patient):
        lines, id_ = list(own), moment.make_id()
        records.append(make_claim(id_, lines, moment.at_ms))
        puts += [replace(one, state="claimed", claim=id_) for one in lines]
    answer = {"claims": [one["id"] for one in records], "charges": len(puts), "left": len(due) - len(puts)}
    return Decision(tuple(puts), tuple(records), answer=answer)


def _check_payer(floor: Floor, payer: str) -> None:
    payers = floor.house.tariffs.payers
    if payer not in payers:
        raise InputError(
            code="OPS-460", where=f"payer {payer:.80}", got="no payer of the tariffs",
            expected=", ".join(payers) or "a file charges.yaml in the project", fix="choose one of them",
        )  # fmt: skip


def _refuse(known: Charge, expected: str, fix: str) -> ConflictError:
    return ConflictError(
        code="OPS-462", where=f"ChargeItem/{known.id}", got=f"a charge that is {known.state}",
        expected=expected, fix=fix,
    )  # fmt: skip


ACTS: Final = (
    Act("set_payer", SetPayer, set_payer, (COVERAGE,)),
    Act("price_charge", OfCharge, price_charge, ("ChargeItem",)),
    Act("reverse_charge", ReverseCharge, reverse_charge, ("ChargeItem",)),
    Act("make_claims", MakeClaims, make_claims, ("ChargeItem", "Claim")),
)
"""Everything that can be done about charges."""
