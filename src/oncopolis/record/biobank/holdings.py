"""What can be asked about places and what is in them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from oncopolis.record.biobank.places import Container, Hold
from oncopolis.record.biobank.rows import part, select, select_in
from oncopolis.record.biobank.specimens import Specimen
from oncopolis.record.store.session import Session

LAST = "\U0010ffff"
"""A letter after which none comes."""
_WITHIN = (
    "WITH RECURSIVE inside (id) AS (SELECT id FROM bank_container WHERE id = ? "
    "UNION ALL SELECT c.id FROM bank_container c JOIN inside i ON c.parent = i.id) "
)


@dataclass(frozen=True, slots=True)
class Fill:
    """How full a container is, counting what is in the containers in it.

    Parameters
    ----------
    n_places
        Positions for specimens.
    n_stored, n_held
        Positions that are taken, and that are reserved or blocked.
    """

    id: int
    name: str
    kind: str
    n_places: int
    n_stored: int
    n_held: int

    @property
    def n_free(self) -> int:
        """Positions that something can be put in."""
        return self.n_places - self.n_stored - self.n_held


class Holdings:
    """Places and specimens as one session sees them."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def make_number(self, table: str) -> int:
        """The next number of a table; nobody else's, since the transaction is alone or is run again."""
        sql = f"SELECT COALESCE(max(id), 0) + 1 FROM {table}"  # noqa: S608 - names of the tables
        return int(self.session.query(sql)[0][0])

    def find_container(self, name: str) -> Container | None:
        """The container with a name."""
        return next(iter(select(self.session, Container, "t.name = ?", (name,))), None)

    def list_named(self, names: Iterable[str]) -> list[Container]:
        """Those containers of these names that are known."""
        return select_in(self.session, Container, "name", names)

    def list_like(self, part: str, holds: str | None, limit: int) -> list[Container]:
        """Containers whose name has a part, of what holds that if it is said; those in use first."""
        where, values = "lower(t.name) LIKE lower(?) ESCAPE '!'", [f"%{_escape(part)}%"]
        if holds is not None:
            where, values = f"{where} AND t.holds = ?", [*values, holds]
        order = "ORDER BY t.state DESC, t.name LIMIT ?"
        return select(self.session, Container, where, [*values, limit], order)

    def list_begun(self, start: str, limit: int) -> list[Specimen]:
        """Specimens whose barcode begins so, by barcode."""
        where = "t.barcode >= ? AND t.barcode < ?"
        values = [start, start + LAST, limit]
        return select(self.session, Specimen, where, values, "ORDER BY t.barcode LIMIT ?")

    def get_containers(self, ids: Iterable[int]) -> dict[int, Container]:
        """Containers by number."""
        return {one.id: one for one in select_in(self.session, Container, "id", ids)}

    def list_kind(self, kind: str) -> list[Container]:
        """All containers of a kind, such as the tanks, by number."""
        return select(self.session, Container, "t.kind = ?", (kind,), "ORDER BY t.id")

    def list_all_containers(self) -> list[Container]:
        """Everything that holds something, by number."""
        return select(self.session, Container, "1 = 1", (), "ORDER BY t.id")

    def list_children(self, id_: int) -> list[Container]:
        """What stands directly in a container, by place."""
        return select(self.session, Container, "t.parent = ?", (id_,), "ORDER BY t.slot")

    def list_within(self, id_: int) -> list[Container]:
        """A container and all containers in it, at whatever depth."""
        return select(
            self.session,
            Container,
            f"t.id IN ({_WITHIN} SELECT id FROM inside)",  # noqa: S608 - a query of ours
            (id_,),
            "ORDER BY t.parent, t.slot",
        )

    def list_path(self, id_: int) -> list[Container]:
        """A container and what it is in: the outermost first."""
        found: list[Container] = []
        next_: int | None = id_
        while next_ is not None:
            container = self.get_containers([next_])[next_]
            found.append(container)
            next_ = container.parent
        return found[::-1]

    def list_in_box(self, box: int) -> list[Specimen]:
        """Specimens of a box, by position."""
        return select(self.session, Specimen, "t.box = ?", (box,), "ORDER BY t.place")

    def find_at(self, box: int, place: int) -> Specimen | None:
        """What is in a position."""
        return next(iter(select(self.session, Specimen, "t.box = ? AND t.place = ?", (box, place))), None)

    def list_specimens_within(self, id_: int) -> list[Specimen]:
        """All specimens in a container at whatever depth: those a tank's failure would harm."""
        return list(self.walk_specimens_within(id_))

    def walk_specimens_within(self, id_: int) -> Iterator[Specimen]:
        """Yield the specimens of `list_specimens_within` box by box."""
        boxes = [one.id for one in self.list_within(id_) if one.holds == "specimens"]
        for some in part(boxes):
            marks = ", ".join("?" * len(some))
            yield from select(self.session, Specimen, f"t.box IN ({marks})", some, "ORDER BY t.box, t.place")

    def list_holds(self, boxes: Iterable[int], now_ms: int) -> list[Hold]:
        """Positions of these boxes that nothing may take now."""
        return [
            one
            for one in select_in(self.session, Hold, "box", boxes)
            if one.kind != "free" and (one.until_ms is None or one.until_ms > now_ms)
        ]

    def compute_fill(self, id_: int, now_ms: int) -> Fill:
        """How full a container is."""
        within = self.list_within(id_)
        top = next(one for one in within if one.id == id_)
        boxes = [one for one in within if one.holds == "specimens"]
        n_stored = sum(self.count_in_boxes([one.id for one in boxes]).values())
        n_held = len(self.list_holds([one.id for one in boxes], now_ms))
        return Fill(top.id, top.name, top.kind, sum(one.n_places for one in boxes), n_stored, n_held)

    def count_in_boxes(self, boxes: Iterable[int]) -> dict[int, int]:
        """How many specimens each of these boxes has."""
        found: dict[int, int] = {}
        for some in part(list(boxes)):
            marks = ", ".join("?" * len(some))
            sql = f"SELECT box, count(*) FROM bank_specimen WHERE box IN ({marks}) GROUP BY box"  # noqa: S608
            found |= dict(self.session.query(sql, some))
        return found

    def sum_up_boxes(self, boxes: Iterable[int]) -> dict[int, tuple[int, float | None, float]]:
        """How many specimens each box has, their mean quality if known, and mean ``collected_ms``."""
        found: dict[int, tuple[int, float | None, float]] = {}
        for some in part(list(boxes)):
            marks = ", ".join("?" * len(some))
            sql = (
                "SELECT box, count(*), avg(quality), avg(collected_ms) FROM bank_specimen "  # noqa: S608 - marks
                f"WHERE box IN ({marks}) GROUP BY box"
            )
            for box, n, quality, collected_ms in self.session.query(sql, some):
                found[box] = (n, None if quality is None else float(quality), float(collected_ms))
        return found

    def list_taken(self, boxes: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield the positions of these boxes that specimens are in: box and place."""
        for some in part(list(boxes)):
            marks = ", ".join("?" * len(some))
            sql = f"SELECT box, place FROM bank_specimen WHERE box IN ({marks})"  # noqa: S608 - marks
            yield from ((box, place) for box, place in self.session.query(sql, some))

    def find_specimen(self, barcode: str) -> Specimen | None:
        """The specimen with a barcode."""
        return next(iter(select(self.session, Specimen, "t.barcode = ?", (barcode,))), None)

    def get_specimens(self, ids: Iterable[int]) -> dict[int, Specimen]:
        """Specimens by number."""
        return {one.id: one for one in select_in(self.session, Specimen, "id", ids)}

    def find_barcodes(self, barcodes: Iterable[str]) -> dict[str, Specimen]:
        """Those of these barcodes that are known."""
        return {one.barcode: one for one in select_in(self.session, Specimen, "barcode", barcodes)}

    def list_aliquots(self, id_: int) -> list[Specimen]:
        """What a specimen was divided into."""
        return select(self.session, Specimen, "t.parent = ?", (id_,), "ORDER BY t.id")

    def list_tree(self, root: int) -> list[Specimen]:
        """A tissue and all that was made of it, parents before children."""
        donor = "SELECT donor FROM bank_specimen WHERE id = ?"
        return select(
            self.session, Specimen, f"t.donor = ({donor}) AND t.root = ?", (root, root), "ORDER BY t.id"
        )


def _escape(text: str) -> str:
    """Return a text as a pattern that only it fits."""
    return re.sub(r"([%_!])", r"!\1", text)
