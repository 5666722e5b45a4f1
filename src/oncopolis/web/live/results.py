"""Results: the work list of each department with its clocks, and results that belong to no order."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from oncopolis.foundation import NotFoundError
from oncopolis.operations.floor import Floor
from oncopolis.operations.loop import Parked
from oncopolis.operations.orders.critical import get_audience
from oncopolis.operations.orders.department import Job, find_area, list_departments, list_jobs
from oncopolis.operations.orders.listing import Orders
from oncopolis.operations.orders.turnaround import Target, find_target
from oncopolis.operations.orders.views import Order
from oncopolis.web.live.naming import Names, sort_by_name
from oncopolis.web.live.orders import AUDIENCES
from oncopolis.web.live.queues import check_area
from oncopolis.web.live.showing import show
from oncopolis.web.live.spans import tell_span
from oncopolis.web.live.station import Station
from oncopolis.web.live.stopped import WHY
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

HOME: Final = "/live/results"
_MOST: Final = 200  # structure: lines of one page


@dataclass(frozen=True, slots=True)
class Counts:
    """A department in numbers."""

    waiting: int = 0
    late: int = 0
    unseen: int = 0
    critical: int = 0

    @property
    def kind(self) -> str:
        """Kind of its tile."""
        return "stop" if self.late or self.critical else "wait" if self.unseen else ""


def count_jobs(jobs: Iterable[Job]) -> Counts:
    """Count what is open."""
    jobs = list(jobs)
    answered = [job for job in jobs if job.order.resulted_ms is not None]
    return Counts(
        len(jobs) - len(answered), sum(job.is_late for job in jobs), len(answered),
        sum(bool(job.order.critical) for job in answered),
    )  # fmt: skip


def show_results(station: Station, visit: Visit) -> Response:
    """Every department of somebody with a work list, and what is parked."""
    now_ms = station.now_ms
    own = station.find_areas(visit.account)

    def look(floor: Floor) -> tuple[dict[str, Counts], list[Parked], dict[str, list[Order]]]:
        of_area: dict[str, list[Job]] = {area: [] for area in list_departments(floor.house)}
        for job in list_jobs(floor, now_ms):
            of_area.setdefault(find_area(floor, job.order), []).append(job)
        parked = sorted(
            (one for one in floor.list(Parked) if one.kind == "report"), key=lambda one: one.came_ms
        )
        return (
            {area: count_jobs(jobs) for area, jobs in of_area.items()},
            parked,
            _list_fitting(floor, parked),
        )

    counts, parked, fitting = station.live.ask(look)
    words = find_words(visit.language)
    names = Names(station.house, words)
    shown = parked[:_MOST]
    return show(
        station, visit, "results.html", topics=["order", "parked"], counts=counts,
        areas=sort_by_name((area, names.area(area)) for area in counts if own is None or area in own),
        parked=shown, n_more=len(parked) - len(shown), fitting=fitting, why=WHY,
        came={one.id: tell_parked(one) for one in shown},
        people=station.people.find_names({one.patient for one in shown} - {""}, visit.language),
    )  # fmt: skip


def _list_fitting(floor: Floor, parked: Iterable[Parked]) -> dict[str, list[Order]]:
    """Return, by patient, the orders that a result may belong to."""
    orders = floor.index(Orders)
    patients = {one.patient for one in parked if one.patient}
    found = {one: [order for order in orders.list_of(one) if not order.report] for one in patients}
    return {patient: fitting for patient, fitting in found.items() if fitting}


def tell_parked(parked: Parked) -> tuple[str, str]:
    """Return what a result that waits is called, and the numbers it came with."""
    said: dict[str, Any] = json.loads(parked.content)
    code = said.get("code", {})
    coding: dict[str, Any] = next(iter(code.get("coding", ())), {})
    title = code.get("text") or coding.get("display") or coding.get("code") or "–"
    return title, ", ".join(str(one["value"]) for one in said.get("identifier", ()) if one.get("value"))


def show_list(station: Station, visit: Visit) -> Response:
    """The work list of a department: what is to be done, and what nobody has seen."""
    area = visit.parts["area"]
    if area not in {card.department for card in station.house.cards.values()}:
        raise NotFoundError(
            code="WEB-380", where="address", got=area[:100], expected="a department that does something",
            fix="choose one on the page of results",
        )  # fmt: skip
    check_area(station, visit, area)
    now_ms = station.now_ms
    jobs = station.live.ask(lambda floor: list_jobs(floor, now_ms, area))
    waiting = [job for job in jobs if job.order.resulted_ms is None]
    unseen = sorted(
        (job for job in jobs if job.order.resulted_ms is not None),
        key=lambda job: (not job.order.critical, -(job.unseen_ms or 0)),
    )
    shown = [*unseen[:_MOST], *waiting[:_MOST]]
    words = find_words(visit.language)
    names = Names(station.house, words)
    return show(
        station, visit, "worklist.html", topics=["order"], area=area, counts=count_jobs(jobs),
        waiting=waiting[:_MOST], unseen=unseen[:_MOST],
        n_more=len(jobs) - len(shown), activity=names.activity, span=lambda ms: tell_span(words, ms),
        audiences={job.order.id: AUDIENCES[get_audience(job.order)] for job in unseen if job.order.critical},
        people=station.people.find_names({job.order.patient for job in shown}, visit.language),
        targets=_list_targets(station, area, names),
    )  # fmt: skip


def _list_targets(
    station: Station, area: str, names: Names
) -> list[tuple[str, Target, Mapping[str, object]]]:
    """Return what may take how long, each row once, with what the row is from."""
    evidence = station.house.equipped.project.evidence
    found: dict[str, tuple[str, Target]] = {}
    for card in station.house.cards.values():
        for is_urgent in (False, True) if card.department == area else ():
            target = find_target(station.house, card.id, is_urgent=is_urgent)
            if target is not None:
                last = target.key.rpartition(".")[2]
                found[target.key] = (names.activity(card.id) if last == card.id else names.area(area), target)
    rows = {key: evidence.rows[key] for key in found}
    return [
        (name, target, {"urgent": ".urgent." in key, "source": rows[key].source, "status": rows[key].status})
        for key, (name, target) in sorted(found.items())
    ]
