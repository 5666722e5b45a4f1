"""Nobody types an id: who is put on a list, merged, or tied to an account is searched for or chosen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.doors import cheap_hashes
from tests.staff import Centre, Staff, open_centre
from tests.units import get_unit_house

from oncopolis.operations.people import Person
from oncopolis.operations.theatre import Operation

ADDITION = "/live/theatre/new"
SAID = {"activity": "operation", "room": "room.theatre.2"}


@pytest.fixture
def theatres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    with cheap_hashes(monkeypatch), open_centre(tmp_path, house=get_unit_house()) as opened:
        opened.add_account("surgeon", "physician")
        opened.add_patient("p1", "Karimova", "Malika")
        opened.add_patient("p2", "Tosheva", "Lola")
        yield opened


def list_operations(centre: Centre) -> list[tuple[str, str]]:
    return centre.live.ask(lambda floor: [(one.patient, one.room) for one in floor.list(Operation)])


def test_who_is_searched_for_is_put_on_the_list_of_a_theatre(theatres: Centre) -> None:
    surgeon = theatres.open_browser("surgeon")
    assert f'href="{ADDITION}"' in surgeon.get("/live/theatre").text
    found = surgeon.get(f"{ADDITION}?family=Tosheva&given=Lola&birth_date=1960-05-17").text
    assert f'href="{ADDITION}?patient=p2"' in found
    answer = surgeon.press(f"{ADDITION}?patient=p2", ADDITION, SAID)
    shown = surgeon.get(answer.headers["location"]).text
    assert "On the list." in shown
    assert "Tosheva" in shown
    assert list_operations(theatres) == [("p2", "room.theatre.2")]


def test_who_lies_in_a_bed_is_chosen_and_what_is_refused_stays_as_it_was_said(theatres: Centre) -> None:
    theatres.do("admit", patient="p1", activity="stay")
    surgeon = theatres.open_browser("surgeon")
    page = surgeon.get(ADDITION).text
    assert f'href="{ADDITION}?patient=p1"' in page
    assert f'href="{ADDITION}?patient=p2"' not in page
    refused = surgeon.press(f"{ADDITION}?patient=p1", ADDITION, {"activity": "operation", "room": "nowhere"})
    assert refused.status_code == 400
    assert "Choose a theatre" in refused.text
    assert "Karimova" in refused.text
    assert list_operations(theatres) == []


def test_only_who_may_plan_operations_sees_whom_there_is(theatres: Centre) -> None:
    theatres.add_account("clerk", "registrar")
    assert theatres.open_browser("clerk").get(ADDITION).status_code == 403


@pytest.fixture
def desk(centre: Centre) -> Staff:
    centre.add_account("desk", "registrar")
    return centre.open_browser("desk")


def test_the_likely_same_is_shown_and_both_are_seen_before_they_are_merged(
    centre: Centre, desk: Staff
) -> None:
    for id_, family, given in (
        ("a", "Karimova", "Malika"), ("b", "Karimowa", "Malika"), ("c", "Umarova", "Nodira"),
    ):  # fmt: skip
        centre.add_patient(id_, family, given)
    assert 'href="/live/people/a/merge"' in desk.get("/live/people/a").text
    likely = desk.get("/live/people/a/merge").text
    assert 'href="/live/people/a/merge?patient=b"' in likely
    assert "patient=a" not in likely
    assert "patient=c" not in likely
    searched = desk.get("/live/people/a/merge?family=Umarova&given=Nodira&birth_date=1960-05-17").text
    assert 'href="/live/people/a/merge?patient=c"' in searched
    assert "patient=b" not in searched
    both = desk.get("/live/people/a/merge?patient=b").text
    assert "Karimova" in both
    assert "Karimowa" in both
    answer = desk.press("/live/people/a/merge?patient=b", "/live/acts/merge", {"reason": "one passport"})
    assert "The two records are one now." in desk.get(answer.headers["location"]).text
    assert centre.live.ask(lambda floor: floor.get(Person, "b")).merged_into == "a"


def test_an_account_is_tied_to_a_practitioner_by_name(centre: Centre) -> None:
    for id_, family in (("d1", "Aliyev"), ("d2", "Botirov"), ("d3", "Botirov")):
        name = [{"family": family, "given": ["Jasur"]}]
        centre.put({"resourceType": "Practitioner", "id": id_, "active": True, "name": name})
    account = centre.add_account("kim", "physician", name="Kim Ji-woo")
    centre.add_account("root", "administrator")
    root = centre.open_browser("root")
    page = f"/live/staff/{account.id}"
    shown = root.get(page).text
    assert '<option value="d1">Aliyev Jasur</option>' in shown
    assert '<option value="d2">Botirov Jasur (d2)</option>' in shown
    root.press(page, page, {"practitioner": "d1", "role": "physician"})
    assert '<option value="d1" selected>Aliyev Jasur</option>' in root.get(page).text
