"""Containers: added, moved with what is in them, closed; positions reserved and blocked."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.storage.asking import AddContainer, CloseContainer, HoldPlace, MoveContainer
from oncopolis.biobank.storage.finding import get_box, get_container
from oncopolis.biobank.storage.geometry import name_place, read_place
from oncopolis.biobank.storage.placing import check_not_warmer, check_promised
from oncopolis.foundation import ConflictError, InputError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.places import Container, Hold


def add_container(books: Books, asked: AddContainer, moment: Moment) -> Decision:  # noqa: ARG001
    """Add something that holds specimens or containers."""
    made = Container(
        books.make_number(Container.TABLE), asked.name, asked.kind, None, None, asked.layout, asked.n_rows,
        asked.n_columns, asked.holds, asked.inventory, asked.temperature_c, int(asked.is_reserve), "used",
        asked.x_m, asked.y_m,
    )  # fmt: skip
    if asked.parent is not None:
        parent = get_container(books, asked.parent)
        made = replace(made, parent=parent.id, slot=_find_slot(books, parent, asked.slot, made))
    told = {"name": made.name, "parent": made.parent, "slot": made.slot}
    return Decision((made,), (Event("added", container=made.id, told=told),), (), {"container": made.id})


def move_container(books: Books, asked: MoveContainer, moment: Moment) -> Decision:  # noqa: ARG001
    """Carry a container with all that is in it to another place."""
    moved, parent = get_container(books, asked.name), get_container(books, asked.parent)
    if moved.id in {one.id for one in books.list_path(parent.id)}:
        raise InputError(
            code="BIO-015", where=f"container {moved.name}", got=f"a place in {parent.name}, which is in it",
            expected="a place outside of it", fix="choose another place",
        )  # fmt: skip
    check_not_warmer(books, f"container {moved.name}", moved.id, parent.id)
    slot = _find_slot(books, parent, asked.slot, moved)
    return carry(moved, parent, slot)


def carry(moved: Container, parent: Container, slot: int) -> Decision:
    """Let a container be in another place."""
    told = {"parent": parent.id, "slot": slot, "at": f"{parent.name} {name_place(parent, slot)}"}
    after = replace(moved, parent=parent.id, slot=slot)
    event = Event("moved", container=moved.id, told=told)
    return Decision((after,), (event,), (), {"position": name_place(parent, slot)})


def _find_slot(books: Books, parent: Container, text: str | None, moved: Container) -> int:
    """The place in a parent that was asked for, or the first that is free."""
    if parent.holds != "containers":
        raise InputError(
            code="BIO-016", where=f"container {moved.name}", got=f"{parent.name}, which holds specimens",
            expected="something that holds containers", fix="choose what the container stands in",
        )  # fmt: skip
    if parent.state != "used":
        raise ConflictError(
            code="BIO-017", where=f"container {parent.name}", got="closed", expected="one in use",
            fix="choose another, or open it",
        )  # fmt: skip
    check_same_inventory(moved, parent)
    taken = {one.slot for one in books.list_children(parent.id) if one.id != moved.id}
    taken |= {slot for _, slot in books.list_promised([parent.id])}
    if text is not None:
        slot = read_place(parent, text, f"container {moved.name}, {parent.name}")
        if slot not in taken:
            return slot
    else:
        free = next((slot for slot in range(parent.n_places) if slot not in taken), None)
        if free is not None:
            return free
    taken_up = "a place that is taken, or promised to an evacuation"
    got = taken_up if text else f"{parent.n_places} places, all taken"
    raise ConflictError(
        code="BIO-018", where=f"{parent.name} {text or ''}".strip(), got=got,
        expected="a free place", fix="choose another",
    )  # fmt: skip


def check_same_inventory(moved: Container, parent: Container) -> None:
    """Refuse to put a tank's content into one of another inventory; sites and rooms may have several."""
    if parent.kind not in ("site", "room") and moved.inventory != parent.inventory:
        raise InputError(
            code="BIO-019", where=f"container {moved.name}",
            got=f"{moved.inventory} storage in {parent.name}",
            expected=f"{parent.inventory} storage: inventories are never mixed",
            fix=f"choose a place of the {moved.inventory} inventory",
        )  # fmt: skip


def close_container(books: Books, asked: CloseContainer, moment: Moment) -> Decision:  # noqa: ARG001
    """Let nothing new be put in, or let it again; `ConflictError` BIO-221 for a tank, which is inspected."""
    found = get_container(books, asked.name)
    if found.kind == "tank" and not asked.is_closed:
        raise ConflictError(
            code="BIO-221", where=f"container {found.name}", got="a tank that nobody has inspected",
            expected="one that was inspected", fix="inspect it, and say what was found with `bank_open_tank`",
        )  # fmt: skip
    state = "closed" if asked.is_closed else "used"
    return Decision(
        (replace(found, state=state),), (Event(state, container=found.id, told={"why": asked.reason}),)
    )


def hold_places(books: Books, asked: HoldPlace, moment: Moment) -> Decision:
    """Reserve, block or free positions: some of a box, or all that are empty of what is named."""
    named = get_container(books, asked.box)
    if asked.positions:
        box = get_box(books, asked.box)
        chosen = {box.id: {read_place(box, one) for one in asked.positions}}
        _check_empty(books, box, chosen[box.id], asked.kind)
    else:
        boxes = [one for one in books.list_within(named.id) if one.holds == "specimens"]
        chosen = _find_empty(books, boxes, asked.kind, moment.at_ms)
    rows = tuple(
        Hold(box_id, place, asked.kind, asked.reason, asked.until_ms)
        for box_id, places in chosen.items() for place in sorted(places)
    )  # fmt: skip
    if not rows:
        raise ConflictError(
            code="BIO-223", where=f"container {named.name}",
            got="no position that is held" if asked.kind == "free" else "no position that is empty",
            expected="at least one", fix="choose another box",
        )  # fmt: skip
    told: dict[str, object] = {"at": named.name, "n": len(rows), "why": asked.reason}
    if asked.positions:
        told["at"] = ", ".join(f"{named.name} {name_place(named, row.place)}" for row in rows)
    event = Event(asked.kind, container=named.id, told=told)
    return Decision(rows, (event,), (), {"positions": len(rows)})


def _check_empty(books: Books, box: Container, places: Collection[int], kind: str) -> None:
    """Refuse to hold a position that something stands in, or that an evacuation needs."""
    if kind == "free":
        return
    there = next((one for one in books.list_in_box(box.id) if one.place in places), None)
    if there is not None:
        raise ConflictError(
            code="BIO-020", where=f"{box.name} {name_place(box, there.place or 0)}",
            got=f"a position with {there.barcode}", expected="a free position",
            fix="move what is there first",
        )  # fmt: skip
    check_promised(books, box, places)


def _find_empty(books: Books, boxes: Sequence[Container], kind: str, now_ms: int) -> dict[int, set[int]]:
    """Return the positions of each box that are meant by all of it: to be freed those that are held."""
    held: dict[int, set[int]] = {one.id: set() for one in boxes}
    for hold in books.list_holds(held, now_ms):
        held[hold.box].add(hold.place)
    if kind == "free":
        return {box: places for box, places in held.items() if places}
    for box, place in books.list_promised(held):
        held[box].add(place)
    return {
        one.id: set(range(one.n_places)) - held[one.id] - {there.place for there in books.list_in_box(one.id)}
        for one in boxes
    }


ACTS = (
    Act("bank_add_container", AddContainer, add_container),
    Act("bank_move_container", MoveContainer, move_container),
    Act("bank_close_container", CloseContainer, close_container),
    Act("bank_hold", HoldPlace, hold_places),
)
