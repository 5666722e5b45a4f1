"""A demonstration has diagnoses, prices and a case that is shared, once."""

from tests.courses import get_course_house
from tests.live import open_live
from tests.records import count_rows

from oncopolis.operations import VIEWS
from oncopolis.operations.diagnoses import Diagnosis
from oncopolis.operations.sharing import Share
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store import Store
from oncopolis.web.demo.cases import make_tariffs, show_cases


def test_cases_are_there_once(store: Store) -> None:
    live = open_live(store, VIEWS, get_course_house())
    show_cases(live, "somebody")
    shares = live.ask(lambda floor: list(floor.list(Share)))
    records = [find_resource(one) or {} for one in store.list_current("Condition")]
    assert len([one for one in records if Diagnosis.is_mine(one)]) == 3
    assert len(shares) == 1
    before = count_rows(store)
    show_cases(live, "somebody")
    assert count_rows(store) == before


def test_everything_a_patient_comes_for_has_a_price() -> None:
    house = get_course_house()
    tariffs = make_tariffs(house)
    wanted = {card.id for card in house.cards.values() if card.is_contact}
    assert {activity for activity, _ in tariffs.of_activity} == wanted
