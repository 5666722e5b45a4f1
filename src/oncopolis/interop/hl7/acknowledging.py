"""The answer to a message, and what the answer to one of ours says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from oncopolis.interop.hl7.charsets import CODECS
from oncopolis.interop.hl7.message import Components, Message, Segment, make_segment, parse
from oncopolis.interop.hl7.moments import now
from oncopolis.interop.hl7.refusing import CONDITIONS, Refusal, show
from oncopolis.interop.hl7.separators import STANDARD, read_separators

__all__ = ["ACCEPTED", "ERROR", "REJECTED", "Answer", "Asking", "make_answer", "read_answer", "read_asking"]

ACCEPTED: Final = "AA"
ERROR: Final = "AE"
REJECTED: Final = "AR"
_ENHANCED: Final = {"AA": "CA", "AE": "CE", "AR": "CR"}
_PLACE: Final = re.compile(r"([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?(?:-(\d+)(?:\[(\d+)\])?(?:\.(\d+))?)?.*")
_LONGEST_TEXT: Final = 250  # structure: characters of ERR-8


@dataclass(frozen=True, slots=True)
class Asking:
    """What an answer repeats of the message it answers.

    Parameters
    ----------
    sender, receiver
        Application and facility, with their authorities as they were written.
    accepts, applies
        MSH-15 and MSH-16: which answers the sender wants; both empty in the original mode.
    """

    sender: tuple[str, str] = ("", "")
    receiver: tuple[str, str] = ("", "")
    event: str = ""
    control_id: str = ""
    processing: str = "P"
    version: str = "2.5.1"
    charset: str = ""
    accepts: str = ""
    applies: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an acknowledgement says: AA, AE or AR (or CA, CE, CR), and why not."""

    code: str
    control_id: str
    text: str


def read_asking(data: bytes) -> Asking:
    """Return what can be read of MSH, also of a message that cannot be taken."""
    head = re.split(rb"[\r\n]", data.lstrip(b"\r\n \t"), maxsplit=1)[0].decode("latin-1")
    try:
        separators = read_separators(head)
    except Refusal:
        return Asking()
    header = Segment("MSH", tuple(head.split(separators.field)[1:]), separators, "latin-1")

    def get(number: int) -> str:
        text = header.get(number)
        return text if text.isascii() and text.isprintable() else ""

    return Asking(
        sender=(get(3), get(4)), receiver=(get(5), get(6)), event=header.get(9, 2), control_id=get(10),
        processing=get(11) or "P", version=get(12) or "2.5.1", charset=get(18),
        accepts=get(15), applies=get(16),
    )  # fmt: skip


def make_answer(
    asking: Asking, code: str, errors: Sequence[Mapping[str, str]], *, control_id: str, at_ms: int
) -> bytes | None:
    """Return the acknowledgement, None if its sender wants none.

    Parameters
    ----------
    errors
        ``where``, ``condition`` (table 0357) and ``text`` of each.
    control_id
        MSH-10 of the answer.
    """
    wanted = _find_code(asking, code)
    if wanted is None:
        return None
    event = asking.event if re.fullmatch(r"[A-Z][0-9]{2}", asking.event) else ""
    charset = asking.charset if asking.charset.upper() in CODECS else ""
    header = make_segment(
        "MSH",
        _number(
            {
                3: asking.receiver[0], 4: asking.receiver[1], 5: asking.sender[0], 6: asking.sender[1],
                7: now(at_ms), 9: ["ACK", event, "ACK"], 10: control_id[:20], 11: asking.processing,
                12: asking.version, 18: charset,
            }
        ),
    )  # fmt: skip
    segments = [
        Segment("MSH", (STANDARD.encoding, *header.fields[2:])),
        make_segment("MSA", _number({1: wanted, 2: asking.control_id})),
        *(_make_error(error, asking.version) for error in errors),
    ]
    message = Message(tuple(segments), STANDARD, "utf-8")
    return message.to_text().encode(CODECS.get(charset.upper(), "ascii"), "replace")


def _find_code(asking: Asking, code: str) -> str | None:
    if not asking.accepts and not asking.applies:
        return code
    is_fine = code == ACCEPTED
    for wish, told in ((asking.applies, code), (asking.accepts, _ENHANCED[code])):
        if wish == "AL" or (wish == "SU" and is_fine) or (wish == "ER" and not is_fine):
            return told
    return None


def _make_error(error: Mapping[str, str], version: str) -> Segment:
    condition = error["condition"]
    coded = [condition, CONDITIONS.get(condition, ""), "HL70357"]
    found = _PLACE.fullmatch(error["where"])
    place = [part or "" for part in found.groups()] if found else [""] * 5
    name, segment, field, repetition, component = place
    text = error["text"][:_LONGEST_TEXT]
    if version.startswith(("2.1", "2.2", "2.3", "2.4")):
        # ERR-1 has no text of its own: it goes where the text of the code is.
        return make_segment("ERR", {1: [[name, segment, field, [condition, text, "HL70357"]]]})
    location = [name, segment or "1", field, repetition or ("1" if field else ""), component]
    fields: dict[int, Sequence[Components]] = {
        3: [coded], 4: [["E"]], 8: [[text]],
    }  # fmt: skip
    if name:
        fields[2] = [location]
    return make_segment("ERR", fields)


def _number(values: Mapping[int, str | list[str]]) -> dict[int, Sequence[Components]]:
    return {
        number: [[value] if isinstance(value, str) else value] for number, value in values.items() if value
    }


def read_answer(data: bytes) -> Answer:
    """Return what an acknowledgement says.

    Raises
    ------
    Refusal
        It is none.
    """
    message = parse(data, "ISO-8859-1")
    found = message.get_first("MSA")
    code = found.get(1)
    if code not in {*_ENHANCED, *_ENHANCED.values()}:
        raise Refusal(code="INT-035", where="MSA-1", got=show(code), expected="AA, AE, AR, CA, CE or CR",
                      condition="103")  # fmt: skip
    texts: list[Any] = [found.get(3)]
    for error in message.list_segments("ERR"):
        texts += [error.get(8), error.get(3, 2), error.get(1, 4, 2)]
    return Answer(code, found.get(2), "; ".join(text for text in texts if text))
