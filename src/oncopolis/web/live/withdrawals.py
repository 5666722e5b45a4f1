"""A donor takes consent back: what follows of it, to whom something went before, and what is destroyed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.biobank.consents.agreeing import list_released
from oncopolis.biobank.consents.scopes import Scope, to_scopes
from oncopolis.biobank.storage.geometry import name_place
from oncopolis.foundation import NotFoundError, OncopolisError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.specimens import Consent, Donor, Form, Specimen, State, Task
from oncopolis.web.live.bank_acts import perform
from oncopolis.web.live.doing import add_query, may
from oncopolis.web.live.showing import show
from oncopolis.web.live.specimen_words import SCOPES, STATES
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import go

HOME: Final = "/live/biobank/withdrawals"
_SHOWN: Final = 200  # structure: tasks of a page


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a donor agreed to last, what there is of theirs, and to whom some of it went."""

    donor: Donor
    consent: Consent | None
    form: Form | None
    counts: Mapping[State, int]
    released: Sequence[Mapping[str, Any]]

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """What they agree to now."""
        is_given = self.consent is not None and self.consent.withdrawn_ms is None
        return to_scopes(self.consent.scopes) if self.consent is not None and is_given else ()


@dataclass(frozen=True, slots=True)
class Doomed:
    """A specimen that is to be destroyed, and where it is."""

    task: Task
    specimen: Specimen
    place: str


def show_withdrawals(station: Station, visit: Visit) -> Response:
    """Who a donor is by pseudonym or label, and the tasks to destroy something."""
    bank, wanted = biobank.Bank(station.live.store), visit.query.get("donor", "").strip()
    found = bank.ask(lambda books: find_agreed(books, wanted)) if wanted else None
    has_tasks = may(visit.account, "bank_sign_destruction")
    patients = [found.donor.patient] if found is not None and found.donor.patient else []
    return show(
        station, visit, "withdrawals.html", patients=patients, wanted=wanted, found=found, scopes=SCOPES,
        states=STATES, doomed=bank.ask(list_doomed) if has_tasks else (), has_tasks=has_tasks,
    )  # fmt: skip


def find_agreed(books: Books, wanted: str) -> Agreed | None:
    """Return what a donor agreed to, by pseudonym, id of the patient or the label of a specimen of theirs."""
    donor = books.find_donor(wanted) or books.find_donor_of(wanted)
    if donor is None and (specimen := books.find_specimen(wanted)) is not None:
        donor = books.get_donors([specimen.donor])[0]
    if donor is None:
        return None
    consent = next(iter(books.list_consents(donor.id)), None)
    specimens = books.list_of_donor(donor.id)
    return Agreed(
        donor, consent, None if consent is None else books.find(Form, consent.form),
        Counter(one.state for one in specimens),
        list_released(books, [one for one in specimens if one.state == "away"]),
    )  # fmt: skip


def list_doomed(books: Books) -> list[Doomed]:
    """Return what is to be destroyed, the oldest task first."""
    tasks = [one for one in books.list_tasks(("open", "signed"), _SHOWN) if one.specimen is not None]
    specimens = books.get_specimens(one.specimen for one in tasks if one.specimen is not None)
    boxes = books.get_containers({one.box for one in specimens.values() if one.box is not None})
    found = []
    for task in tasks:
        one = specimens[task.specimen or 0]
        box = boxes.get(one.box or 0)
        place = one.holder if box is None else f"{box.name} {name_place(box, one.place or 0)}"
        found.append(Doomed(task, one, place))
    return found


def take_withdrawal(station: Station, visit: Visit) -> Response:
    """Take a consent back: by the patient, so that it ends for all records of them that were merged."""
    pseudonym = visit.form.get("pseudonym", "")
    donor = biobank.Bank(station.live.store).ask(lambda books: books.find_donor(pseudonym))
    if donor is None:
        raise NotFoundError(
            code="WEB-422", where=f"donor {pseudonym:.40}", got="no such donor", expected="one that is known",
            fix="look for the donor again",
        )  # fmt: skip
    said = {"patient": donor.patient} if donor.patient else {"pseudonym": donor.pseudonym}
    back = add_query(HOME, donor=donor.pseudonym)
    try:
        perform(station, visit, "bank_withdraw", said | {"reason": visit.form.get("reason", "")})
    except OncopolisError as error:
        return go(add_query(back, told=error.code))
    return go(add_query(back, done="bank_withdraw"))
