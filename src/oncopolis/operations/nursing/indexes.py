"""What nursing looks up on the floor: what is due at whom, and what was handed over about them."""

from typing import ClassVar

from oncopolis.operations.grouping import Grouped
from oncopolis.operations.nursing.views import Handover, NursingTask
from oncopolis.operations.views import View


class Tasks(Grouped[NursingTask]):
    """Tasks that are due or will be, by stay."""

    KIND: ClassVar[type[View]] = NursingTask
    OF = "stay"

    def list_of(self, key: str) -> tuple[NursingTask, ...]:
        """Return what is to be done at somebody, the first due first."""
        return tuple(sorted(super().list_of(key), key=lambda one: (one.due_ms, one.id)))


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
