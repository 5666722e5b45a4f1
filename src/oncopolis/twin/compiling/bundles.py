"""`Bundles`: what phases hold, each combination once, with who waits for what."""

from collections.abc import Mapping, Sequence

from oncopolis.centre import Coefficient, Project
from oncopolis.centre.route import BoundPhase
from oncopolis.twin.compiling.columns import Columns
from oncopolis.twin.compiling.values import Values
from oncopolis.twin.kernels.holding import PRIORITIES
from oncopolis.twin.kernels.tables import UNIT

Held = tuple[int, int, bool]
"""Resource, amount in 1/5040, and whether it is care held in the background."""


class Bundles:
    """Bundles of one definition.

    Parameters
    ----------
    project, values, columns
        Definition, its coefficients, and where rows go.
    index
        Resource -> its number.
    stretch
        Role -> hours of a week over those it is on duty: care in the background is given within these.
    """

    def __init__(
        self,
        project: Project,
        values: Values,
        columns: Columns,
        index: Mapping[str, int],
        stretch: Mapping[str, float],
    ) -> None:
        self.project, self.values, self.columns = project, values, columns
        self.index, self.stretch = index, stretch
        self.held: list[tuple[Held, ...]] = []
        self._known: dict[tuple[Held, ...], int] = {}
        self._of_holds: dict[tuple[tuple[str, Coefficient], ...], int] = {}

    def add(self, phase: BoundPhase) -> int:
        """Return the bundle of a phase."""
        if phase.hold not in self._of_holds:
            self._of_holds[phase.hold] = self._add(phase)
        return self._of_holds[phase.hold]

    def _add(self, phase: BoundPhase) -> int:
        resources = self.project.centre.resources
        amounts = [(key, round(self.values.get(n) * UNIT)) for key, n in phase.hold]
        in_bed = any(resources[key].kind == "bed" and amount > 0 for key, amount in amounts)
        held = tuple(
            self._read(key, amount, in_bed and resources[key].kind == "role" and amount < UNIT)
            for key, amount in amounts
            if amount > 0
        )
        if held not in self._known:
            self._known[held] = len(self.held)
            self.held.append(held)
        return self._known[held]

    def _read(self, key: str, amount: int, behind: bool) -> Held:
        return self.index[key], round(amount * self.stretch[key]) if behind else amount, behind

    def write(self, alternatives: Sequence[int]) -> None:
        """Write all bundles and, by resource, room for the classes that may wait for it."""
        columns = self.columns
        watchers = [0] * len(self.index)
        n_entries = n_watches = 0
        for held in self.held:
            gating = [resource for resource, _, behind in held if not behind]
            watched = dict.fromkeys(gating)
            watched |= dict.fromkeys(alternatives[r] for r in gating if alternatives[r] >= 0)
            columns.add(
                bu_0=n_entries, bu_1=n_entries + len(held), bu_w0=n_watches, bu_w1=n_watches + len(watched)
            )
            for resource, amount, behind in held:
                columns.add(be_res=resource, be_amount=amount, be_gates=not behind, be_back=behind)
            columns.extend(wl_res=watched)
            n_entries += len(held)
            n_watches += len(watched)
            for resource in watched:
                watchers[resource] += 1
        at = 0
        for n in (*watchers, 0):
            columns.add(ra_0=at)
            at += n * PRIORITIES

    def list_amounts(self) -> dict[int, set[int]]:
        """Return, by resource, the sizes of requests that wait for it."""
        sizes: dict[int, set[int]] = {}
        for held in self.held:
            for resource, amount, behind in held:
                if not behind:
                    sizes.setdefault(resource, set()).add(amount)
        return sizes
