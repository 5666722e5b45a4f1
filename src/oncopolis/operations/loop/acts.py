"""What is done about a check that was stopped: overridden where a rule lets that be, and looked at."""

from dataclasses import replace

from oncopolis.foundation import ConflictError, ForbiddenError, Frozen
from oncopolis.operations.booking.asking import Id
from oncopolis.operations.courses.changing import check_reason
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.courses.telling import Text
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.loop.parked import Parked
from oncopolis.operations.loop.rules import find_override
from oncopolis.operations.loop.views import Check, CheckState


class OfCheck(Frozen):
    """One check that was stopped."""

    check: Id
    by: Id | None = None
    """Practitioner who does it, where a program tells."""


class Override(OfCheck):
    """Somebody means to go on despite what was stopped."""

    reason: Text
    """Why."""


class Settle(OfCheck):
    """Somebody has looked into it."""

    note: Text
    """What came of it."""


class SettleParked(Frozen):
    """Somebody has dealt with what was parked."""

    parked: Id
    note: Text
    """What was done about it."""
    by: Id | None = None
    """Practitioner who did it, where a program tells."""


def override_check(floor: Floor, asked: Override, moment: Moment) -> Decision:
    """Give the reason for going on; where the rule asks for it a second person has to agree."""
    known = _get(floor, asked.check, "stopped")
    person = name_person(moment, asked.by, f"Task/{known.id}")
    needed = find_override(known.kind, known.failed)
    if needed == "never":
        raise ForbiddenError(
            code="OPS-241", where=f"Task/{known.id}", got=f"an override of {', '.join(known.failed)}",
            expected="a match: this is never overridden", fix="find out what is wrong, scan the right one",
        )  # fmt: skip
    state: CheckState = "asked" if needed == "second" else "granted"
    reason = check_reason(asked.reason, f"Task/{known.id}")
    return _put(replace(known, state=state, reason=reason, asked_by=person))


def confirm_override(floor: Floor, asked: OfCheck, moment: Moment) -> Decision:
    """Agree as the second person, in one's own name."""
    known = _get(floor, asked.check, "asked")
    person = name_person(moment, asked.by, f"Task/{known.id}")
    if person in (known.asked_by, known.by):
        raise ForbiddenError(
            code="OPS-242", where=f"Task/{known.id}", got=f"{person} once more", expected="a second person",
            fix="have a colleague sign in and agree",
        )  # fmt: skip
    return _put(replace(known, state="granted", second=person))


def settle_check(floor: Floor, asked: Settle, moment: Moment) -> Decision:
    """Take it off the list of what was stopped, with what came of it."""
    known = _get(floor, asked.check, "stopped", "asked", "granted", "used")
    person = name_person(moment, asked.by, f"Task/{known.id}")
    note = check_reason(asked.note, f"Task/{known.id}")
    settled_ms = max(moment.at_ms, known.at_ms)
    return _put(replace(known, state="settled", note=note, settled_by=person, settled_ms=settled_ms))


def settle_parked(floor: Floor, asked: SettleParked, moment: Moment) -> Decision:
    """Take it off the list of what waits, with what was done about it."""
    known = floor.get(Parked, asked.parked)
    return _settle(known, asked, name_person(moment, asked.by, f"Task/{known.id}"), moment)


def _settle(known: Parked, asked: SettleParked, person: str, moment: Moment) -> Decision:
    where = f"Task/{known.id}"
    if not known.is_open:
        raise ConflictError(
            code="OPS-243", where=where, got="dealt with already", expected="something that waits",
            fix="look at the list as it is now",
        )  # fmt: skip
    note = check_reason(asked.note, where)
    after = replace(known, note=note, settled_by=person, settled_ms=max(moment.at_ms, known.came_ms))
    return Decision((after,), answer={"parked": after.id})


def _get(floor: Floor, id_: str, *states: CheckState) -> Check:
    known = floor.get(Check, id_)
    if known.state not in states:
        raise ConflictError(
            code="OPS-244", where=f"Task/{id_}", got=f"a check that is {known.state}",
            expected=" or ".join(states), fix="look at it as it is now",
        )  # fmt: skip
    return known


def _put(after: Check) -> Decision:
    return Decision((after,), answer={"check": after.id, "state": after.state})


def settle_sightings(floor: Floor, asked: SettleParked, moment: Moment) -> Decision:
    """Settle what gateways of tags told: who does so sees no patient, and need not be a practitioner."""
    known = floor.get(Parked, asked.parked)
    if known.kind != "sightings":
        raise ForbiddenError(
            code="OPS-500", where=f"Task/{known.id}", got=f"something parked of the kind {known.kind}",
            expected="what gateways of tags told", fix="leave it to those on whose list it is",
        )  # fmt: skip
    return _settle(known, asked, moment.who.reference, moment)


_WRITES = ("Task",)
OVERRIDE_CHECK = Act("override_check", Override, override_check, _WRITES)
CONFIRM_OVERRIDE = Act("confirm_override", OfCheck, confirm_override, _WRITES)
SETTLE_CHECK = Act("settle_check", Settle, settle_check, _WRITES)
SETTLE_PARKED = Act("settle_parked", SettleParked, settle_parked, _WRITES)
SETTLE_SIGHTINGS = Act("settle_sightings", SettleParked, settle_sightings, _WRITES)
