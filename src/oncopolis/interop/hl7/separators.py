"""The characters that a message says it is separated by, and how text hides them."""

import re
from dataclasses import dataclass
from typing import Final

from oncopolis.interop.hl7.refusing import Refusal, show

__all__ = ["STANDARD", "Separators", "read_separators"]

_LONGEST: Final = 5  # structure: MSH-2 of version 2.7 has a fifth character
_BREAK: Final = "\n"


@dataclass(frozen=True, slots=True)
class Separators:
    """One character each; an empty one is not used by the message.

    Parameters
    ----------
    rest
        What MSH-2 has after the four.
    """

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"
    rest: str = ""

    @property
    def encoding(self) -> str:
        """MSH-2."""
        return self.component + self.repetition + self.escape + self.subcomponent + self.rest

    def escape_text(self, text: str) -> str:
        r"""Return text that no separator can be seen in; a break of line becomes ``\.br\``."""
        if not self.escape:
            return text
        hidden = {
            self.escape: "E",
            self.field: "F",
            self.component: "S",
            self.repetition: "R",
            self.subcomponent: "T",
        }
        mark = self.escape
        return "".join(
            f"{mark}{hidden[one]}{mark}" if one in hidden else self._escape_control(one) for one in text
        )

    def _escape_control(self, character: str) -> str:
        if character == _BREAK:
            return f"{self.escape}.br{self.escape}"
        if character < " ":
            return f"{self.escape}X{ord(character):02X}{self.escape}"
        return character

    def unescape(self, text: str, charset: str = "utf-8") -> str:
        """Return the text that is meant; a sequence that is not known stays as it is."""
        if not self.escape or self.escape not in text:
            return text
        mark = re.escape(self.escape)
        return re.sub(
            f"{mark}([^{mark}]*){mark}", lambda found: self._find_meant(found[1], found[0], charset), text
        )

    def _find_meant(self, name: str, whole: str, charset: str) -> str:
        meant = {
            "E": self.escape,
            "F": self.field,
            "S": self.component,
            "R": self.repetition,
            "T": self.subcomponent,
            ".br": _BREAK,
            "H": "",
            "N": "",
        }
        if name in meant:
            return meant[name]
        if re.fullmatch(r"X(?:[0-9A-Fa-f]{2})+", name):
            return bytes.fromhex(name[1:]).decode(charset, "replace")
        return whole


STANDARD: Final = Separators()


def read_separators(head: str) -> Separators:
    """Return the separators of a message from its beginning.

    Raises
    ------
    Refusal
        It does not begin with MSH, or one character stands for two things.
    """
    if not head.startswith("MSH") or len(head) <= len("MSH"):
        raise Refusal(code="INT-001", where="MSH", got=show(head[:8]), expected="MSH at the beginning",
                      condition="100")  # fmt: skip
    field = head[3]
    encoding = re.split(f"[{re.escape(field)}\r\n]", head[4:], maxsplit=1)[0]
    characters = field + encoding
    is_sound = (
        0 < len(encoding) <= _LONGEST
        and len(set(characters)) == len(characters)
        and not any(one.isalnum() or one.isspace() or ord(one) < ord(" ") for one in characters)
        and characters.isascii()
    )
    if not is_sound:
        raise Refusal(
            code="INT-001", where="MSH-2", got=show(characters[: _LONGEST + 1]),
            expected="|^~\\& or other signs, each once",
        )  # fmt: skip
    four = encoding.ljust(4)[:4]  # structure: component, repetition, escape, subcomponent
    component, repetition, escape, subcomponent = (one.strip() for one in four)
    return Separators(field, component, repetition, escape, subcomponent, encoding[4:])
