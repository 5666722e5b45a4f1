"""A message: its segments, and in them fields as they were written, taken apart when asked for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from oncopolis.interop.hl7.charsets import decode, encode, find_codec
from oncopolis.interop.hl7.refusing import Refusal, show
from oncopolis.interop.hl7.separators import STANDARD, Separators, read_separators

__all__ = ["DELETED", "Components", "Message", "Segment", "parse"]

Components: TypeAlias = Sequence[str | Sequence[str]]
"""Components of one repetition; one with subcomponents is a sequence itself."""

DELETED: Final = '""'
"""A field that says: what was there is there no more."""
_NAME: Final = re.compile(r"[A-Z][A-Z0-9]{2}")
_CHARSET: Final = 18  # structure: number of the field with the charset


@dataclass(frozen=True, slots=True)
class Segment:
    """One line of a message.

    Parameters
    ----------
    fields
        As they were written, from field 1 on; of MSH from MSH-2 on, see `get`.
    place
        Name and count within the message, such as ``OBX[2]``.
    """

    name: str
    fields: tuple[str, ...]
    separators: Separators = STANDARD
    charset: str = "utf-8"
    place: str = ""

    def get_raw(self, number: int) -> str:
        """Return a field as it was written, '' if the segment is shorter."""
        if self.name == "MSH":
            if number == 1:
                return self.separators.field
            number -= 1
        return self.fields[number - 1] if 0 < number <= len(self.fields) else ""

    def list_repetitions(self, number: int) -> list[list[list[str]]]:
        """Return the repetitions of a field, their components and the subcomponents of these, unescaped."""
        raw = self.get_raw(number)
        if not raw:
            return []
        marks = self.separators
        return [
            [
                [marks.unescape(part, self.charset) for part in _split(component, marks.subcomponent)]
                for component in _split(repetition, marks.component)
            ]
            for repetition in _split(raw, marks.repetition)
        ]

    def get(self, number: int, component: int = 1, subcomponent: int = 1) -> str:
        """Return a value of the first repetition, '' if it is not there."""
        for repetition in self.list_repetitions(number)[:1]:
            for parts in repetition[component - 1 : component]:
                for text in parts[subcomponent - 1 : subcomponent]:
                    return text
        return ""

    def get_text(self, number: int) -> str:
        """Return a whole field as the text that is meant, whatever separators it holds."""
        return self.separators.unescape(self.get_raw(number), self.charset)

    def name_field(self, number: int, repetition: int = 1) -> str:
        """Return the place of a field."""
        return f"{self.place or self.name}-{number}" + (f"[{repetition}]" if repetition > 1 else "")


def make_segment(name: str, fields: Mapping[int, Sequence[Components]]) -> Segment:
    """Return a segment of our own: number of a field -> its repetitions."""
    marks = STANDARD
    raw = []
    for number in range(1, max(fields, default=0) + 1):
        repetitions = (_join_components(one, marks) for one in fields.get(number, ()))
        raw.append(marks.repetition.join(repetitions))
    return Segment(name, tuple(raw), marks)


@dataclass(frozen=True, slots=True)
class Message:
    """Segments, the first of which is MSH."""

    segments: tuple[Segment, ...]
    separators: Separators = STANDARD
    charset: str = "utf-8"
    header: Segment = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "header", self.segments[0])

    def list_segments(self, name: str) -> list[Segment]:
        """Return the segments of a name in their order."""
        return [segment for segment in self.segments if segment.name == name]

    def find(self, name: str) -> Segment | None:
        """Return the first segment of a name."""
        return next((segment for segment in self.segments if segment.name == name), None)

    def get_first(self, name: str) -> Segment:
        """Return the first segment of a name; `Refusal` if there is none."""
        found = self.find(name)
        if found is None:
            raise Refusal(code="INT-005", where=name, got="nothing", expected=f"the segment {name}",
                          condition="100")  # fmt: skip
        return found

    @property
    def kind(self) -> tuple[str, str]:
        """Type and event, such as ('ADT', 'A01'); an event that MSH does not tell is that of EVN."""
        event = self.header.get(9, 2)
        evn = self.find("EVN")
        return self.header.get(9), event or (evn.get(1) if evn else "")

    @property
    def control_id(self) -> str:
        """MSH-10."""
        return self.header.get(10)

    def to_text(self) -> str:
        """Return the message with a carriage return after each segment."""
        lines = []
        for segment in self.segments:
            mark = segment.separators.field
            lines.append(mark.join((segment.name, *segment.fields)) + "\r")
        return "".join(lines)

    def to_bytes(self) -> bytes:
        """Return the message in its charset."""
        return encode(self.to_text(), self.charset)


def parse(data: bytes, default_charset: str = "") -> Message:
    """Read a message.

    Parameters
    ----------
    default_charset
        Name of the charset of messages whose MSH-18 is empty.

    Raises
    ------
    Refusal
        Naming the place: no MSH, impossible separators, an unknown charset, bytes that are not of it, a line
        that is no segment, or a field that MSH must have.
    """
    head = data.lstrip(b"\r\n \t")
    first = re.split(rb"[\r\n]", head, maxsplit=1)[0].decode("latin-1")
    separators = read_separators(first)
    fields = first.split(separators.field)
    named = fields[_CHARSET - 1].split(separators.repetition or "\r")[0] if len(fields) >= _CHARSET else ""
    codec = find_codec(named or default_charset)
    message = Message(tuple(_list_segments(decode(head, codec), separators, codec)), separators, codec)
    _check_header(message)
    return message


def _list_segments(text: str, separators: Separators, codec: str) -> Iterator[Segment]:
    counts: dict[str, int] = {}
    # Within carriage returns a line feed is text, except where a sender ends lines with both.
    lines = text.split("\r") if "\r" in text else text.split("\n")
    for number, line in enumerate(lines, 1):
        written = line.lstrip("\n")
        if not written.strip():
            continue
        name, *fields = written.split(separators.field)
        if not _NAME.fullmatch(name):
            raise Refusal(
                code="INT-006", where=f"line {number}", got=show(written[:8]),
                expected="a segment: three capitals or digits and a field separator", condition="100",
            )  # fmt: skip
        counts[name] = counts.get(name, 0) + 1
        yield Segment(name, tuple(fields), separators, codec, f"{name}[{counts[name]}]")


def _check_header(message: Message) -> None:
    header = message.header
    for number, meant, condition in (
        (9, "a message type such as ADT^A01", "101"),
        (10, "a control id", "101"),
        (12, "a version such as 2.5.1", "101"),
    ):
        if not header.get(number):
            raise Refusal(code="INT-007", where=f"MSH-{number}", got="nothing", expected=meant,
                          condition=condition)  # fmt: skip


def _split(text: str, mark: str) -> list[str]:
    return text.split(mark) if mark else [text]


def _join_components(components: Components, marks: Separators) -> str:
    parts = [
        marks.escape_text(one)
        if isinstance(one, str)
        else _trim(marks.subcomponent.join(marks.escape_text(part) for part in one), marks.subcomponent)
        for one in components
    ]
    return _trim(marks.component.join(parts), marks.component)


def _trim(text: str, mark: str) -> str:
    return text.rstrip(mark)
