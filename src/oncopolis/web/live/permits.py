"""Permits to send specimens abroad, and what requests cost and brought in."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, Final

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.biobank.requests.paying import Tariff, Use, list_uses, load_tariff
from oncopolis.foundation import NotFoundError, OncopolisError
from oncopolis.foundation.units import PERCENT
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.requests import Request
from oncopolis.web.live.bank_acts import perform
from oncopolis.web.live.doing import add_query, read_local_ms
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import go

HOME: Final = "/live/biobank/permits"
ACTS: Final = ("bank_permit", "bank_end_permit", "bank_payment")
TARIFF: Final = "biobank_tariff.yaml"
"""What the biobank's work costs, in the folder of the project."""
_NIGHT: Final = time(23, 59)  # structure: the end of the last day of a permit
_MORNING: Final = time(0)
_SHOWN: Final = 200  # structure: requests of a page


@dataclass(frozen=True, slots=True)
class Row:
    """A request with what was paid for it; ``use`` where the project says what things cost."""

    request: Request
    paid: str
    use: Use | None

    @property
    def recovered(self) -> str:
        """Share of the cost that was paid."""
        share = None if self.use is None else self.use.recovered
        return "–" if share is None else f"{share * PERCENT:.0f} %"


def show_permits(station: Station, visit: Visit) -> Response:
    """Show permits and costs."""
    fault, tariff, uses = "", None, dict[int, Use]()
    bank = biobank.Bank(station.live.store)
    try:
        tariff = find_tariff(station)
        uses = bank.ask(lambda books: list_costs(books, tariff))
    except OncopolisError as error:
        fault = f"{error.where}: {error.got}"

    def read(books: Books) -> dict[str, Any]:
        return {"permits": books.list_permits(), "rows": list_rows(books, uses)}

    return show(
        station, visit, "permits.html", **bank.ask(read), tariff=tariff, fault=fault, file=TARIFF,
        today=station.house.to_local(station.now_ms).date().isoformat(),
    )  # fmt: skip


def find_tariff(station: Station) -> Tariff | None:
    """Return the tariff of the project; None if it has none."""
    path = station.house.equipped.project.folder / TARIFF
    return load_tariff(path) if path.is_file() else None


def list_costs(books: Books, tariff: Tariff | None) -> dict[int, Use]:
    """Return what each request cost, by its number."""
    return {} if tariff is None else {one.request: one for one in list_uses(books, tariff)}


def list_rows(books: Books, uses: dict[int, Use]) -> Sequence[Row]:
    """Return the last requests with what was paid for each."""
    found = []
    for request in books.list_requests()[:_SHOWN]:
        sums: dict[str, float] = defaultdict(float)
        for one in books.list_payments(request.id):
            sums[one.currency] += one.amount
        paid = ", ".join(f"{amount:.2f} {currency}" for currency, amount in sums.items())
        found.append(Row(request, paid or "–", uses.get(request.id)))
    return found


def take_permit_act(station: Station, visit: Visit) -> Response:
    """Keep a permit, end one, or keep a payment; back to the page."""
    name = visit.parts["name"]
    if name not in ACTS:
        raise NotFoundError(
            code="WEB-441", where=f"act {name:.40}", got="no act of permits and costs",
            expected=", ".join(ACTS), fix="go back to the page",
        )  # fmt: skip
    form = visit.form
    said: dict[str, object] = {
        field: form[field].strip() for field in biobank.ACTS[name].asked.model_fields if form.get(field)
    }
    try:
        if name == "bank_permit":
            said["from_ms"] = read_local_ms(station.house, form.get("from", ""), _MORNING.isoformat())
            said["until_ms"] = read_local_ms(station.house, form.get("until", ""), _NIGHT.isoformat())
        perform(station, visit, name, said)
    except OncopolisError as error:
        return go(add_query(HOME, told=error.code))
    return go(add_query(HOME, done=name))
