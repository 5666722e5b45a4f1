"""What nursing looks up on the floor: what is due at whom, and what was handed over about them."""

from collections import defaultdict
from typing import ClassVar

from oncopolis.operations.nursing.views import Handover, NursingTask
from oncopolis.operations.views import View


class Tasks:
    """Tasks that are due or will be, by stay."""

    KIND: ClassVar[type[View]] = NursingTask

    def __init__(self) -> None:
        self._of: defaultdict[str, dict[str, NursingTask]] = defaultdict(dict)

    def change(self, before: NursingTask | None, after: NursingTask | None) -> None:
        """A task came, was changed or is over."""
        if before is not None:
            of_stay = self._of[before.stay]
            of_stay.pop(before.id, None)
            if not of_stay:
                del self._of[before.stay]
        if after is not None:
            self._of[after.stay][after.id] = after

    def list_of(self, stay: str) -> list[NursingTask]:
        """Return what is to be done at somebody, the first due first."""
        found = self._of[stay].values() if stay in self._of else ()
        return sorted(found, key=lambda one: (one.due_ms, one.id))


class Handovers:
    """What was handed over last, by stay."""

    KIND: ClassVar[type[View]] = Handover

    def __init__(self) -> None:
        self.of: dict[str, Handover] = {}

    def change(self, before: Handover | None, after: Handover | None) -> None:
        """Somebody wrote another one, or it holds no more."""
        if before is not None:
            self.of.pop(before.stay, None)
        if after is not None:
            self.of[after.stay] = after
