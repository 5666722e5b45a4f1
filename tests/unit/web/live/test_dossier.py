"""From lists to the pages about a patient: whoever may open one is led there, nobody else."""

import pytest
from tests.staff import Centre

from oncopolis.operations import make_wish
from oncopolis.record import Act, Who

DIAGNOSES, SUMMARIES, PHONE = "/live/people/p1/diagnoses", "/live/people/p1/summaries", "/live/journeys/p1"
PERSON = 'href="/live/people/p1"'


@pytest.fixture
def order(centre: Centre) -> str:
    centre.add_patient("p1", "Karimova", "Malika")
    said = {"patient": "p1", "activity": "consult"}
    act = Act("E", "order", Who("Practitioner", "doctor"), "test")
    return str(centre.live.perform(make_wish("order", said, act)).result()["order"])


@pytest.mark.parametrize(
    ("role", "open_", "closed"),
    [
        ("physician", (DIAGNOSES, SUMMARIES, PHONE), ()),
        ("nurse", (SUMMARIES, PHONE), (DIAGNOSES,)),
        ("laboratory", (), (DIAGNOSES, SUMMARIES, PHONE)),
        ("medical_physicist", (), (DIAGNOSES, SUMMARIES, PHONE, PERSON)),
    ],
)
def test_an_order_leads_to_what_somebody_may_open(
    centre: Centre, order: str, role: str, open_: tuple[str, ...], closed: tuple[str, ...]
) -> None:
    assert order
    centre.add_account("who", role)
    browser = centre.open_browser("who")
    shown = browser.get("/live/orders").text
    assert "Karimova" in shown
    for address in open_:
        assert f'href="{address}"' in shown
    for address in closed:
        assert address not in shown


def test_the_map_of_a_ward_leads_to_the_patient(centre: Centre) -> None:
    centre.add_patient("p1", "Karimova", "Malika")
    centre.do("admit", patient="p1", activity="stay")
    centre.add_account("nurse", "nurse")
    nurse = centre.open_browser("nurse")
    shown = nurse.get("/live/wards/bed").text
    assert PERSON in shown
    assert f'href="{SUMMARIES}"' in shown
    assert "Bed 1" in shown
