"""Why a message is not taken, told so that its sender can mend it."""

from typing import Final

from oncopolis.foundation.errors import InputError

__all__ = ["SHOWN", "Refusal"]

SHOWN: Final = 60  # structure: characters of a value that are shown

CONDITIONS: Final = {
    "100": "Segment sequence error",
    "101": "Required field missing",
    "102": "Data type error",
    "103": "Table value not found",
    "200": "Unsupported message type",
    "201": "Unsupported event code",
    "202": "Unsupported processing id",
    "203": "Unsupported version id",
    "204": "Unknown key identifier",
    "205": "Duplicate key identifier",
    "206": "Application record locked",
    "207": "Application internal error",
}
"""HL7 table 0357."""
_REJECTIONS: Final = frozenset({"200", "201", "202", "203"})


class Refusal(InputError):  # noqa: N818 - the answer to a message, not a fault of ours
    """A message cannot be taken; ``where`` is the place, such as ``PID[1]-3[1].4``.

    Parameters
    ----------
    condition
        Code of `CONDITIONS`.
    """

    def __init__(self, *, code: str, where: str, got: str, expected: str, condition: str = "102") -> None:
        super().__init__(code=code, where=where, got=got, expected=expected, fix="send it corrected")
        self.condition = condition

    def __reduce__(self) -> tuple[object, ...]:
        return _remake, (self.code, self.where, self.got, self.expected, self.condition)

    @property
    def is_rejection(self) -> bool:
        """Whether the message is not one that could ever be taken here."""
        return self.condition in _REJECTIONS


def _remake(code: str, where: str, got: str, expected: str, condition: str) -> Refusal:
    return Refusal(code=code, where=where, got=got, expected=expected, condition=condition)


def show(value: object) -> str:
    """Return a value as a refusal repeats it."""
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
