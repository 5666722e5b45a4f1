"""A contact or stay that ends is charged in the same act, once: by the tariff of its day, or for pricing."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.charges.views import Charge
from oncopolis.operations.deciding import Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.wards.views import Stay
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store.reading import Reading

COVERAGE: Final = "Coverage"
PAYER: Final = "urn:oncopolis:payer"


def charge_ended(floor: Floor, decision: Decision, moment: Moment) -> Decision:
    """Return a decision with the charges of the contacts and stays that end by it."""
    if not floor.house.tariffs.is_used:
        return decision
    charges = [
        charge for ended in _list_ended(decision) if (charge := _charge(floor, ended, moment)) is not None
    ]
    return decision + Decision(tuple(charges)) if charges else decision


def name_charge(encounter: str) -> str:
    """Return the id of the charge of a contact or stay: there is one, whoever asks how often."""
    return f"{encounter}-c"


def _list_ended(decision: Decision) -> Iterator[Contact | Stay]:
    for view in decision.puts:
        is_contact = isinstance(view, Contact) and view.end == "done"
        is_stay = isinstance(view, Stay) and view.end is not None and view.came_ms is not None
        if isinstance(view, Contact | Stay) and (is_contact or is_stay):
            yield view


def _charge(floor: Floor, ended: Contact | Stay, moment: Moment) -> Charge | None:
    house = floor.house
    id_ = name_charge(ended.id)
    if ended.activity in house.tariffs.free or floor.look(partial(_is_there, id_), otherwise=False):
        return None
    at_ms = (ended.end_ms if isinstance(ended, Contact) else ended.left_ms) or moment.at_ms
    charge = Charge(
        id=id_,
        patient=ended.patient,
        encounter=ended.id,
        activity=ended.activity,
        day=house.to_local(at_ms).date(),
        at_ms=at_ms,
        payer=find_payer(floor, ended.patient),
        quantity=_count(house, ended),
        state="unpriced",
    )
    return price(house, charge)


def price(house: House, charge: Charge) -> Charge:
    """Return a charge with the price of its day; as it was if no tariff is known."""
    tariff = house.tariffs.find(charge.activity, charge.payer, charge.day)
    if tariff is None:
        return charge
    quantity = charge.quantity if tariff.per == "day" else 1
    amounts = house.tariffs.compute(tariff.price, quantity, tariff.patient_share)
    return replace(
        charge, quantity=quantity, state="billable", code=tariff.code, currency=house.tariffs.currency,
        price=tariff.price, net=amounts.net, patient_part=amounts.patient,
    )  # fmt: skip


def find_payer(floor: Floor, patient: str) -> str:
    """Return who pays for a patient: what was said of them, else the payer of most."""
    tariffs = floor.house.tariffs
    found = floor.look(partial(_read_payer, patient), "")
    return found if found in tariffs.payers else tariffs.default_payer


def _count(house: House, ended: Contact | Stay) -> int:
    """Return 1 for a contact; for a stay the days it touched less the last one, at least one."""
    if isinstance(ended, Contact):
        return 1
    edges = [house.to_local(one).date() for one in (ended.came_ms, ended.left_ms) if one is not None]
    return max(1, (edges[-1] - edges[0]).days)


def _is_there(id_: str, reading: Reading) -> bool:
    return reading.read("ChargeItem", id_) is not None


def _read_payer(patient: str, reading: Reading) -> str:
    record: dict[str, Any] = find_resource(reading.read(COVERAGE, patient)) or {}
    payors = (one.get("identifier", {}) for one in record.get("payor", ()))
    return next((str(one.get("value", "")) for one in payors if one.get("system") == PAYER), "")
