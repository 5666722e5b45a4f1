"""Who looked at my record: what its patient sees of the audit on a phone, and who else does not."""

import re
from datetime import date
from typing import Any

from tests.doors import add
from tests.phones import Centre
from tests.records import query
from tests.unit.web.journey.looks import be_looked_at, look
from tests.unit.web.journey.test_links import CONSENT
from tests.unit.web.journey.test_page import TOLD, read

from oncopolis.record.access.trail import Entry, Place
from oncopolis.record.types import Who
from oncopolis.web.journey.looking import fold

DAY_S = 86_400
HEADING = "Who looked at my record"
WHO = re.compile(r'<b>([^<]*)</b>(?: <span class="name">([^<]*)</span>)?')
BY_THE_TEST = ("Member of staff", "Dr Kim")
"""Who has put the records of the centre there."""


def test_a_patient_sees_who_looked_and_nothing_of_others(centre: Centre) -> None:
    add(centre.door.desk, "dr-a", roles=frozenset({"physician"}), practitioner="dr-a")
    look(centre)
    look(centre, Who("Practitioner", "nobody-knows", "Other Person"), patient="p2")
    phone, page = centre.open_page()
    assert f'href="{page}/log"' in phone.get(page).text
    answer = phone.get(f"{page}/log")
    assert WHO.findall(answer.text) == [("Doctor", "Kim Minji"), BY_THE_TEST]
    assert "1 Mar 2027" in answer.text
    assert "08:00" in read(answer.text)
    assert "<script" not in answer.text
    assert "Врач" in phone.get(f"{page}/log?language=ru").text


def test_looks_of_a_day_are_one_line_with_a_count(centre: Centre) -> None:
    for _ in range(3):
        look(centre)
        centre.clock.pass_s(600)
    look(centre, action="U", what="update")
    centre.clock.pass_s(DAY_S)
    look(centre)
    phone, page = centre.open_page()
    text = read(phone.get(f"{page}/log").text)
    assert text.count("Kim Minji") == 3
    assert "08:00–08:20 Member of staff Kim Minji Looked at your record · 3 times" in text
    assert text.index("2 Mar 2027") < text.index("Wrote in your record") < text.index("3 times")


def test_emergency_access_and_refusals_are_said_plainly(centre: Centre) -> None:
    look(centre)
    look(centre, action="E", what="break-glass", purpose="ETREAT")
    look(centre, purpose="ETREAT")
    look(centre, Who("Practitioner", "dr-b", "Lee"), outcome="4", reason="REC-114")
    phone, page = centre.open_page()
    text = read(phone.get(f"{page}/log").text)
    assert text.count("Emergency access") == 1
    assert "Kim Minji Looked at your record ·" not in text
    assert "Lee Tried, and was refused" in text


def test_clinics_and_names_of_programs_are_there_once_the_patient_was_told(centre: Centre) -> None:
    be_looked_at(centre)
    phone, page = centre.open_page()
    text = read(phone.get(f"{page}/log").text)
    assert "Kim Minji" in text
    assert not re.search("radiother|linac", text, re.IGNORECASE)
    centre.put(TOLD)
    text = read(phone.get(f"{page}/log").text)
    assert "Radiotherapy clinic" in text
    assert "Linac 1" in text


def test_older_looks_are_on_the_next_page_and_each_once(centre: Centre) -> None:
    for at in range(60):
        centre.clock.pass_s(DAY_S)
        look(centre, Who("Practitioner", f"dr-{at}", f"Doctor number {at}."))
    phone, page = centre.open_page()
    seen: list[str] = []
    path: str | None = f"{page}/log"
    lengths: list[int] = []
    while path:
        html = phone.get(path).text
        found = re.findall(r"Doctor number (\d+)\.", html)
        seen, lengths = seen + found, [*lengths, len(found)]
        older = re.search(r'class="button" href="([^"]+)"', html)
        path = older[1] if older else None
    assert seen == [str(at) for at in reversed(range(60))]
    assert lengths == [50, 10]
    assert phone.get(f"{page}/log?before=nonsense").status_code == 400


def test_only_the_patient_whose_phone_it_is_sees_it(centre: Centre) -> None:
    look(centre)
    phone, page = centre.open_page()
    other, _ = centre.open_page("p2")
    for stranger in (other, centre.open_phone()):
        answer = stranger.get(f"{page}/log")
        assert answer.status_code == 403
        assert "Kim Minji" not in answer.text
    phone.send(f"{page}/end", {}, page=page)
    assert phone.get(f"{page}/log").status_code == 403
    late, page = centre.open_page()
    centre.give()
    assert late.get(f"{page}/log").status_code == 403
    old, page = centre.open_page()
    centre.clock.pass_s(400 * DAY_S)
    assert old.get(f"{page}/log").status_code == 403


def test_a_carer_sees_what_the_policy_lets_them_and_that_is_nothing(centre: Centre) -> None:
    look(centre)
    centre.put(CONSENT)
    phone, page = centre.open_page(carer="r1")
    assert HEADING not in phone.get(page).text
    answer = phone.get(f"{page}/log")
    assert answer.status_code == 403
    assert "Only the patient can see" in answer.text
    assert "Kim Minji" not in answer.text


def test_looking_at_the_log_is_in_the_audit(centre: Centre) -> None:
    phone, page = centre.open_page()
    asked = "SELECT count(*) FROM audit WHERE agent = 'Patient/p1' AND entry LIKE '%access-log%'"
    assert query(centre.store, asked) == [(0,)]
    phone.get(f"{page}/log")
    assert query(centre.store, asked) == [(1,)]


def make_entry(n: int, **more: Any) -> Entry:
    content = {"who": ["Practitioner", "dr-a", "Kim"], "purpose": "", "action": "R", "what": "read"}
    return Entry(Place(n, 1, n), content | more)


def test_what_differs_is_not_folded() -> None:
    entries = [
        make_entry(5), make_entry(4, purpose="ETREAT"), make_entry(3, outcome="4"),
        make_entry(2, action="C", what="create"), make_entry(1),
    ]  # fmt: skip
    groups = fold(date(2027, 3, 1), entries)
    assert [(one.did, one.is_emergency, one.n, one.first_ms) for one in groups] == [
        ("looked", False, 2, 1), ("looked", True, 1, 4), ("refused", False, 1, 3), ("wrote", False, 1, 2),
    ]  # fmt: skip
