"""Which bytes of a file are asked for (RFC 9110, section 14)."""

import re
from collections.abc import Mapping
from http import HTTPStatus

from oncopolis.web.fhir.refusing import RequestError, show

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)


def read_range(headers: Mapping[str, str], tag: str, n_bytes: int) -> tuple[int, int] | None:
    """First byte and the one after the last; None for the whole file.

    Parameters
    ----------
    headers
        By lower-case name.
    tag
        ETag of the file: with ``If-Range`` of another one the whole file is sent.

    Raises
    ------
    RequestError
        With status 416 if the file has no such bytes.
    """
    text = headers.get("range")
    if text is None or headers.get("if-range", tag) != tag:
        return None
    match = _RANGE.fullmatch(text.strip())
    if match is None or match.groups() == ("", ""):
        return None  # Another unit, or several ranges: the whole file is a right answer too.
    first, last = match.groups()
    if not first:
        start, end = max(0, n_bytes - int(last)), n_bytes
    else:
        start, end = int(first), min(n_bytes, int(last) + 1) if last else n_bytes
    if start >= end:
        raise RequestError(
            code="REC-302", where="Range", got=show(text), expected=f"bytes of 0 to {n_bytes - 1}",
            fix="ask for what is left", status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, issue="not-found",
            headers={"Content-Range": f"bytes */{n_bytes}"},
        )  # fmt: skip
    return start, end
