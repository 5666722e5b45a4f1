"""The storage of the biobank: all tanks, and down through racks to the positions of a box."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar
from urllib.parse import quote

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.biobank.storage.filling import Position, compute_fills, map_box
from oncopolis.biobank.storage.finding import get_container
from oncopolis.biobank.storage.forecasting import Forecast, foresee
from oncopolis.biobank.storage.geometry import name_place
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.holdings import Fill
from oncopolis.record.biobank.places import Container
from oncopolis.web.live.heat import BY, LIMITS, NOTES, Cell, read_heat
from oncopolis.web.live.showing import show
from oncopolis.web.live.specimen_words import INVENTORIES, KINDS, USES
from oncopolis.web.live.station import Station
from oncopolis.web.live.tube_labels import STOCKS
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import go

HOME: Final = "/live/biobank"
_A_ROW: Final = 10  # structure: places of a cane or visotube in a row of the page
_END: Final = 5  # structure: characters of a barcode that tell it apart in its box


@dataclass(frozen=True, slots=True)
class Shown:
    """A container as its page has it.

    Parameters
    ----------
    path
        What it is in, the outermost first, and itself.
    within
        What stands in it.
    temperature_c
        What it is kept at, degrees Celsius; None if that is not known.
    rows
        Its positions, row by row, if it holds specimens.
    patients
        Whose specimens these are, as far as they are patients of the house.
    """

    path: Sequence[Container]
    within: Sequence[Container]
    fills: Mapping[int, Fill]
    temperature_c: float | None
    is_emptied: bool
    rows: Sequence[tuple[str, Sequence[Position]]] = ()
    counts: Mapping[str, int] | None = None
    patients: frozenset[str] = frozenset()

    @property
    def own(self) -> Container:
        """The container itself."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Tanks:
    """All tanks, how full they are, and which of them are being emptied."""

    all: Sequence[Container]
    fills: Mapping[int, Fill]
    emptied: frozenset[int]
    total: Fill


def show_biobank(station: Station, visit: Visit) -> Response:
    """All tanks; or what has the label somebody looks for."""
    bank, now_ms = biobank.Bank(station.live.store), station.now_ms
    wanted = visit.query.get("label", "").strip()
    if wanted and (address := bank.ask(lambda books: find_address(books, wanted))):
        return go(address)
    tanks = bank.ask(lambda books: read_tanks(books, now_ms))
    ahead = find_ahead(station, tanks)
    return show(
        station, visit, "biobank.html", tanks=tanks, wanted=wanted, write_c=write_celsius, ahead=ahead
    )


def find_address(books: Books, label: str) -> str:
    """Return where the page of a specimen or a container is; empty if nothing has that label."""
    specimen = books.find_specimen(label)
    if specimen is not None:
        return f"{HOME}/specimens/{specimen.id}"
    return "" if books.find_container(label) is None else f"{HOME}/{quote(label)}"


def read_tanks(books: Books, now_ms: int) -> Tanks:
    """Look at all tanks."""
    containers = books.list_all_containers()
    tanks = [one for one in containers if one.kind == "tank"]
    fills = compute_fills(books, containers, now_ms)
    emptied = frozenset(one.id for one in tanks if books.find_evacuation(one.id) is not None)
    in_use = [fills[one.id] for one in tanks]
    total = Fill(
        0, "", "", sum(one.n_places for one in in_use), sum(one.n_stored for one in in_use),
        sum(one.n_held for one in in_use),
    )  # fmt: skip
    return Tanks(tanks, fills, emptied, total)


def find_ahead(station: Station, tanks: Tanks) -> Forecast | None:
    """Return when the tanks are full; None while nobody knows what comes in, or there is no place."""
    intake = None if station.tanks is None else station.tanks.intake
    if intake is None:
        return None
    told = foresee(tanks.all, tanks.fills, intake, station.house.to_local(station.now_ms).date())
    return told if told.n_places else None


def show_place(station: Station, visit: Visit) -> Response:
    """A container: what stands in it, or its positions."""
    name, now_ms = visit.parts["place"], station.now_ms
    bank = biobank.Bank(station.live.store)
    shown = bank.ask(lambda books: read_place(books, name, now_ms))
    is_box = shown.own.holds == "specimens"
    by, heat = visit.query.get("by", ""), list[tuple[str, Sequence[Cell]]]()
    by = by if by in BY else next(iter(BY))
    if shown.own.kind == "tank":
        heat = bank.ask(lambda books: read_heat(books, shown.own.id, by, now_ms))
    return show(
        station, visit, "place.html", patients=shown.patients if is_box else None, shown=shown, is_box=is_box,
        write_c=write_celsius, kinds=KINDS, uses=USES, inventories=INVENTORIES, end=_END,
        slot=lambda one: name_place(shown.own, one.slot or 0), heat=heat, by=by, ways=BY, limits=LIMITS[by],
        note=NOTES[by], stocks=STOCKS,
    )  # fmt: skip


def read_place(books: Books, name: str, now_ms: int) -> Shown:
    """Look at a container."""
    own = get_container(books, name)
    path = books.list_path(own.id)
    fills = compute_fills(books, books.list_within(own.id), now_ms)
    kept = [one.temperature_c for one in path if one.temperature_c is not None]
    is_emptied = any(books.find_evacuation(one.id) is not None for one in path)
    shown = Shown(path, books.list_children(own.id), fills, kept[-1] if kept else None, is_emptied)
    if own.holds != "specimens":
        return shown
    positions = map_box(books, own, now_ms)
    donors = books.get_donors({one.specimen.donor for one in positions if one.specimen is not None})
    return Shown(
        path, (), fills, shown.temperature_c, is_emptied, lay_rows(own, positions),
        Counter(one.use for one in positions), frozenset(one.patient for one in donors if one.patient),
    )  # fmt: skip


class Named(Protocol):
    """Something with the name of a position."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...


P = TypeVar("P", bound=Named)


def lay_rows(box: Container, positions: Sequence[P]) -> list[tuple[str, Sequence[P]]]:
    """Positions row by row, each row with its letter; those of a list have no letters."""
    width = box.n_columns if box.layout == "grid" else _A_ROW
    rows = [positions[first : first + width] for first in range(0, len(positions), width)]
    return [(row[0].name.rstrip("0123456789"), row) for row in rows]


def write_celsius(celsius: float | None) -> str:
    """Return a temperature as it stands on a page."""
    return "" if celsius is None else f"{celsius:g} °C".replace("-", "\N{MINUS SIGN}")
