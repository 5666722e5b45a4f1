"""Why the page of a journey is not shown; each reason says what to do, to whoever holds a link."""

from typing import Literal, NamedTuple, TypeAlias

from oncopolis.foundation.errors import ForbiddenError

Reason: TypeAlias = Literal[
    "broken", "expired", "ended", "elsewhere", "locked", "wrong", "withdrawn", "stranger"
]


class JourneyReason(NamedTuple):
    """What is said of a reason."""

    code: str
    got: str
    expected: str
    fix: str


_REASONS: dict[Reason, JourneyReason] = {
    "broken": JourneyReason(
        code="REC-330",
        got="a link that this house did not make so",
        expected="one that is whole",
        fix="ask for a new link at reception",
    ),
    "expired": JourneyReason(
        code="REC-331",
        got="a link that is too old",
        expected="one of the last days",
        fix="ask for a new link at reception",
    ),
    "ended": JourneyReason(
        code="REC-332",
        got="a link that was taken back, or has a newer one beside it",
        expected="the newest",
        fix="ask for a new link at reception",
    ),
    "elsewhere": JourneyReason(
        code="REC-333",
        got="a link that another device has opened",
        expected="the device it is bound to",
        fix="ask for a new link at reception",
    ),
    "locked": JourneyReason(
        code="REC-334",
        got="a link that is locked after five wrong answers",
        expected="one that is not locked",
        fix="ask for a new link at reception",
    ),
    "wrong": JourneyReason(
        code="REC-335",
        got="another answer",
        expected="the one this link asks for",
        fix="type it again",
    ),
    "withdrawn": JourneyReason(
        code="REC-336",
        got="a carer without consent",
        expected="an active consent of the patient",
        fix="ask for a new link at reception",
    ),
    "stranger": JourneyReason(
        code="REC-337",
        got="a device without a page",
        expected="a device that has opened a link",
        fix="ask for a new link at reception",
    ),
}


class JourneyRefused(ForbiddenError):  # noqa: N818 - what happened
    """The page is not shown.

    Parameters
    ----------
    rest
        How many answers are left, where one was wrong.
    """

    def __init__(self, reason: Reason, rest: int = 0) -> None:
        told = _REASONS[reason]
        self.reason: Reason = reason
        self.rest = rest
        super().__init__(code=told.code, where="journey", got=told.got, expected=told.expected, fix=told.fix)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.reason, self.rest)
