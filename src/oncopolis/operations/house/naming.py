"""Ids of the records that follow from a definition."""

from hashlib import sha256

LONGEST_ID = 64  # structure: characters of an id in FHIR
_DIGEST = 12  # structure: hexadecimal digits that keep a shortened id apart from others


def make_id(*keys: str) -> str:
    """Return the id of what these keys name."""
    whole = ".".join(keys).replace("_", "-")
    if len(whole) <= LONGEST_ID:
        return whole
    return f"{whole[: LONGEST_ID - _DIGEST - 1]}-{sha256(whole.encode()).hexdigest()[:_DIGEST]}"
