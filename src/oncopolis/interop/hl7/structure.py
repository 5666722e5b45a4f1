"""hl7apy behind one file: whether a message of ours has the structure its version and type ask for."""

from typing import Final

from hl7apy.consts import VALIDATION_LEVEL  # type: ignore[import-untyped]
from hl7apy.exceptions import HL7apyException  # type: ignore[import-untyped]
from hl7apy.parser import parse_message  # type: ignore[import-untyped]

from oncopolis.foundation.errors import InputError
from oncopolis.interop.hl7.message import Message

_VERSIONS: Final = ("2.5", "2.5.1")

__all__ = ["check_structure"]


def check_structure(message: Message) -> None:
    """Refuse a message that is not as the standard has it.

    Not asked are versions before 2.5, of which hl7apy takes telephone numbers of American form only, and ORM,
    where it wants each of the segments of which one is to be there.

    Raises
    ------
    InputError
        With what is wrong.
    """
    if message.header.get(12) not in _VERSIONS or message.kind[0] == "ORM":
        return
    try:
        parsed = parse_message(message.to_text(), validation_level=VALIDATION_LEVEL.STRICT)
        parsed.validate()
    except (HL7apyException, ValueError) as error:
        raise InputError(
            code="INT-039", where="^".join(message.kind), got=str(error),
            expected="the structure of its version",
            fix="complete the record it is made of",
        ) from error  # fmt: skip
