"""A registry is told of a diagnosis; it takes it, or sends it back to be mended."""

from dataclasses import replace
from typing import Final

from oncopolis.foundation import ConflictError, Frozen
from oncopolis.operations.booking.asking import Id, Words
from oncopolis.operations.courses.changing import check_reason
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.notifications.views import Notification, NotificationState


class OfNotification(Frozen):
    """One notification."""

    notification: Id
    """Notification."""


class Notified(OfNotification):
    """It was sent to the registry."""

    number: Words = ""
    """Number the registry gave it."""


class RefusedByRegistry(OfNotification):
    """The registry has sent it back."""

    reason: Words
    """Why."""


def notify_registry(floor: Floor, asked: Notified, moment: Moment) -> Decision:
    """Note that a registry was told."""
    known = _get(floor, asked.notification, "due", "refused")
    who = moment.who.reference
    told = replace(
        known, state="notified", told_ms=moment.at_ms, told_by=who, number=asked.number.strip(), reason=""
    )
    return Decision((told,), answer={"notification": told.id})


def registry_refused(floor: Floor, asked: RefusedByRegistry, _: Moment) -> Decision:
    """Note that the registry has sent it back: it is to be mended and told anew."""
    known = _get(floor, asked.notification, "notified")
    reason = check_reason(asked.reason, f"Task/{known.id}")
    return Decision((replace(known, state="refused", reason=reason),), answer={"notification": known.id})


def _get(floor: Floor, id_: str, *states: NotificationState) -> Notification:
    known = floor.get(Notification, id_)
    if known.state not in states:
        raise ConflictError(
            code="OPS-476", where=f"Task/{id_}", got=f"a notification that is {known.state}",
            expected=" or ".join(states), fix="look at the list as it is now",
        )  # fmt: skip
    return known


ACTS: Final = (
    Act("notify_registry", Notified, notify_registry, ("Task",)),
    Act("registry_refused", RefusedByRegistry, registry_refused, ("Task",)),
)
"""Everything that can be done about notifications."""
