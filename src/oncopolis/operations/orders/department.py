"""The work list of a department: what is asked of it, and what it has answered and nobody has seen."""

from collections.abc import Iterator
from dataclasses import dataclass

from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.orders.critical import find_late_ms
from oncopolis.operations.orders.turnaround import PREFIX, Clock, read_clock
from oncopolis.operations.orders.views import Order


@dataclass(frozen=True, slots=True)
class Job:
    """An order on a work list.

    Parameters
    ----------
    late_ms
        By how much its result is, or came, too late; below 0 what is left, None without a time.
    unseen_ms
        By how much its result has been seen too late; below 0 what is left, None without a result.
    """

    order: Order
    clock: Clock
    late_ms: int | None
    unseen_ms: int | None

    @property
    def is_late(self) -> bool:
        """Whether there should be a result by now."""
        return self.order.resulted_ms is None and (self.late_ms or -1) >= 0

    @property
    def is_unseen_late(self) -> bool:
        """Whether its result should have been seen by now."""
        return self.unseen_ms is not None and self.unseen_ms >= 0


def list_jobs(floor: Floor, now_ms: int, area: str | None = None) -> list[Job]:
    """Return what is open of a department, or of all: the latest first, what has no time by its urgency."""
    jobs = [
        _read(floor.house, one, now_ms) for one in floor.list(Order) if area in (None, find_area(floor, one))
    ]
    return sorted(jobs, key=_rank)


def find_area(floor: Floor, order: Order) -> str:
    """Return the department that does what was ordered; empty if nobody knows."""
    card = floor.house.cards.get(order.activity)
    return "" if card is None else card.department


def list_departments(house: House) -> Iterator[str]:
    """Yield the departments whose work has a time: those with a row of their own, or of one activity."""
    evidence = house.equipped.project.evidence
    timed = {key.rpartition(".")[2] for key in evidence.rows if key.startswith(f"{PREFIX}.")}
    at_work = {card.department for card in house.cards.values() if timed & {card.id, card.department}}
    return (key for key in house.centre.departments if key in at_work)


def _read(house: House, order: Order, now_ms: int) -> Job:
    clock = read_clock(house, order)
    return Job(order, clock, clock.find_late_ms(order, now_ms), find_late_ms(order, house, now_ms))


def _rank(job: Job) -> tuple[bool, int, int, int, str]:
    late_ms = job.late_ms if job.order.resulted_ms is None else None
    return late_ms is None, -(late_ms or 0), job.order.priority, job.order.asked_ms, job.order.id
