"""Ids of the records that follow from a definition."""

from hashlib import sha256
from string import ascii_uppercase

LONGEST_ID = 64  # structure: characters of an id in FHIR
_DIGEST = 12  # structure: hexadecimal digits that keep a shortened id apart from others


def to_letters(at: int) -> str:
    """Return the letters of a place in a list, 0 and up: A to Z, AA, ...: they tell nothing."""
    letters = ""
    while at >= 0:
        letters = ascii_uppercase[at % len(ascii_uppercase)] + letters
        at = at // len(ascii_uppercase) - 1
    return letters


def make_id(*keys: str) -> str:
    """Return the id of what these keys name."""
    whole = ".".join(keys).replace("_", "-")
    if len(whole) <= LONGEST_ID:
        return whole
    return f"{whole[: LONGEST_ID - _DIGEST - 1]}-{sha256(whole.encode()).hexdigest()[:_DIGEST]}"
