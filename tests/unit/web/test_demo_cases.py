"""A demonstration has diagnoses, prices, and cases that a partner centre sees and answers, once."""

from functools import partial

from tests.courses import get_course_house
from tests.live import open_live
from tests.records import count_rows

from oncopolis.operations import VIEWS
from oncopolis.operations.diagnoses import Diagnosis
from oncopolis.operations.sharing import Share, read_opinions, read_partner_of, read_remarks
from oncopolis.record.accounts.desk import Desk
from oncopolis.record.accounts.managing import find_link, get_account
from oncopolis.record.accounts.signing import Seal
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store import Store
from oncopolis.web.demo.cases import make_tariffs
from oncopolis.web.demo.sharing import LOGIN, make_partner_link, share_cases


def test_one_case_waits_for_an_opinion_and_one_has_it_once(store: Store) -> None:
    live, desk = open_live(store, VIEWS, get_course_house()), Desk(store, Seal(None))
    assert make_partner_link(desk) is None
    share_cases(live, desk, "somebody")
    shares = live.ask(lambda floor: list(floor.list(Share)))
    records = [find_resource(one) or {} for one in store.list_current("Condition")]
    assert len([one for one in records if Diagnosis.is_mine(one)]) == 3
    written = [
        (len(store.ask(partial(read_remarks, one.id))), len(store.ask(partial(read_opinions, one.case))))
        for one in shares
    ]
    assert sorted(written) == [(1, 0), (2, 1)]
    assert {one.agreed_by for one in shares} == {"patient"}
    before = count_rows(store)
    share_cases(live, desk, "somebody")
    assert count_rows(store) == before


def test_its_partner_has_an_account_that_sees_shared_cases_alone(store: Store) -> None:
    live, desk = open_live(store, VIEWS, get_course_house()), Desk(store, Seal(None))
    share_cases(live, desk, "somebody")
    account = get_account(desk, LOGIN)
    assert account.roles == {"partner"}
    assert account.practitioner
    (partner,) = {one.partner for one in live.ask(lambda floor: list(floor.list(Share)))}
    assert store.ask(partial(read_partner_of, account.practitioner)) == partner
    assert not store.ask(partial(read_partner_of, "somebody"))
    link = make_partner_link(desk)
    assert link is not None
    assert find_link(desk, link.rpartition("/")[2]) == (True, account)


def test_everything_a_patient_comes_for_has_a_price() -> None:
    house = get_course_house()
    tariffs = make_tariffs(house)
    wanted = {card.id for card in house.cards.values() if card.is_contact}
    assert {activity for activity, _ in tariffs.of_activity} == wanted
