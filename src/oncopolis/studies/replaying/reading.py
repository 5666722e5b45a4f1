"""`Reader`: the event log of a run of the twin, by day and patient; moments become those of the day."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre import RouteKey
from oncopolis.centre.journal import OUTCOMES
from oncopolis.foundation.units import MS_PER_DAY, MS_PER_HOUR
from oncopolis.studies.replaying.day import Part, Stayed, Visited
from oncopolis.twin import Model
from oncopolis.twin.journal import ACTIVITY, ASKED, CASE, END, OUTCOME, PLANNED, RESOURCE, START, STOP
from oncopolis.twin.kernels.tables import DONE, INPATIENT, LOG_COLUMNS, REMOTE

Rows = NDArray[np.int64]


class Lines:
    """A journal in memory."""

    def __init__(self) -> None:
        self._parts: list[Rows] = []

    def write(self, rows: Rows) -> None:
        """Keep lines."""
        self._parts.append(rows.copy())

    def gather(self) -> Rows:
        """Return all of them, shape (lines, 9)."""
        return np.concatenate([np.empty((0, LOG_COLUMNS), dtype=np.int64), *self._parts])


@dataclass(frozen=True, slots=True)
class Case:
    """Lines of one patient on one day, in the order in which they begin.

    Parameters
    ----------
    day
        Which day of the run.
    lines
        Places in the log.
    """

    key: int
    day: int
    lines: tuple[int, ...]


class Reader:
    """Lines of a run whose counted days begin with the one that is drawn.

    Parameters
    ----------
    rows
        The log, shape (lines, 9).
    n_days
        Days counted.
    """

    def __init__(self, model: Model, rows: Rows, n_days: int) -> None:
        tables = model.tables
        kinds = [model.equipped.project.centre.resources[key].kind for key in model.resources]
        is_bed = np.array([*(kind == "bed" for kind in kinds), False])  # -1, nothing, reads the last
        self._model = model
        self._routes = tuple(model.equipped.project.network.routes)
        self._low = (model.history_days + model.days - n_days) * MS_PER_DAY
        self._rows = rows = rows[rows[:, ACTIVITY] >= 0]
        setting = tables.st_setting[rows[:, STOP]]
        self._is_done = rows[:, OUTCOME] == DONE
        self._is_contact = tables.ac_contact[rows[:, ACTIVITY]] != 0
        self._begins = np.where(self._is_done, rows[:, START], rows[:, ASKED])
        self._is_here = (setting != INPATIENT) & (setting < REMOTE)
        self._is_in_bed = is_bed[rows[:, RESOURCE]] & (setting == INPATIENT) & self._is_done

    def count_contacts(self, day: int) -> int:
        """Return how many contacts outpatients have on a day of the run."""
        return int((self._find(day) & self._is_contact & self._is_done).sum())

    def count_contacts_of(self, case: Case) -> int:
        """Return how many contacts somebody has."""
        lines = list(case.lines)
        return int((self._is_contact[lines] & self._is_done[lines]).sum())

    def list_cases(self, day: int) -> Iterator[Case]:
        """Yield the outpatients of a day of the run, in the order of their keys."""
        chosen = np.flatnonzero(self._find(day))
        cases = self._rows[chosen, CASE]
        order = chosen[np.lexsort((self._rows[chosen, END], self._begins[chosen], cases))]
        edges = np.flatnonzero(np.diff(self._rows[order, CASE])) + 1
        for part in np.split(order, edges):
            if self._is_contact[part].any():
                yield Case(int(self._rows[part[0], CASE]), day, tuple(part.tolist()))

    def to_visit(self, number: int, case: Case) -> Visited:
        """Return a patient's day."""
        first = next(line for line in case.lines if self._is_contact[line])
        return Visited(
            number, self._get_route(first), tuple(self._to_part(at, case.day) for at in case.lines)
        )

    def find_turnout(self, case: Case) -> tuple[float, float]:
        """Return which shares of those with such an appointment never come, and cancel."""
        tables, stop = self._model.tables, int(self._rows[case.lines[0], STOP])
        if tables.st_b0[stop] == tables.st_b1[stop]:
            return 0.0, 0.0
        booked = int(tables.sb_bk[tables.st_b0[stop]])
        return float(tables.bk_no_show[booked]), float(tables.bk_cancelled[booked])

    def list_stays(self) -> Iterator[Case]:
        """Yield who was in bed on the first day, with the lines of beds, in the order in which they begin."""
        rows = self._rows
        there = (rows[:, START] < self._low + MS_PER_DAY) & (rows[:, END] > self._low)
        chosen = np.flatnonzero(self._is_in_bed & there)
        found: dict[int, list[int]] = defaultdict(list)
        for line in chosen[np.argsort(self._begins[chosen], kind="stable")].tolist():
            found[int(rows[line, CASE])].append(line)
        for key in sorted(found):
            yield Case(key, 0, tuple(found[key]))

    def find_operations(self, activities: Collection[str]) -> dict[int, Part]:
        """Return what those in bed have of some activities on the first day: key -> the first of it."""
        rows, until = self._rows, self._low + MS_PER_DAY
        there = self._is_done & self._is_contact & ~self._is_here
        chosen = np.flatnonzero(there & (rows[:, START] >= self._low) & (rows[:, END] < until))
        found: dict[int, Part] = {}
        for line in chosen[np.argsort(rows[chosen, START], kind="stable")].tolist():
            part = self._to_part(line, 0)
            if part.activity in activities:
                found.setdefault(int(rows[line, CASE]), part)
        return found

    def to_stay(self, number: int, case: Case) -> Stayed:
        """Return the first stay of a patient, with the move to other beds if there is one on the day."""
        rows = [self._rows[line].tolist() for line in case.lines]
        beds = [self._model.resources[row[RESOURCE]] for row in rows]
        moved, last = None, rows[0]
        for before, after, bed in zip(rows, rows[1:], beds[1:], strict=False):
            if bed != beds[0] and 0 <= after[START] - before[END] < MS_PER_HOUR:
                moved, last = (bed, max(after[START] - self._low, 0)), after
                break
        names, tables = self._model.names, self._model.tables
        return Stayed(
            number=number,
            route=self._get_route(case.lines[0]),
            step=self._get_step(rows[0]),
            activity=names.activities[int(tables.ac_row[rows[0][ACTIVITY]])],
            resource=beds[0],
            from_ms=rows[0][START] - self._low,
            until_ms=last[END] - self._low,
            moved_to=moved,
        )

    def _find(self, day: int) -> NDArray[np.bool_]:
        low = self._low + day * MS_PER_DAY
        of_day: NDArray[np.bool_] = (self._begins >= low) & (self._begins < low + MS_PER_DAY) & self._is_here
        return of_day

    def _get_route(self, line: int) -> RouteKey:
        return self._routes[int(self._model.tables.st_route[self._rows[line, STOP]])]

    def _get_step(self, row: Sequence[int]) -> str:
        return self._model.names.stop_steps[row[STOP]].partition("/")[2]

    def _to_part(self, line: int, day: int) -> Part:
        row: Sequence[int] = self._rows[line].tolist()
        low = self._low + day * MS_PER_DAY
        planned = row[PLANNED] - low
        return Part(
            step=self._get_step(row),
            activity=self._model.names.activities[int(self._model.tables.ac_row[row[ACTIVITY]])],
            resource=self._model.resources[row[RESOURCE]] if row[RESOURCE] >= 0 else None,
            planned_ms=planned if 0 <= planned < MS_PER_DAY else None,
            asked_ms=max(row[ASKED] - low, 0),
            start_ms=row[START] - low if self._is_done[line] else None,
            end_ms=row[END] - low,
            outcome=OUTCOMES[row[OUTCOME]],
            is_contact=bool(self._is_contact[line]),
        )
