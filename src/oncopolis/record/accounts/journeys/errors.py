"""Why the page of a journey is not shown; each reason says what to do, to whoever holds a link."""

from typing import Literal, TypeAlias

from oncopolis.foundation.errors import ForbiddenError

Reason: TypeAlias = Literal[
    "broken", "expired", "ended", "elsewhere", "locked", "wrong", "withdrawn", "stranger"
]

_DESK = "ask for a new link at reception"
_REASONS: dict[Reason, tuple[str, str, str, str]] = {
    "broken": ("REC-330", "a link that this house did not make so", "one that is whole", _DESK),
    "expired": ("REC-331", "a link that is too old", "one of the last days", _DESK),
    "ended": ("REC-332", "a link that was taken back, or has a newer one beside it", "the newest", _DESK),
    "elsewhere": ("REC-333", "a link that another device has opened", "the device it is bound to", _DESK),
    "locked": ("REC-334", "a link that is locked after five wrong answers", "one that is not locked", _DESK),
    "wrong": ("REC-335", "another answer", "the one this link asks for", "type it again"),
    "withdrawn": ("REC-336", "a carer without consent", "an active consent of the patient", _DESK),
    "stranger": ("REC-337", "a device without a page", "a device that has opened a link", _DESK),
}


class JourneyRefused(ForbiddenError):  # noqa: N818 - what happened
    """The page is not shown.

    Parameters
    ----------
    rest
        How many answers are left, where one was wrong.
    """

    def __init__(self, reason: Reason, rest: int = 0) -> None:
        code, got, expected, fix = _REASONS[reason]
        self.reason: Reason = reason
        self.rest = rest
        super().__init__(code=code, where="journey", got=got, expected=expected, fix=fix)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.reason, self.rest)
