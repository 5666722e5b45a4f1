"""The house gives up who did not come and ends yesterday's visits by itself, once it is approved."""

from functools import partial

import pytest
from tests.live import MONDAY_MS, do, get_house
from tests.records import ACT, make_patient
from tests.waiting import ACTS, DAY_MS, HOUR_MS, MINUTE_MS, make_booking

from oncopolis.operations import Live
from oncopolis.operations.arrivals.views import Visit
from oncopolis.operations.booking.views import Booking
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.journal import list_lines
from oncopolis.web.mode import Mode, write_approval
from oncopolis.web.tidying import Tidier


@pytest.mark.parametrize("is_approved", [True, False])
def test_it_tidies_up_once_it_is_approved(store: Store, is_approved: bool) -> None:
    for record in (
        make_patient("p1"), make_patient("p2"), make_booking("b1", "p1", MONDAY_MS).to_record(),
        make_booking("b2", "p1", MONDAY_MS + HOUR_MS).to_record(),
    ):  # fmt: skip
        store.submit(partial(Transaction.put, resource=record), ACT).result()
    live = Live(store, get_house())
    live.open()
    do(live, ACTS["check_in"], {"patient": "p2", "activity": "consult"})
    now_ms = [MONDAY_MS + 61 * MINUTE_MS]
    tidier = Tidier(live, Mode(store, clock_s=iter(range(0, 1000, 10)).__next__), clock_ms=lambda: now_ms[0])
    if is_approved:
        write_approval(store, "Dr Kim", is_approved=True)
    with tidier:
        assert tidier.tidy() == is_approved
        assert tidier.tidy() == 0
        expected = ["b2"] if is_approved else ["b1", "b2"]
        assert live.ask(lambda floor: sorted(one.id for one in floor.list(Booking))) == expected
        now_ms[0] += DAY_MS
        assert tidier.tidy() == 2 * is_approved
    assert live.ask(lambda floor: len(list(floor.list(Visit)))) == 1 - is_approved
    outcomes = [line.outcome for _, line in store.ask(list_lines)]
    assert outcomes == (["no_show", "no_show", "sent_home"] if is_approved else [])
