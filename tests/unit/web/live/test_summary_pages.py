"""A discharge summary drafted, written, signed and given from its page."""

from typing import Any

import pytest
from tests.staff import Centre, Staff

from oncopolis.operations import make_wish
from oncopolis.record import Act, Who
from oncopolis.web.live.summary_words import DONE, SENTENCES


@pytest.fixture
def desk(centre: Centre) -> Staff:
    centre.put({"resourceType": "Practitioner", "id": "doctor", "active": True, "name": [{"family": "Kim"}]})
    members = {"practitioner": "doctor", "clinics": frozenset({"centre"})}
    centre.add_account("desk", "physician", "nurse", **members)
    centre.add_patient("a", "Karimova", "Malika")
    centre.do("start_course", patient="a", pathway="care", by="doctor")
    return centre.open_browser("desk")


def treat(centre: Centre, act: str, **said: Any) -> dict[str, Any]:
    """Do an act as who treats."""
    audited = Act("E", act, Who("Practitioner", "doctor"), "test")
    return centre.live.perform(make_wish(act, said, audited)).result()


def press(desk: Staff, page: str, act: str, **said: str) -> str:
    answer = desk.press(page, f"/live/acts/{act}", said)
    assert answer.status_code == 303, answer.text
    return desk.get(answer.headers["location"]).text


def test_a_stay_is_summed_up_signed_and_given(centre: Centre, desk: Staff) -> None:
    stay = centre.do("admit", patient="a", activity="stay")["stay"]
    page = f"/live/stays/{stay}/summary"
    assert page in desk.get("/live/people/a/summaries").text
    assert "none yet" in desk.get("/live/people/a/summaries").text
    assert DONE["draft_summary"] in press(desk, page, "draft_summary")
    order = treat(centre, "order", patient="a", activity="operation")["order"]
    written = press(desk, page, "write_summary", course="No fever.\nWalks.", advice="Rest")
    assert "<p>No fever.</p><p>Walks.</p>" in written
    assert "Open orders and unseen results" in written
    assert SENTENCES["OPS-457"] in press(desk, page, "sign_summary")
    treat(centre, "revoke", order=order, reason="not wanted")
    signed = press(desk, page, "sign_summary")
    assert DONE["sign_summary"] in signed
    assert "Kim" in signed
    assert 'name="course"' not in signed
    assert "given to the patient" in press(desk, page, "give_summary", to="the patient")


def test_who_treats_somebody_else_reads_nothing(centre: Centre, desk: Staff) -> None:
    stay = centre.do("admit", patient="a", activity="stay")["stay"]
    press(desk, f"/live/stays/{stay}/summary", "draft_summary")
    centre.add_account("other", "physician", practitioner="other")
    other = centre.open_browser("other")
    assert "No summary yet that you may read" in other.get(f"/live/stays/{stay}/summary").text
    assert "No stay that you may read" in other.get("/live/people/a/summaries").text
