"""Codes that a scanner or a camera gives: our own labels, GS1 of packages, ISBT 128 of blood.

A label of ours is ``ONC.<kind>.<id>.<check>``. The check is of all that stands before it: half a code, and
one that came through a keyboard in another layout, is none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Literal, TypeAlias, get_args

from oncopolis.operations.loop.gs1 import read_gs1
from oncopolis.operations.loop.isbt import read_isbt

Kind: TypeAlias = Literal["patient", "bag", "container", "place"]
"""What a label of ours stands on."""
LETTERS: Final[dict[Kind, str]] = {"patient": "P", "bag": "B", "container": "C", "place": "L"}
_KINDS: Final[dict[str, Kind]] = {letter: kind for kind, letter in LETTERS.items()}
_HEAD: Final = "ONC"
_CHECK: Final = 6  # structure: hexadecimal digits, one error in 16 million passes
LONGEST: Final = 400  # structure: characters of the longest code of a package, twice
_OWN: Final = re.compile(r"ONC\.([A-Z])\.([A-Za-z0-9.-]{1,64})\.([0-9A-F]{6})", re.ASCII)
assert set(LETTERS) == set(get_args(Kind))


@dataclass(frozen=True, slots=True)
class Read:
    """What was read.

    Parameters
    ----------
    kind
        ``patient``, ``bag``, ``container``, ``place``, ``package`` (GS1), ``blood`` (ISBT 128), or empty for
        what cannot be read.
    value
        Id of the record, GTIN of a package, donation number of blood.
    facts
        What the code says beside: ``expires`` (day), ``lot``, ``serial``, ``product``, ``group``.
    fault
        Why it cannot be read: ``empty``, ``half`` or ``unknown``.
    """

    kind: str
    value: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


def write_code(kind: Kind, id_: str) -> str:
    """Return the text of a label."""
    text = f"{_HEAD}.{LETTERS[kind]}.{id_}"
    return f"{text}.{_compute_check(text)}"


def read_code(text: str) -> Read:
    """Read what a scanner gave; what cannot be read says why."""
    said = text.strip(" \t\r\n")
    if not said:
        return Read("", fault="empty")
    if len(said) > LONGEST:
        return Read("", fault="unknown")
    if said.startswith(_HEAD):
        return _read_own(said)
    if said.startswith(("=", "&")):
        blood = read_isbt(said)
        return Read("", fault="half") if blood is None else Read("blood", blood.pop("number"), blood)
    package = read_gs1(said)
    if package is not None:
        return Read("package", package.pop("gtin"), package)
    return Read("", fault="half" if is_half(said) else "unknown")


def is_half(text: str) -> bool:
    """Tell whether a text looks like the rest of a code: the end of ours, or the begin of a package."""
    return bool(re.fullmatch(r"[A-Za-z0-9.-]*\.[0-9A-F]{1,6}|\]?[dCQe]?[0-9]?\(?01\)?[0-9].*", text))


def _read_own(text: str) -> Read:
    found = _OWN.fullmatch(text)
    if found is None or found[1] not in _KINDS:
        return Read("", fault="half")
    if _compute_check(text.rpartition(".")[0]) != found[3]:
        return Read("", fault="half")
    return Read(_KINDS[found[1]], found[2])


def _compute_check(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_CHECK].upper()
