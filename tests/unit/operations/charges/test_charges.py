"""A contact is charged once, by the tariff of its day; what has none is listed, errors are reversed."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from tests.charging import TARIFFS, get_charging_house, make_contact, read
from tests.clinic import Data
from tests.live import MONDAY_MS, SOMEBODY, do, open_live

from oncopolis.foundation import ConflictError, InputError, OncopolisError
from oncopolis.operations import ACTS, VIEWS, Live
from oncopolis.operations.charges import Charge, read_claims, read_day, read_state, to_csv
from oncopolis.operations.charges.charging import price
from oncopolis.record import Act
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.fhir.validating import validate
from oncopolis.record.store import Store

MADE = Act("C", "made for a test", SOMEBODY, "test")
MONDAY = date(2027, 3, 1)
HOUR_MS = 3_600_000


def put(store: Store, record: Data) -> None:
    store.submit(lambda tx: tx.put(record), MADE).result()


@pytest.fixture
def live(store: Store) -> Live:
    put(store, {"resourceType": "Organization", "id": "centre"})
    for patient in ("p1", "p2"):
        put(store, {"resourceType": "Patient", "id": patient, "active": True})
    return open_live(store, VIEWS, get_charging_house())


def serve(live: Live, id_: str, patient: str = "p1", activity: str = "consult") -> Charge | None:
    """Let somebody be served to the end; what that costs."""
    for view in make_contact(id_, patient, activity):
        put(live.store, view.to_record())
    act(live, "finish", contact=id_)
    return next((one for one in list_charges(live) if one.encounter == id_), None)


def act(live: Live, name: str, hours: int = 0, **said: Any) -> dict[str, Any]:
    return do(live, ACTS[name], said, MONDAY_MS + hours * HOUR_MS)


def list_charges(live: Live) -> list[Charge]:
    return live.store.ask(lambda reading: read_day(MONDAY, reading))


def test_what_ends_is_charged_with_it_and_rounded_once(live: Live, store: Store) -> None:
    charge = serve(live, "c1")
    assert charge is not None
    assert (charge.code, charge.net, charge.patient_part) == ("A1", Decimal("100.25"), Decimal("10.03"))
    assert charge.payer_part == Decimal("90.22")
    body = find_resource(store.read("ChargeItem", charge.id)) or {}
    assert not [one for one in validate(body) if one.severity == "error"]
    assert Charge.from_record(body) == charge
    assert charge.to_record() | {"meta": None} == body | {"meta": None}


def test_ended_again_it_is_not_charged_again(live: Live) -> None:
    serve(live, "c1")
    act(live, "finish", contact="c1")
    assert len(list_charges(live)) == 1


def test_what_is_free_is_not_charged_and_what_has_no_tariff_is_listed(live: Live) -> None:
    assert serve(live, "c1", activity="fraction") is None
    charge = serve(live, "c2", activity="operation")
    assert charge is not None
    assert (charge.state, charge.price) == ("unpriced", None)
    assert [one.id for one in live.store.ask(lambda reading: read_state("unpriced", reading))] == [charge.id]
    with pytest.raises(InputError) as refused:
        act(live, "price_charge", charge=charge.id)
    assert refused.value.code == "OPS-461"


def test_a_stay_is_charged_by_its_days(live: Live) -> None:
    charge = Charge("s-c", "p1", "s", "stay", MONDAY, MONDAY_MS, "state", 3, "unpriced")
    priced = price(get_charging_house(), charge)
    assert (priced.net, priced.quantity) == (Decimal("1000.01"), 3)


def test_who_pays_for_a_patient_decides_the_tariff(live: Live) -> None:
    act(live, "set_payer", patient="p2", payer="patient")
    charge = serve(live, "c2", "p2")
    assert charge is not None
    assert (charge.code, charge.patient_part, charge.payer_part) == ("P1", Decimal("250.00"), Decimal("0.00"))
    with pytest.raises(InputError) as refused:
        act(live, "set_payer", patient="p2", payer="nobody")
    assert refused.value.code == "OPS-460"


def test_what_is_taken_back_before_a_claim_is_on_none(live: Live) -> None:
    charge = serve(live, "c1")
    assert charge is not None
    act(live, "reverse_charge", 1, charge=charge.id, reason="wrong patient")
    assert sum((one.net for one in list_charges(live)), Decimal(0)) == 0
    assert act(live, "make_claims", 2, payer="state", until="2027-03-01")["charges"] == 0
    with pytest.raises(ConflictError) as again:
        act(live, "reverse_charge", 3, charge=charge.id, reason="once more")
    assert again.value.code == "OPS-462"


def test_claims_hold_each_charge_once_and_reversals_follow_on_the_next(live: Live, store: Store) -> None:
    for id_, patient in (("c1", "p1"), ("c2", "p2"), ("c3", "p1")):
        serve(live, id_, patient)
    made = act(live, "make_claims", 1, payer="state", until="2027-03-01")
    assert (len(made["claims"]), made["charges"], made["left"]) == (2, 3, 0)
    assert act(live, "make_claims", 2, payer="state", until="2027-03-01")["charges"] == 0
    claims = store.ask(lambda reading: read_claims("state", reading))
    assert sum(one["total"]["value"] for one in claims) == 3 * Decimal("90.22")
    assert not [one for claim in claims for one in validate(claim) if one.severity == "error"]
    act(live, "reverse_charge", 3, charge="c1-c", reason="was never there")
    assert act(live, "make_claims", 4, payer="state", until="2027-03-01")["charges"] == 1
    claims = store.ask(lambda reading: read_claims("state", reading))
    rows = list(csv.DictReader(StringIO(to_csv(claims))))
    assert sum(Decimal(row["payer_part"]) for row in rows) == 2 * Decimal("90.22")
    assert len({row["charge"] for row in rows}) == len(rows) == 4


def test_claims_are_made_a_part_at_a_time(live: Live) -> None:
    for id_ in ("c1", "c2"):
        serve(live, id_)
    made = act(live, "make_claims", 1, payer="state", until="2027-03-01", at_most=1)
    assert (made["charges"], made["left"]) == (1, 1)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"tariffs": [TARIFFS["tariffs"][0], TARIFFS["tariffs"][0] | {"code": "X"}]}, "overlaps"),
        ({"tariffs": [TARIFFS["tariffs"][0] | {"activity": "dance"}]}, "dance"),
        ({"tariffs": [TARIFFS["tariffs"][0] | {"payer": "nobody"}]}, "nobody"),
        ({"tariffs": [TARIFFS["tariffs"][0] | {"price": "-1"}]}, "greater"),
        ({"tariffs": [TARIFFS["tariffs"][0] | {"price": "NaN"}]}, "finite"),
        ({"tariffs": [TARIFFS["tariffs"][0] | {"valid_to": "2020-01-01"}]}, "valid_to"),
        ({"default_payer": "nobody"}, "nobody"),
        ({"free": ["dance"]}, "dance"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_tariffs_that_cannot_be_are_refused(more: Data, says: str) -> None:
    with pytest.raises(OncopolisError) as refused:
        read(TARIFFS | more)
    assert says in str(refused.value)


def test_a_price_holds_on_its_days() -> None:
    tariffs = read(TARIFFS)
    found = [tariffs.find("consult", "state", date(year, 12, 31)) for year in (2025, 2027, 2028)]
    assert [one and one.code for one in found] == [None, "A1", "A2"]
