"""A tank that fails is emptied: planned as a pick list, carried step by step, taken up after a crash."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.storage.arranging import carry
from oncopolis.biobank.storage.asking import BeginEvacuation, CancelEvacuation, CarryStep
from oncopolis.biobank.storage.finding import get_container
from oncopolis.biobank.storage.fitting import Carry, Stock, fit
from oncopolis.biobank.storage.geometry import name_place
from oncopolis.biobank.storage.placing import put, tell_place
from oncopolis.foundation import ConflictError, InfeasibleError, NotFoundError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.places import Container, Evacuation, Step
from oncopolis.record.biobank.rows import BankRow
from oncopolis.record.biobank.specimens import Specimen


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the pick list.

    Parameters
    ----------
    what, kind
        The label to look for, and of what.
    taken_from, into, position
        Labels of what it is in and comes into, and the place there.
    n_specimens
        How many specimens are carried.
    """

    n: int
    what: str
    kind: str
    taken_from: str
    into: str
    position: str
    n_specimens: int
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything in a tank goes; what does not fit anywhere is ``left``."""

    tank: Container
    carries: tuple[Carry, ...]
    left: tuple[Specimen, ...]
    n_inside: dict[int, int]
    """How many specimens there are in each container of the tank."""

    @property
    def n_specimens(self) -> int:
        """How many specimens the tank has."""
        return self.n_inside.get(self.tank.id, 0)


def plan_evacuation(books: Books, name: str, now_ms: int) -> Plan:
    """Find a place for everything in a tank; nothing is written."""
    tank = get_container(books, name)
    containers = books.list_all_containers()
    stock = Stock(containers, books.list_all_promised(), partial(_find_taken, books, now_ms))
    mine = {one.id for one in stock.walk_within(tank)}
    inside: dict[int, list[Specimen]] = defaultdict(list)
    for one in books.walk_specimens_within(tank.id):
        assert one.box is not None
        inside[one.box].append(one)
    n_inside: dict[int, int] = defaultdict(int)
    for box, specimens in inside.items():
        where: int | None = box
        while where in mine:
            n_inside[where] += len(specimens)
            where = stock.all[where].parent
    carries, left = fit(stock, tank, inside)
    return Plan(tank, tuple(carries), tuple(left), dict(n_inside))


def _find_taken(books: Books, now_ms: int, box: int) -> set[int]:
    """Positions of a box that cannot be used."""
    held = {one.place for one in books.list_holds([box], now_ms)}
    return held | {place for _, place in books.list_taken([box])}


def list_lines(books: Books, plan: Plan) -> list[Line]:
    """The pick list of a plan."""
    steps = [_to_step(0, n, one) for n, one in enumerate(plan.carries, 1)]
    return write_lines(books, steps, plan.n_inside)


def write_lines(books: Books, steps: Iterable[Step], n_inside: dict[int, int]) -> list[Line]:
    """Steps in the words of those who carry."""
    listed = list(steps)
    specimens = books.get_specimens(one.specimen for one in listed if one.specimen is not None)
    containers = books.get_containers(
        {*(one.container for one in listed if one.container is not None), *(one.parent for one in listed)}
    )
    sources = {one.parent for one in containers.values()} | {one.box for one in specimens.values()}
    containers |= books.get_containers(one for one in sources if one is not None and one not in containers)
    lines = []
    for step in listed:
        into = containers[step.parent]
        if step.container is not None:
            moved = containers[step.container]
            what, kind, source = moved.name, moved.kind, moved.parent
            n = n_inside.get(moved.id, 0)
        else:
            assert step.specimen is not None
            one = specimens[step.specimen]
            what, kind, source, n = one.barcode, "specimen", one.box, 1
        taken_from = containers[source].name if source is not None else ""
        lines.append(
            Line(
                step.n,
                what,
                kind,
                taken_from,
                into.name,
                name_place(into, step.slot),
                n,
                step.done_ms is not None,
            )
        )
    return lines


def list_open(books: Books, name: str) -> list[Line]:
    """The list of the evacuation of a tank that is under way, with what was carried; empty if none is."""
    evacuation = books.find_evacuation(get_container(books, name).id)
    if evacuation is None:
        return []
    steps = books.list_steps(evacuation.id)
    moved = {one.container for one in steps if one.container is not None}
    return write_lines(books, steps, {id_: books.compute_fill(id_, 0).n_stored for id_ in moved})


def begin_evacuation(books: Books, asked: BeginEvacuation, moment: Moment) -> Decision:
    """Promise a place to everything in a tank, and let nothing new come into it."""
    tank = get_container(books, asked.tank)
    if books.find_evacuation(tank.id) is not None:
        raise ConflictError(
            code="BIO-021", where=f"tank {tank.name}", got="an evacuation that is under way", expected="none",
            fix="go on with that one, or cancel it",
        )  # fmt: skip
    plan = plan_evacuation(books, asked.tank, moment.at_ms)
    if plan.left:
        raise InfeasibleError(
            code="BIO-022", where=f"tank {tank.name}",
            got=f"{plan.n_specimens} specimens, of which {len(plan.left)} find no place "
            f"(the first is {plan.left[0].barcode})",
            expected="free places that are as cold and of the same inventory",
            fix="free positions or bring a tank into use, then begin again",
        )  # fmt: skip
    if not plan.carries:
        raise ConflictError(
            code="BIO-023", where=f"tank {tank.name}", got="an empty tank", expected="something to carry",
            fix="nothing has to be done",
        )  # fmt: skip
    id_ = books.make_number(Evacuation.TABLE)
    steps = [_to_step(id_, n, one) for n, one in enumerate(plan.carries, 1)]
    rows: list[BankRow] = [
        Evacuation(id_, tank.id, "begun", moment.at_ms),
        replace(tank, state="closed"),
        *steps,
    ]
    told = {"evacuation": id_, "steps": len(steps), "specimens": plan.n_specimens}
    event = Event("evacuation begun", container=tank.id, told=told)
    return Decision(tuple(rows), (event,), (), told)


def _to_step(evacuation: int, n: int, one: Carry) -> Step:
    container = one.what.id if isinstance(one.what, Container) else None
    specimen = one.what.id if isinstance(one.what, Specimen) else None
    return Step(evacuation, n, container, specimen, one.into.id, one.slot)


def carry_step(books: Books, asked: CarryStep, moment: Moment) -> Decision:
    """Carry one thing; the last one ends the evacuation."""
    evacuation = get_evacuation(books, asked.tank)
    step = books.find_step(evacuation.id, asked.n)
    if step is None or step.done_ms is not None:
        raise ConflictError(
            code="BIO-024", where=f"tank {asked.tank}, step {asked.n}",
            got="a step that was carried" if step else "no such step",
            expected="one that is still to be carried",
            fix="go on with the next line of the list",
        )  # fmt: skip
    into = books.get_containers([step.parent])[step.parent]
    moved = _carry_container(books, step, into, evacuation) or _carry_specimen(books, step, into)
    rows: list[BankRow] = [*moved.rows, replace(step, done_ms=moment.at_ms)]
    events = list(moved.events)
    n_left = books.count_steps_left(evacuation.id) - 1
    if n_left == 0:
        rows.append(replace(evacuation, state="done", done_ms=moment.at_ms))
        events.append(Event("evacuated", container=evacuation.tank, told={"evacuation": evacuation.id}))
    return Decision(tuple(rows), tuple(events), (), {"left": n_left})


def _carry_container(books: Books, step: Step, into: Container, evacuation: Evacuation) -> Decision | None:
    if step.container is None:
        return None
    path = books.list_path(step.container)
    if evacuation.tank not in {one.id for one in path}:
        raise ConflictError(
            code="BIO-025", where=f"container {path[-1].name}", got="one that is not in the tank any more",
            expected="one that is still there",
            fix="cancel the evacuation and begin it again: it is planned anew",
        )  # fmt: skip
    return carry(path[-1], into, step.slot)


def _carry_specimen(books: Books, step: Step, into: Container) -> Decision:
    assert step.specimen is not None
    one = books.get_specimens([step.specimen])[step.specimen]
    if one.box is None:
        raise ConflictError(
            code="BIO-026", where=f"specimen {one.barcode}",
            got=f"one that was taken out ({one.state}, {one.holder})",
            expected="one that is still in the tank",
            fix="cancel the evacuation and begin it again: it is planned anew",
        )  # fmt: skip
    return Decision((put(one, into, step.slot),), (tell_place(one, into, step.slot),))


def get_evacuation(books: Books, name: str) -> Evacuation:
    """The evacuation of a tank that is under way; `NotFoundError` BIO-027."""
    found = books.find_evacuation(get_container(books, name).id)
    if found is None:
        raise NotFoundError(
            code="BIO-027", where=f"tank {name}", got="no evacuation under way",
            expected="one that was begun", fix="begin it",
        )  # fmt: skip
    return found


def cancel_evacuation(books: Books, asked: CancelEvacuation, moment: Moment) -> Decision:
    """Leave the rest where it is; the tank may be used again."""
    evacuation = get_evacuation(books, asked.tank)
    tank = get_container(books, asked.tank)
    rows: tuple[BankRow, ...] = (
        replace(evacuation, state="cancelled", done_ms=moment.at_ms), replace(tank, state="used")
    )  # fmt: skip
    told = {"evacuation": evacuation.id, "left": books.count_steps_left(evacuation.id)}
    return Decision(rows, (Event("evacuation cancelled", container=tank.id, told=told),), (), told)


ACTS = (
    Act("bank_begin_evacuation", BeginEvacuation, begin_evacuation),
    Act("bank_carry", CarryStep, carry_step),
    Act("bank_cancel_evacuation", CancelEvacuation, cancel_evacuation),
)
