"""Shipments, withdrawals of consent and evacuations, as people do them without scripts."""

import re
from typing import Any

import httpx
import pytest
from tests.banks import ANNA, BEK, KIM, act, keep, make_donor, make_room, make_tissue
from tests.staff import Centre, Staff

from oncopolis.biobank import Bank
from oncopolis.record.biobank.rows import BankRow
from oncopolis.record.biobank.specimens import Consent, Form

HOME = "/live/biobank"
SHIPMENTS, WITHDRAWALS, EVACUATION = (
    f"{HOME}/{one}" for one in ("shipments", "withdrawals", "evacuations/T1")
)
WISH: dict[str, Any] = {
    "title": "Fusions", "applicant": "lee", "organisation": "Institute", "scopes": ["research"],
    "criteria": {}, "n_wanted": 2,
}  # fmt: skip
LOGGER = "time,celsius\n2027-03-01T12:00:00Z,-180\n2027-03-01T12:10:00Z,-140\n2027-03-01T12:30:00Z,-180\n"


@pytest.fixture
def aida(centre: Centre) -> Staff:
    """Three tissues of a patient who agrees, two of which were given out."""
    store, now_ms = centre.live.store, centre.clock.now_ms
    rows: list[BankRow] = [
        *make_room(3), make_donor(), Form(1, "broad", 1, 7, "0" * 64, 0), Consent(1, 1, 1, 3, 0),
        *(make_tissue(n, 102, n) for n in (1, 2, 3)),
    ]  # fmt: skip
    keep(store, rows, at_ms=now_ms)
    done: list[tuple[str, dict[str, Any]]] = [
        ("request", WISH),
        ("decide_request", {"verdict": "approved", "reason": "x", "mta": "MTA-7"}),
    ]
    done += [("select", {}), ("pick", {"barcode": "S00001"}), ("pick", {"barcode": "S00002"})]
    done += [("sign_release", {})]
    for name, said in done:
        of = {} if name == "request" else {"request": 1}
        who = KIM if name == "decide_request" else ANNA
        Bank(store).perform(f"bank_{name}", said | of, act(who), at_ms=now_ms).result()
    Bank(store).perform("bank_sign_release", {"request": 1}, act(BEK), at_ms=now_ms).result()
    for login in ("aida", "bek"):
        centre.add_account(login, "biobank", practitioner=login, name=login.title())
    return centre.open_browser("aida")


def post(browser: Staff, path: str, page: str, file: bytes | None = None, **fields: str) -> str:
    """Post a form of a page; where it leads."""
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get(page).text)
    assert csrf is not None
    said = {"csrf": csrf[1], "back": page, **fields}
    files = None if file is None else {"sent": ("logger.csv", file)}
    answered: httpx.Response = browser.client.post(
        path, data=said, files=files, headers={"origin": browser.base}
    )
    assert answered.status_code == 303, answered.text
    return str(answered.headers["location"])


def do(browser: Staff, name: str, page: str, **fields: str) -> str:
    return post(browser, f"{HOME}/acts/bank_{name}", page, None, **fields)


def test_a_shipment_goes_and_arrives_with_what_its_logger_saw(aida: Staff) -> None:
    assert "2 specimens" in aida.get(SHIPMENTS).text
    box = {"request": "1", "courier": "Swift", "recipient": "Lee", "highest_c": "-150"}
    assert "told=BIO-075" in do(aida, "ship", SHIPMENTS, **box, lowest_c="-100")
    assert "told=BIO-188" in do(aida, "ship", SHIPMENTS, **box, lowest_c="-200", country="KR")
    assert "done=" in do(aida, "ship", SHIPMENTS, **box, lowest_c="-200")
    shown = aida.get(SHIPMENTS).text
    assert "Nothing waits for a courier." in shown
    assert "MTA-7" in shown
    for file, code in ((b"\xff\x00", "WEB-423"), (b"x,y\nz,-1", "BIO-080"), (b"time,celsius\n", "BIO-083")):
        assert f"told={code}" in post(aida, f"{SHIPMENTS}/1", SHIPMENTS, file)
    assert "done=" in post(aida, f"{SHIPMENTS}/1", SHIPMENTS, LOGGER.encode())
    assert "outside for 20 min" in aida.get(SHIPMENTS).text
    assert "told=BIO-077" in do_again(aida)


def do_again(browser: Staff) -> str:
    """Receive the same shipment once more."""
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get(f"{HOME}/requests").text)
    assert csrf is not None
    answered = browser.client.post(
        f"{SHIPMENTS}/1", data={"csrf": csrf[1]}, files={"sent": ("l.csv", LOGGER.encode())},
        headers={"origin": browser.base},
    )  # fmt: skip
    return str(answered.headers["location"])


def test_a_withdrawal_tells_who_has_something_and_two_people_destroy_the_rest(
    centre: Centre, aida: Staff
) -> None:
    shown = aida.get(f"{WITHDRAWALS}?donor=S00003").text
    assert "Donor D0001" in shown
    assert "Institute" in shown
    page = f"{WITHDRAWALS}?donor=D0001"
    assert "done=bank_withdraw" in post(aida, WITHDRAWALS, page, pseudonym="D0001", reason="moved <away>")
    shown = aida.get(page).text
    assert "moved &lt;away&gt;" in shown
    assert "Withdraw the consent" not in shown
    assert re.findall(r'id="task-(\d+)"', shown) == ["1"]
    assert "done=" in do(aida, "sign_destruction", page, task="1")
    assert "told=BIO-074" in do(aida, "sign_destruction", page, task="1")
    assert "done=" in do(centre.open_browser("bek"), "sign_destruction", page, task="1")
    assert "Nothing is to be destroyed." in aida.get(WITHDRAWALS).text
    gone = Bank(centre.live.store).ask(lambda books: books.find_specimen("S00003"))
    assert gone is not None
    assert gone.state == "gone"
    assert "No donor is known by that." in aida.get(f"{WITHDRAWALS}?donor=nobody").text
    centre.add_account("desk", "registrar")
    assert "To be destroyed" not in centre.open_browser("desk").get(WITHDRAWALS).text


def test_an_evacuation_is_planned_carried_and_taken_up_where_it_was_left(centre: Centre, aida: Staff) -> None:
    keep(centre.live.store, [make_tissue(9, 103, 0)], at_ms=centre.clock.now_ms)
    plan = aida.get(EVACUATION).text
    assert "nothing is written yet" in plan
    n = len(re.findall(r"to be carried</span>", plan))
    assert n > 0
    assert "done=" in do(aida, "begin_evacuation", EVACUATION, tank="T1")
    assert "told=BIO-021" in do(aida, "begin_evacuation", EVACUATION, tank="T1")
    left = n
    while found := re.search(r'name="n" value="(\d+)"', centre.open_browser("bek").get(EVACUATION).text):
        assert "done=" in do(aida, "carry", EVACUATION, tank="T1", n=found[1])
        left -= 1
    assert left == 0
    assert "The tank is empty." in aida.get(EVACUATION).text
    bank = Bank(centre.live.store)
    tank = bank.ask(lambda books: books.find_container("T1"))
    assert tank is not None
    assert not bank.ask(lambda books: books.list_specimens_within(tank.id))
    for other in ("T1-R1", "none"):
        assert aida.get(f"{HOME}/evacuations/{other}").status_code == 404
    assert f'href="{EVACUATION}"' in aida.get(f"{HOME}/T1").text


def test_a_closed_tank_is_used_again_from_its_page(centre: Centre, aida: Staff) -> None:
    said = {"name": "T3", "is_closed": True}
    bank = Bank(centre.live.store)
    bank.perform("bank_close_container", said, act(), at_ms=centre.clock.now_ms).result()
    page = f"{HOME}/evacuations/T3"
    assert "Use the tank again" in aida.get(page).text
    assert "done=" in do(aida, "open_tank", page, tank="T3", inspection="vacuum holds")
    found = bank.ask(lambda books: books.find_container("T3"))
    assert found is not None
    assert found.state == "used"
    assert "Use the tank again" not in aida.get(page).text


def test_an_evacuation_that_has_no_room_or_is_cancelled_leaves_all_where_it_is(
    centre: Centre, aida: Staff
) -> None:
    do(aida, "begin_evacuation", EVACUATION, tank="T1")
    assert "done=" in do(aida, "cancel_evacuation", EVACUATION, tank="T1")
    assert "nothing is written yet" in aida.get(EVACUATION).text
    for tank in ("T2", "T3"):
        said = {"name": tank, "is_closed": True}
        Bank(centre.live.store).perform(
            "bank_close_container", said, act(), at_ms=centre.clock.now_ms
        ).result()
    shown = aida.get(EVACUATION).text
    assert "There is no place for everything" in shown
    assert "Begin the evacuation" not in shown
