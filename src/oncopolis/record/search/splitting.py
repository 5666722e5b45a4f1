"""Values of search parameters taken apart at ``,``, ``$`` and ``|``, which a backslash makes ordinary."""

import re
from typing import Final

_ESCAPED: Final = re.compile(r"\\([\\,|$])")
_PIECE: Final = {
    sign: re.compile(rf"((?:\\.|[^\\{re.escape(sign)}])*\\?)(?:{re.escape(sign)}|$)", re.DOTALL)
    for sign in ",$|"
}


def split(text: str, sign: str) -> list[str]:
    """Pieces between the signs that no backslash stands before; what is escaped in them stays so."""
    pieces: list[str] = []
    position = 0
    while True:
        match = _PIECE[sign].match(text, position)
        if match is None:
            return [*pieces, text[position:]]
        pieces.append(match[1])
        position = match.end()
        if position == len(text):
            return [*pieces, ""] if match[0].endswith(sign) and len(match[1]) < len(match[0]) else pieces


def unescape(text: str) -> str:
    """The text that was meant."""
    return _ESCAPED.sub(r"\1", text)
