"""After a start: what the acts of today do not need is put on the floor while others are answered."""

from contextlib import suppress
from time import monotonic
from typing import Final

from oncopolis.foundation import OncopolisError
from oncopolis.operations import Live
from oncopolis.web.chore import Chore

_AGAIN_S: Final = 1.0
"""How often it looks whether a floor was begun anew."""


class Filler(Chore):
    """Fills the floor while it is entered."""

    def __init__(self, live: Live) -> None:
        self._live = live
        super().__init__("filler")
        self._begun = monotonic()

    def _run(self) -> None:
        while not self._stopping.wait(_AGAIN_S):
            self._begun = monotonic()
            with suppress(OncopolisError):  # A database that is away now may be back in a second.
                self._live.fill(self._rest)

    def _rest(self) -> bool:
        """Let others have as long as a part has taken; whether it is to end."""
        is_over = self._stopping.wait(monotonic() - self._begun)
        self._begun = monotonic()
        return is_over
