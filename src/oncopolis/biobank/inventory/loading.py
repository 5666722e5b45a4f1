"""An inventory that is made up: of any size, the same for the same seed, to show and to measure by."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from random import Random
from typing import cast

from oncopolis.biobank.consents.scopes import SCOPES, to_bits
from oncopolis.biobank.inventory.admitting import Incoming
from oncopolis.biobank.inventory.taking import Taken, take_in
from oncopolis.biobank.specimens.sprec import compute_sprec
from oncopolis.biobank.storage.building import TANK_C, Size, lay_out
from oncopolis.biobank.storage.geometry import name_place
from oncopolis.foundation import ConflictError
from oncopolis.record import Act as Audited
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.rows import add, write
from oncopolis.record.biobank.specimens import Consent, Donor, Form, Unit
from oncopolis.record.store import Store, Transaction

SITES = ("C16", "C18", "C22", "C34", "C50", "C61", "C64", "C73")
_PIECE = 50_000  # structure: specimens of a transaction
_VIALS = 6  # structure: aliquots of a tissue, of the made-up ones
_FLUID = 2
_AWAITED = 7  # structure: one in so many waits for pathology
_AGREEING, _WITHDRAWN = 0.9, 0.05  # structure: shares of the made-up donors
_MASS_UG, _VOLUME_NL = 50_000, 500_000  # structure: what is in a made-up vial
_BORN = (1930, 2000)  # structure: years of the made-up donors
_WARM_S, _COLD_S = (60, 3_600), (120, 5_400)  # structure: made-up times
_RIN = (4.0, 10.0)  # structure: made-up quality
_FIRST_MS = 1_577_836_800_000  # structure: 2020
_YEARS = 6  # structure: over which they were collected
_YEAR_MS = 31_557_600_000  # structure: milliseconds of a year
_MS = 1000  # structure: milliseconds in a second
_AGREED = to_bits(SCOPES[:3])

Say = Callable[[str, float], None]
"""Told what is done, and which share of it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was made up."""

    n_containers: int
    n_specimens: int
    n_donors: int


def load(
    store: Store,
    size: Size,
    n_specimens: int,
    seed: int,
    audited: Audited,
    say: Say = lambda _what, _share: None,
) -> Loaded:
    """Fill an empty biobank: its storage, donors who mostly agree, and so many specimens over its tanks.

    Raises
    ------
    ConflictError
        There is storage already (BIO-098), or not enough of it for so many (BIO-099).
    """
    n_free = (size.n_tanks - size.n_reserve) * size.n_vials
    if n_specimens > n_free:
        raise ConflictError(
            code="BIO-099", where="biobank", got=f"{n_specimens} specimens", expected=f"at most {n_free}",
            fix="ask for fewer, or for more tanks",
        )  # fmt: skip
    containers = build(store, size, audited)
    boxes = [one for one in containers if one.holds == "specimens"]
    rows = make_rows(boxes, spread_evenly(len(boxes), n_specimens), seed)
    n = n_donors = 0
    for taken in fill(store, rows, _PIECE, audited):
        n, n_donors = n + taken.n_specimens, n_donors + taken.n_donors
        say(f"{n} specimens", n / n_specimens)
    agree(store, seed, audited)
    return Loaded(len(containers), n, n_donors)


def build(store: Store, size: Size, audited: Audited) -> list[Container]:
    """Build the storage of an empty biobank; `ConflictError` BIO-098 if there is any."""
    containers = lay_out(size)
    store.submit(partial(_build, containers), audited).result()
    return containers


def fill(store: Store, rows: Iterator[Incoming], n_together: int, audited: Audited) -> Iterator[Taken]:
    """Take rows in, so many in a transaction, and yield what each took."""
    while piece := list(islice(rows, n_together)):
        yield store.submit(partial(_take, piece, audited.who.name or audited.who.id), audited).result()


def agree(store: Store, seed: int, audited: Audited) -> None:
    """Let most donors agree to research, and some of them take it back."""
    store.submit(partial(_agree, seed), audited).result()


def spread_evenly(n_boxes: int, n_specimens: int) -> Iterator[int]:
    """Yield how many specimens each box gets: the same share, as long as there are any."""
    a_box = -(-n_specimens // n_boxes)
    for box in range(n_boxes):
        yield max(0, min(a_box, n_specimens - box * a_box))


def _build(containers: Sequence[Container], transaction: Transaction) -> None:
    books = Books(transaction.session)
    if books.make_number(Container.TABLE) > 1:
        raise ConflictError(
            code="BIO-098", where="biobank", got="storage that is there", expected="an empty biobank",
            fix="use another database",
        )  # fmt: skip
    events = [
        Event("added", container=one.id, told={"name": one.name, "parent": one.parent, "slot": one.slot})
        for one in containers
    ]
    write(transaction.session, [], events, transaction.now_ms, "load")
    add(transaction.session, list(containers), len(events))


def _take(piece: Sequence[Incoming], who: str, transaction: Transaction) -> Taken:
    return take_in(transaction, piece, transaction.now_ms, who)


def _agree(seed: int, transaction: Transaction) -> None:
    books, draw = Books(transaction.session), Random(seed)  # noqa: S311 - made up
    now_ms = transaction.now_ms
    form = Form(books.make_number(Form.TABLE), "broad consent", 1, _AGREED, sha256(b"").hexdigest(), 0)
    numbers = books.make_numbers(Consent)
    consents = [
        Consent(next(numbers), donor, form.id, _AGREED, 0, now_ms if draw.random() < _WITHDRAWN else None)
        for donor in range(1, books.make_number(Donor.TABLE))
        if draw.random() < _AGREEING
    ]
    end = write(transaction.session, [form], [Event("form", container=0)], now_ms, "load")
    add(transaction.session, consents, end)


@dataclass(slots=True)
class _Tissue:
    """What the vials of one made-up tissue have in common."""

    donor: str
    site: str
    sex: str
    born: int
    collected_ms: int
    warm_s: int
    cold_s: int
    quality: float


def _draw_tissue(draw: Random, donor: int, before: _Tissue | None) -> _Tissue:
    """A tissue of a donor; the second one has the organ and the donor of the first."""
    name = f"D{donor:08d}"
    same = before if before is not None and before.donor == name else None
    return _Tissue(
        name,
        same.site if same else draw.choice(SITES),
        same.sex if same else draw.choice(("female", "male")),
        same.born if same else draw.randrange(*_BORN),
        int(_FIRST_MS + draw.random() * _YEARS * _YEAR_MS),
        draw.randrange(*_WARM_S),
        draw.randrange(*_COLD_S),
        round(draw.uniform(*_RIN), 1),
    )


def make_rows(boxes: Sequence[Container], counts: Iterable[int], seed: int) -> Iterator[Incoming]:
    """Specimens of donors with two tissues each, every tissue divided into vials that stand side by side.

    The tissue itself was used up and is not a row.

    Parameters
    ----------
    counts
        How many are in each box.
    """
    draw = Random(seed)  # noqa: S311 - made up
    made = 0
    tissue: _Tissue | None = None
    for box, n in zip(boxes, counts, strict=True):
        for place in range(min(n, box.n_places)):
            if tissue is None or made % _VIALS == 0:
                tissue = _draw_tissue(draw, made // (2 * _VIALS), tissue)
            yield _make_row(made, tissue, box, place)
            made += 1


def _make_row(n: int, tissue: _Tissue, box: Container, place: int) -> Incoming:
    is_solid = n % _VIALS < _VIALS - _FLUID
    kind, amount, unit = ("TIS", _MASS_UG, "ug") if is_solid else ("PL1", _VOLUME_NL, "nl")
    return Incoming(
        n + 1, f"V{n + 1:09d}", tissue.donor, "", box.name, name_place(box, place), kind, tissue.site,
        f"{tissue.site}.9", tissue.collected_ms, tissue.collected_ms + tissue.cold_s * _MS, amount,
        cast("Unit", unit), review="surplus" if (n + 1) % _AWAITED else "awaited", warm_s=tissue.warm_s,
        cold_s=tissue.cold_s, quality=tissue.quality, sex=tissue.sex, birth_year=tissue.born,
        sprec=compute_sprec(kind, "SRG", tissue.warm_s, tissue.cold_s, "SNP", None, TANK_C),
    )  # fmt: skip
