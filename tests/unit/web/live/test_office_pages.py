"""Charges and notifications from their pages: claimed and taken back; told to a registry, and sent back."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.charging import get_charging_house, make_contact
from tests.doors import cheap_hashes
from tests.staff import Centre, Staff, open_centre

from oncopolis.operations import make_wish
from oncopolis.record import Act, Who
from oncopolis.web.live.charge_words import DONE as CHARGED
from oncopolis.web.live.notification_words import DONE as NOTIFIED

CHARGES, NOTIFICATIONS = "/live/charges", "/live/notifications"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    with cheap_hashes(monkeypatch), open_centre(tmp_path, house=get_charging_house()) as opened:
        opened.add_patient("a", "Karimova", "Malika")
        opened.add_account("desk", "registrar", "registry_officer")
        yield opened


def press(desk: Staff, page: str, act: str, **said: str) -> str:
    answer = desk.press(page, f"/live/acts/{act}", said)
    assert answer.status_code == 303, answer.text
    return desk.get(answer.headers["location"]).text


def serve(centre: Centre, id_: str, activity: str) -> None:
    for view in make_contact(id_, "a", activity):
        centre.put(view.to_record())
    centre.do("finish", contact=id_)


def treat(centre: Centre, act: str, **said: Any) -> dict[str, Any]:
    audited = Act("E", act, Who("Practitioner", "doctor"), "test")
    return centre.live.perform(make_wish(act, said, audited)).result()


def test_a_day_is_charged_claimed_and_put_right(office: Centre) -> None:
    serve(office, "c1", "consult")
    serve(office, "c2", "operation")
    desk = office.open_browser("desk")
    page = desk.get(CHARGES).text
    assert "90.22 UZS" in page
    assert "1 lines; patients pay 10.03 UZS" in page
    assert "no tariff known" in page
    assert CHARGED["make_claims"] in press(desk, CHARGES, "make_claims", payer="state", until="2027-03-01")
    rows = desk.get(f"{CHARGES}/claims.csv?payer=state").text.splitlines()
    assert len(rows) == 2
    assert ",90.22,UZS,c1-c" in rows[1]
    assert CHARGED["reverse_charge"] in press(desk, CHARGES, "reverse_charge", reason="wrong patient")
    assert "0.00 UZS" in desk.get(CHARGES).text
    assert desk.get(f"{CHARGES}?day=2027-02-30").status_code == 400


def test_a_cancer_is_notified_and_sent_back(office: Centre) -> None:
    treat(
        office, "record_diagnosis", patient="a", icd10="C50.9", topography="C50.4", morphology="8500/3",
        day="2027-02-20", basis="7",
    )  # fmt: skip
    desk = office.open_browser("desk")
    page = desk.get(NOTIFICATIONS).text
    assert "C50.9 · 8500/3" in page
    assert "residence" in page
    (name,) = re.findall(r'href="(/live/notifications/[^"]+/row.csv)"', page)
    row = desk.get(name)
    assert "C50.9" in row.text
    assert NOTIFIED["notify_registry"] in press(desk, NOTIFICATIONS, "notify_registry", number="77")
    assert "Everything is notified." in desk.get(NOTIFICATIONS).text
    assert "no address" in press(desk, NOTIFICATIONS, "registry_refused", reason="no address")
