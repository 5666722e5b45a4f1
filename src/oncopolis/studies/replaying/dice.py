"""`Dice`: draws by name, so that none depends on how many were taken before it."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final, TypeVar

T = TypeVar("T")

_BYTES: Final = 8  # structure: 64 bits
_KEY_BYTES: Final = 32  # structure: 256 bits
_UNIT: Final = 2.0**-64  # structure: one over the integers of 64 bits


class Dice:
    """Draws of one seed.

    Parameters
    ----------
    seed
        Same seed, same draws.
    salt
        Makes draws of the same seed others.
    """

    def __init__(self, seed: int, salt: str = "") -> None:
        self._key = blake2b(f"{seed}/{salt}".encode(), digest_size=_KEY_BYTES).digest()

    def draw(self, *what: str | int) -> float:
        """Draw from 0 up to 1 for what is named."""
        named = "/".join(map(str, what)).encode()
        return int.from_bytes(blake2b(named, digest_size=_BYTES, key=self._key).digest(), "little") * _UNIT

    def choose(self, among: Sequence[T], *what: str | int) -> T:
        """Choose one of several for what is named."""
        return among[min(int(self.draw(*what) * len(among)), len(among) - 1)]
