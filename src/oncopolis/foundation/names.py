"""Names as keys of random numbers: what is called the same draws the same."""

from hashlib import blake2b

_BYTES = 8  # structure: 64 bits


def name_key(name: str) -> int:
    """Return 64 bits that a name stands for, the same on every machine."""
    return int.from_bytes(blake2b(name.encode(), digest_size=_BYTES).digest(), "big")
