"""A small biobank for tests: a room, tanks, racks, boxes, and what is in them."""

from collections.abc import Sequence
from typing import Any

from oncopolis.record import Act, Who
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.rows import BankRow, write
from oncopolis.record.biobank.specimens import Donor, Specimen
from oncopolis.record.store import Store

ANNA, BEK, KIM = (Who("Practitioner", one.lower(), one) for one in ("Anna", "Bek", "Kim"))
NOON_MS = 1_803_870_000_000


def act(who: Who = ANNA) -> Act:
    return Act("E", "biobank", who, "request")


def keep(store: Store, rows: Sequence[BankRow], *events: Event, at_ms: int = NOON_MS) -> None:
    """Write rows as they are."""
    told = events or (Event("noted", container=1),)
    store.submit(lambda tx: write(tx.session, rows, told, at_ms, "anna"), act()).result()


def make_room(n_tanks: int = 2, n_boxes: int = 2) -> list[Container]:
    """A site, a room, and tanks of one rack with boxes of 2 x 3."""
    found = [
        Container(1, "site", "site", None, None, "list", 1, 1, "containers"),
        Container(2, "room", "room", 1, 0, "list", 1, 26, "containers"),
    ]
    for tank in range(n_tanks):
        first = 100 * (tank + 1)
        found.append(
            Container(
                first, f"T{tank + 1}", "tank", 2, tank, "list", 1, 2, "containers", temperature_c=-190.0
            )
        )
        found.append(
            Container(first + 1, f"T{tank + 1}-R1", "rack", first, 0, "list", 1, n_boxes + 1, "containers")
        )
        found += [
            Container(
                first + 2 + box, f"T{tank + 1}-B{box + 1}", "box", first + 1, box, "grid", 2, 3, "specimens"
            )
            for box in range(n_boxes)
        ]
    return found


def make_donor(id_: int = 1) -> Donor:
    return Donor(id_, f"D{id_:04d}", None, "female", 1970)


def make_tissue(id_: int, box: int | None = None, place: int | None = None, **more: Any) -> Specimen:
    """A frozen piece of breast of 100 mg."""
    usual: dict[str, Any] = {
        "donor": 1, "parent": None, "root": id_, "collection": "", "kind": "TIS", "site": "C50",
        "diagnosis": "C50.9", "inventory": "research", "collected_ms": NOON_MS - 3_600_000,
        "made_ms": NOON_MS - 3_600_000, "frozen_ms": NOON_MS - 3_000_000, "amount": 100_000,
        "remaining": 100_000, "unit": "ug", "review": "surplus",
        "state": "out" if box is None else "stored", "box": box, "place": place,
        "holder": "anna" if box is None else "",
    }  # fmt: skip
    return Specimen(id=id_, barcode=f"S{id_:05d}", **(usual | more))
