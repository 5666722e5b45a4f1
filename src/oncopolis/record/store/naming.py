"""Names of records: their types and ids, and ids of new ones."""

import re
from itertools import pairwise
from secrets import randbits

from oncopolis.foundation.errors import InputError

_DIGITS = 32  # structure: hexadecimal digits of a UUID
_PARTS = (0, 8, 12, 16, 20, _DIGITS)  # structure: where they are parted by a dash
_TIMES = 2**48  # structure: milliseconds that it can tell apart
_FORM = 0x7000_8000_0000_0000_0000  # structure: version 7 and variant of RFC 9562
_RANDOM = 0x0FFF_3FFF_FFFF_FFFF_FFFF  # structure: the other bits that follow its 48 bits of time
_N_RANDOM = 80  # structure: bits that follow the time
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,63}")


def make_id(now_ms: int) -> str:
    """A UUID of version 7: records that are made one after the other lie side by side in an index.

    Parameters
    ----------
    now_ms
        Milliseconds since 1970 (UTC); 74 other bits are random.
    """
    number = (now_ms % _TIMES) << _N_RANDOM | _FORM | (randbits(_N_RANDOM) & _RANDOM)
    digits = f"{number:0{_DIGITS}x}"
    return "-".join([digits[first:end] for first, end in pairwise(_PARTS)])


def check_name(type_: object, id_: object) -> None:
    """Refuse what is no name of a record."""
    is_fine = (
        isinstance(type_, str) and _TYPE.fullmatch(type_) and isinstance(id_, str) and _ID.fullmatch(id_)
    )
    if not is_fine:
        raise InputError(
            code="REC-062",
            where="record",
            got=f"{type_!r:.80} with id {id_!r:.80}",
            expected="a resource type, and an id of at most 64 letters, digits, '-' and '.'",
            fix="correct them",
        )
