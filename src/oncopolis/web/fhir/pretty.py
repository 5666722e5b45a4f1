"""JSON with line breaks, for people; every number and text stays as it is written."""

import re

_PIECE = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_STEP = b"  "


def wants_lines(query: str) -> bool:
    """Tell whether a query string asks for line breaks."""
    return "_pretty=true" in query.split("&")


def indent(text: bytes) -> bytes:
    """Return a JSON text with one member a line."""
    out: list[bytes] = []
    depth = 0
    for match in _PIECE.finditer(text):
        piece = match[0]
        if piece in (b"}", b"]"):
            depth -= 1
            out.append(piece if out[-1] in (b"{", b"[") else b"\n" + _STEP * depth + piece)
            continue
        if out and out[-1] in (b"{", b"[", b","):
            out[-1] += b"\n" + _STEP * depth
        out.append(b": " if piece == b":" else piece)
        depth += piece in (b"{", b"[")
    return b"".join(out)
