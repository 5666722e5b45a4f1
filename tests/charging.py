"""A clinic with tariffs, and contacts that end in it."""

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from tests.clinic import Data
from tests.live import MONDAY_MS, get_house

from oncopolis.operations import House, make_house
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.house.tariffs import Tariffs, read_tariffs

TARIFFS: Data = {
    "currency": "UZS",
    "digits": 2,
    "payers": {"state": "State budget", "patient": "Patient"},
    "default_payer": "state",
    "free": ["fraction"],
    "tariffs": [
        {
            "code": "A1", "activity": "consult", "payer": "state", "price": "100.25", "patient_share": "0.1",
            "valid_from": "2026-01-01", "valid_to": "2027-12-31",
        },
        {"code": "A2", "activity": "consult", "payer": "state", "price": "120", "valid_from": "2028-01-01"},
        {
            "code": "P1", "activity": "consult", "payer": "patient", "price": "250", "patient_share": "1",
            "valid_from": "2026-01-01",
        },
        {
            "code": "B1", "activity": "stay", "payer": "state", "price": "333.335", "per": "day",
            "valid_from": "2026-01-01",
        },
    ],
}  # fmt: skip
ACTIVITIES = ("consult", "stay", "fraction", "operation")


def read(said: Data) -> Tariffs:
    """Tariffs from a file that says this."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "charges.yaml").write_text(yaml.safe_dump(said), "utf-8")
        return read_tariffs(Path(folder), ACTIVITIES)


@cache
def get_charging_house() -> House:
    """The small clinic with tariffs."""
    house = make_house(get_house().equipped)
    house.__dict__["tariffs"] = read(TARIFFS)
    return house


def make_contact(id_: str, patient: str = "p1", activity: str = "consult") -> tuple[Visit, Contact]:
    """Somebody who is being served."""
    visit = Visit(f"v-{id_}", patient, date(2027, 3, 1), "A1", "outpatient", MONDAY_MS)
    contact = Contact(
        id=id_, patient=patient, visit=visit.id, activity=activity, area="outpatient", number="A1",
        priority=5, order_ms=MONDAY_MS, asked_ms=MONDAY_MS, state="served", start_ms=MONDAY_MS,
    )  # fmt: skip
    return visit, contact
