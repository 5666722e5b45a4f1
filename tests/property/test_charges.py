"""However often acts on charges are repeated, in whatever order: nothing is charged or claimed twice."""

from dataclasses import replace
from decimal import Decimal
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.charging import get_charging_house, make_contact
from tests.live import MONDAY_MS, make_floor, make_moment

from oncopolis.operations import Decision
from oncopolis.operations.charges import Charge, charge_ended
from oncopolis.operations.house.tariffs import Tariffs

ACTIVITIES = ("consult", "operation", "fraction")
CENTS = st.decimals(0, 10**9, places=4, allow_nan=False)


@given(
    prices=CENTS, quantity=st.integers(1, 400), share=st.decimals(0, 1, places=4), digits=st.integers(0, 4)
)
def test_what_payer_and_patient_pay_is_the_whole(
    prices: Decimal, quantity: int, share: Decimal, digits: int
) -> None:
    amounts = Tariffs(currency="UZS", digits=digits).compute(prices, quantity, share)
    unit = Decimal(1).scaleb(-digits)
    assert amounts.payer + amounts.patient == amounts.net
    assert 0 <= amounts.patient <= amounts.net
    assert abs(amounts.net - prices * quantity) <= unit / 2
    assert amounts.net % unit == 0


@settings(max_examples=50, deadline=None)
@given(
    ends=st.lists(st.integers(0, 4), max_size=12),
    activity=st.sampled_from(["consult", "operation", "fraction"]),
)
def test_a_contact_that_ends_however_often_has_one_charge(ends: list[int], activity: str) -> None:
    house = get_charging_house()
    floor, moment, charges = make_floor(house=house), make_moment(house=house), {}
    for n, at in zip(ends, count()):
        _, contact = make_contact(f"c{n}", activity=activity)
        over = replace(contact, end="done", end_ms=MONDAY_MS + at)
        for view in charge_ended(floor, Decision((over,)), moment).puts:
            if isinstance(view, Charge):
                charges[view.id] = view
    wanted = set() if activity == "fraction" else {f"c{n}-c" for n in ends}
    assert set(charges) == wanted
    assert all((one.price is None) == (activity == "operation") for one in charges.values())
