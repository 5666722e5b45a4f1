"""The page of a specimen: what it is, where, of whom by pseudonym, what was made of it, and its custody."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.biobank.consents.scopes import Scope, to_scopes
from oncopolis.biobank.specimens.amounts import show_amount
from oncopolis.biobank.storage.geometry import name_place
from oncopolis.foundation import NotFoundError
from oncopolis.foundation.marking import mark
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Told, list_of_specimen
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.specimens import Consent, Donor, Form, Result, Specimen, Task, Unit
from oncopolis.web.live import specimen_words as words
from oncopolis.web.live.accessions import UNITS
from oncopolis.web.live.found_words import tell_found
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.tube_labels import STOCKS
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words
from oncopolis.web.pages.languages import Words

_DIGITS = 18  # structure: of the largest number of a row


@dataclass(frozen=True, slots=True)
class File:
    """All that is known of a specimen.

    Parameters
    ----------
    path
        What it is in, the outermost first; nothing if it is in no position.
    family
        The tissue it comes from and all that was made of that, parents first, each with how deep it is.
    consent
        What the donor said last, with its form; None if they never said anything.
    tasks
        What is still to be done with it.
    """

    one: Specimen
    donor: Donor
    path: Sequence[Container]
    family: Sequence[tuple[int, Specimen]]
    consent: Consent | None
    form: Form | None
    results: Sequence[Result]
    tasks: Sequence[Task]
    custody: Sequence[Told]

    @property
    def position(self) -> str:
        """What people call its position."""
        return name_place(self.path[-1], self.one.place or 0) if self.path else ""

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """What the donor agrees to now."""
        is_given = self.consent is not None and self.consent.withdrawn_ms is None
        return to_scopes(self.consent.scopes) if self.consent is not None and is_given else ()


def show_specimen(station: Station, visit: Visit) -> Response:
    """A specimen."""
    number = visit.parts["id"]
    found = biobank.Bank(station.live.store).ask(lambda books: find_file(books, number))
    if found is None:
        raise NotFoundError(
            code="WEB-370", where=f"specimen {number:.40}", got="no such specimen",
            expected="one of the biobank",
            fix="scan its label on the page of the biobank",
        )  # fmt: skip
    patients = [found.donor.patient] if found.donor.patient else []
    spoken = find_words(visit.language)
    text = spoken.text
    return show(
        station, visit, "specimen.html", patients=patients, file=found, words=words, amount=write_amount,
        stocks=STOCKS, detail=partial(write_detail, spoken),
        measured=[(one, text(label)) for one, label in words.MEASURED.items()],
        taken_by=[(one, f"{text(words.TAKEN_BY[one])} ({one})") for one in words.TAKEN_BY],
        fixed_by=[(one, f"{text(words.FIXED_BY[one])} ({one})") for one in words.FIXED_BY],
        units=[(one, one.replace("u", "µ") if one in ("ul", "ug") else one) for one in UNITS],
        part_kinds=[("", text(mark("as what they were made of")))]
        + [(code, f"{text(label)} ({code})") for code, label in words.SAMPLES.items()],
    )  # fmt: skip


def find_file(books: Books, number: str) -> File | None:
    """All that is known of the specimen with a number."""
    is_number = number.isascii() and number.isdecimal() and len(number) <= _DIGITS
    one = books.find(Specimen, int(number)) if is_number else None
    if one is None:
        return None
    consent = next(iter(books.list_consents(one.donor)), None)
    return File(
        one, books.get_donors([one.donor])[0], [] if one.box is None else books.list_path(one.box),
        sort_family(books.list_tree(one.root)), consent,
        None if consent is None else books.find(Form, consent.form), books.list_results(one.id),
        [task for task in books.list_tasks_of([one.id]) if task.state in ("open", "signed")],
        list_of_specimen(books.session, one.id),
    )  # fmt: skip


def sort_family(tree: Sequence[Specimen]) -> list[tuple[int, Specimen]]:
    """Put each specimen after its parent, with how far it is from the tissue."""
    children: dict[int | None, list[Specimen]] = {}
    for one in tree:
        children.setdefault(one.parent, []).append(one)
    found: list[tuple[int, Specimen]] = []
    waiting = [(0, one) for one in reversed(children.get(None, []))]
    while waiting:
        depth, one = waiting.pop()
        found.append((depth, one))
        waiting += [(depth + 1, child) for child in reversed(children.get(one.id, []))]
    return found


def write_amount(amount: int, unit: Unit) -> str:
    """An amount as it stands on a page."""
    return show_amount(amount, unit).replace("ul", "µl")


def write_detail(words: Words, told: dict[str, Any]) -> str:
    """What custody was told, in short: from whom to whom, where, how much, why."""
    way = " → ".join(str(told[name]) for name in ("from", "to") if told.get(name))
    said = ((name, str(told[name])) for name in ("at", "amount", "verdict", "how", "why") if told.get(name))
    others = (tell_found(words, text) if name == "verdict" else text for name, text in said)
    return " · ".join(part for part in (way, *others) if part)
