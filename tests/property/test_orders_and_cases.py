"""Orders, cases and posts are kept whole in their records, and the records are what FHIR asks for."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from oncopolis.operations import View
from oncopolis.operations.board import Case
from oncopolis.operations.board.views import Postponed, Present
from oncopolis.operations.courses import Post
from oncopolis.operations.orders import Order
from oncopolis.operations.orders.tasks import make_task
from oncopolis.record.fhir.text import parse, to_text
from oncopolis.record.fhir.validating import validate

ID = st.text("AZaz09-.", min_size=1, max_size=12)
CODE = st.text("az09_", min_size=1, max_size=12)
STEP = st.text("az09_.#-", min_size=1, max_size=12)
TEXT = st.text("Aze가яқ‘’,.-|#0", min_size=1, max_size=20)
PERSON = ID.map(lambda id_: f"Practitioner/{id_}")
MS = st.integers(0, 4_000_000_000_000)
DAY = st.dates(date(2000, 1, 1), date(2099, 12, 31))
NOTHING = st.just("")

ORDERS = st.builds(
    Order, id=ID, patient=ID, activity=CODE, owner=CODE, asked_ms=MS, asked_by=PERSON,
    state=st.sampled_from(["ordered", "taken", "resulted", "seen", "revoked"]), course=ID | NOTHING,
    step=STEP | NOTHING, priority=st.integers(0, 9), by=st.none() | DAY, question=TEXT | NOTHING,
    taken_by=PERSON | NOTHING, report=ID | NOTHING, resulted_ms=st.none() | MS, reason=TEXT | NOTHING,
    rest=st.just({}),
)  # fmt: skip
CASES = st.builds(
    Case, id=ID, patient=ID, course=ID, board=CODE, day=DAY, question=TEXT | NOTHING, asked_ms=MS,
    asked_by=PERSON, state=st.sampled_from(["listed", "decided", "withdrawn"]),
    postponed=st.lists(st.builds(Postponed, DAY, TEXT), max_size=3).map(tuple),
    present=st.lists(st.builds(Present, PERSON, CODE), max_size=3).map(tuple), decided_ms=st.none() | MS,
    answers=st.lists(STEP.map(lambda step: f"{step}|gate|do"), max_size=3).map(tuple),
    summary=TEXT | NOTHING, despite=TEXT | NOTHING, reason=TEXT | NOTHING, rest=st.just({}),
)  # fmt: skip
POSTS = st.builds(Post, id=ID, practitioner=ID, role=CODE, is_open=st.booleans(), rest=st.just({}))


def check(record: dict[str, Any]) -> dict[str, Any]:
    kept = parse(to_text(record))
    errors = [one for one in validate(kept) if one.severity == "error"]
    assert not errors, errors[0]
    return kept


@settings(max_examples=40, deadline=None)
@given(view=st.one_of(ORDERS, CASES, POSTS))
def test_what_a_view_says_its_record_says(view: View) -> None:
    kept = check(view.to_record())
    assert type(view).is_mine(kept)
    again = type(view).from_record(kept)
    assert again == view
    assert again.is_open == view.is_open


@settings(max_examples=15, deadline=None)
@given(order=ORDERS, at_ms=MS)
def test_the_task_of_an_order_is_what_fhir_asks_for(order: Order, at_ms: int) -> None:
    task = check(make_task(order, at_ms))
    assert task["id"] == order.id
    assert not Case.is_mine(task)
