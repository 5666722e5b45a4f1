"""Links to the page of a journey: given at reception, opened once on one phone, and what becomes of them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, KeySet
from tests.doors import Clock
from tests.records import ACT, make_patient, query

from oncopolis.foundation import InputError, NotFoundError
from oncopolis.record.accounts import Desk
from oncopolis.record.accounts.journeys import (
    Given,
    JourneyRefused,
    check_link,
    find_journey,
    give,
    list_journeys,
    open_link,
    rows,
    take_back,
    tokens,
)
from oncopolis.record.accounts.journeys.giving import FIRST_MS, UNTIL_MS
from oncopolis.record.accounts.journeys.opening import TRIES
from oncopolis.record.accounts.journeys.standing import is_told
from oncopolis.record.accounts.keyring import Keyring
from oncopolis.record.accounts.signing import KEPT_MS, YOUNG_MS, make_key
from oncopolis.record.types import Who

DESK = Who("Practitioner", "reception", "Reception")
BORN = "1970-02-03"
PHONE, OTHER = "secret of a phone", "secret of another phone"


@pytest.fixture
def keyring(desk: Desk) -> Keyring:
    put(desk, make_patient())
    return Keyring(desk)


def hand_out(desk: Desk, keyring: Keyring, **wish: object) -> Given:
    wished = {"carer": None, "is_by_code": False, "language": "uz"} | wish
    return give(desk, keyring, str(wished.pop("patient", "p1")), DESK, **wished)  # type: ignore[arg-type]


def put(desk: Desk, record: dict[str, Any]) -> None:
    desk.store.submit(lambda transaction: transaction.put(record), ACT).result()


def refuse(reason: str) -> pytest.RaisesExc[JourneyRefused]:
    return pytest.raises(JourneyRefused, check=lambda error: error.reason == reason)


def consent(desk: Desk, carer: str, status: str = "active") -> None:
    record = {
        "resourceType": "Consent", "id": f"consent-{carer}", "status": status,
        "scope": {"text": "carer"}, "patient": {"reference": "Patient/p1"},
        "category": [{"coding": [{"system": "urn:oncopolis:consent", "code": "carer"}]}],
        "provision": {"actor": [{"role": {"text": "carer"},
                                 "reference": {"reference": f"RelatedPerson/{carer}"}}]},
    }  # fmt: skip
    put(desk, record)


def test_a_link_is_opened_once_and_then_belongs_to_the_phone(desk: Desk, keyring: Keyring) -> None:
    made = hand_out(desk, keyring)
    assert made.code == ""
    with refuse("stranger"):
        find_journey(desk, PHONE, made.journey.id)
    open_link(desk, keyring, made.text, PHONE, BORN)
    assert find_journey(desk, PHONE, made.journey.id).patient == "p1"
    assert [one.id for one in list_journeys(desk, PHONE)] == [made.journey.id]
    assert check_link(desk, keyring, made.text, PHONE).device is not None
    with refuse("elsewhere"):
        open_link(desk, keyring, made.text, OTHER, BORN)
    with refuse("elsewhere"):
        check_link(desk, keyring, made.text, "")
    with refuse("stranger"):
        find_journey(desk, OTHER, made.journey.id)
    assert list_journeys(desk, "") == []


def test_a_code_is_asked_for_where_one_was_given(desk: Desk, keyring: Keyring) -> None:
    made = hand_out(desk, keyring, is_by_code=True)
    assert len(made.code) == 6
    assert made.code.isdecimal()
    with refuse("wrong"):
        open_link(desk, keyring, made.text, PHONE, BORN)
    open_link(desk, keyring, made.text, PHONE, f" {made.code[:3]} {made.code[3:]} ")


def test_the_fifth_wrong_answer_locks_the_link_and_reception_sees_it(
    desk: Desk, keyring: Keyring, clock: Clock
) -> None:
    made = hand_out(desk, keyring)
    for rest in range(TRIES - 1, 0, -1):
        with pytest.raises(JourneyRefused) as refused:
            open_link(desk, keyring, made.text, PHONE, "1970-02-04")
        assert (refused.value.reason, refused.value.rest) == ("wrong", rest)
    with refuse("locked"):
        open_link(desk, keyring, made.text, PHONE, "1970-02-04")
    with refuse("locked"):
        open_link(desk, keyring, made.text, PHONE, BORN)
    [locked] = desk.ask(lambda session: rows.list_locked(session, 0))
    assert (locked.id, locked.locked_ms) == (made.journey.id, clock.now_ms)
    again = hand_out(desk, keyring)
    assert desk.ask(lambda session: rows.list_locked(session, 0)) == []
    open_link(desk, keyring, again.text, PHONE, BORN)


def test_answers_at_the_same_time_are_all_counted(desk: Desk, keyring: Keyring) -> None:
    made = hand_out(desk, keyring)

    def guess(day: int) -> str:
        with pytest.raises(JourneyRefused) as refused:
            open_link(desk, keyring, made.text, PHONE, f"1970-02-{day:02}")
        return refused.value.reason

    with ThreadPoolExecutor(8) as pool:
        reasons = list(pool.map(guess, range(4, 24)))
    assert reasons.count("wrong") == TRIES - 1
    assert reasons.count("locked") == 20 - (TRIES - 1)


def test_of_two_phones_at_the_same_time_one_has_it(desk: Desk, keyring: Keyring) -> None:
    made = hand_out(desk, keyring)

    def try_it(phone: str) -> str:
        try:
            open_link(desk, keyring, made.text, phone, BORN)
        except JourneyRefused as refused:
            return refused.reason
        return "opened"

    phones = ["one", "two", "three", "four"]
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(try_it, phones))
    assert sorted(opened) == ["elsewhere"] * 3 + ["opened"]
    assert [bool(list_journeys(desk, phone)) for phone in phones] == [one == "opened" for one in opened]


def test_links_end_by_themselves_and_when_they_are_taken_back(
    desk: Desk, keyring: Keyring, clock: Clock
) -> None:
    late = hand_out(desk, keyring)
    clock.pass_s(FIRST_MS / 1000)
    with refuse("expired"):
        open_link(desk, keyring, late.text, PHONE, BORN)
    made = hand_out(desk, keyring)
    with refuse("ended"):
        check_link(desk, keyring, late.text, PHONE)
    open_link(desk, keyring, made.text, PHONE, BORN)
    clock.pass_s(UNTIL_MS / 1000 - 1)
    assert list_journeys(desk, PHONE)
    clock.pass_s(1)
    assert list_journeys(desk, PHONE) == []
    new = hand_out(desk, keyring)
    open_link(desk, keyring, new.text, PHONE, BORN)
    assert take_back(desk, new.journey.id, DESK)
    assert not take_back(desk, new.journey.id, DESK)
    with refuse("ended"):
        check_link(desk, keyring, new.text, PHONE)
    with refuse("stranger"):
        find_journey(desk, PHONE, new.journey.id)


def test_an_opened_link_outlives_the_key_that_signed_it(desk: Desk, keyring: Keyring, clock: Clock) -> None:
    """A key signs until it is no longer young; whatever it signed last can be opened as long as it says."""
    keyring.get_key()
    clock.pass_s(YOUNG_MS / 1000 - 60)
    made = hand_out(desk, keyring)
    clock.pass_s(FIRST_MS / 1000 - 1)
    open_link(desk, Keyring(desk), made.text, PHONE, BORN)
    clock.pass_s((KEPT_MS - YOUNG_MS) / 1000)
    with refuse("broken"):
        check_link(desk, Keyring(desk), made.text, PHONE)
    assert find_journey(desk, PHONE, made.journey.id) == list_journeys(desk, PHONE)[0]


def test_a_carer_needs_the_consent_of_the_patient_at_every_look(desk: Desk, keyring: Keyring) -> None:
    with refuse("withdrawn"):
        hand_out(desk, keyring, carer="c1")
    consent(desk, "c1")
    made = hand_out(desk, keyring, carer="c1")
    own = hand_out(desk, keyring)
    open_link(desk, keyring, own.text, PHONE, BORN)
    open_link(desk, keyring, made.text, OTHER, BORN)
    assert find_journey(desk, OTHER, made.journey.id).carer == "c1"
    with refuse("withdrawn"):
        hand_out(desk, keyring, carer="c2")
    consent(desk, "c1", "inactive")
    with refuse("withdrawn"):
        find_journey(desk, OTHER, made.journey.id)
    assert list_journeys(desk, OTHER) == []
    assert list_journeys(desk, PHONE)


def test_one_phone_may_have_the_pages_of_several_people(desk: Desk, keyring: Keyring) -> None:
    put(desk, make_patient("p2"))
    for patient in ("p1", "p2"):
        open_link(desk, keyring, hand_out(desk, keyring, patient=patient).text, PHONE, BORN)
    assert sorted(one.patient for one in list_journeys(desk, PHONE)) == ["p1", "p2"]


def test_a_page_ends_when_the_record_is_merged_or_erased(desk: Desk, keyring: Keyring) -> None:
    """After a wrong merge, the page of the record that ended would show somebody else's."""
    put(desk, make_patient("p2"))
    merged, erased = hand_out(desk, keyring), hand_out(desk, keyring, patient="p2")
    for made in (merged, erased):
        open_link(desk, keyring, made.text, PHONE, BORN)
    other = {"other": {"reference": "Patient/p2"}, "type": "replaced-by"}
    put(desk, make_patient() | {"active": False, "link": [other]})
    desk.store.erase("p2", ACT).result()
    for made in (merged, erased):
        with refuse("ended"):
            find_journey(desk, PHONE, made.journey.id)
        with refuse("ended"):
            check_link(desk, keyring, made.text, PHONE)
    assert list_journeys(desk, PHONE) == []
    with pytest.raises(NotFoundError, match="REC-338"):
        hand_out(desk, keyring, is_by_code=True)


def test_reception_is_told_what_cannot_be_given(desk: Desk, keyring: Keyring) -> None:
    with pytest.raises(NotFoundError, match="REC-338"):
        hand_out(desk, keyring, patient="nobody")
    put(desk, make_patient("p3") | {"birthDate": "1970"})
    with pytest.raises(InputError, match="REC-339"):
        hand_out(desk, keyring, patient="p3")
    made = hand_out(desk, keyring, patient="p3", is_by_code=True)
    open_link(desk, keyring, made.text, PHONE, made.code)


def test_nothing_a_link_opens_by_is_stored(desk: Desk, keyring: Keyring) -> None:
    made = hand_out(desk, keyring, is_by_code=True)
    open_link(desk, keyring, made.text, PHONE, made.code)
    stored = repr(query(desk.store, "SELECT * FROM journey"))
    assert made.journey.id in stored
    assert made.text not in stored
    assert made.code not in stored
    assert PHONE not in stored
    audited = repr(query(desk.store, "SELECT entry FROM audit"))
    assert made.code not in audited
    assert made.text not in audited


class Ring:
    """A ring with one key, as the house has it."""

    def __init__(self) -> None:
        self.key = make_key()

    def get_key(self) -> ECKey:
        return self.key

    def get_known(self) -> KeySet:
        return KeySet([self.key])


RING = cast("Keyring", Ring())
GOOD = tokens.Claimed("ab" * 16, 2_000_000_000_000)


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(
    st.sampled_from(["replace", "cut", "add", "swap", "anything"]),
    st.integers(0, 114), st.characters(codec="utf-8"), st.text(max_size=250),
)  # fmt: skip
def test_whatever_is_changed_in_a_link_it_is_refused_before_anything_is_looked_up(
    way: str, at: int, sign: str, other: str
) -> None:
    text = tokens.sign(RING, GOOD)
    assert tokens.read(RING, text) == GOOD
    changed = {
        "replace": text[:at] + sign + text[at + 1 :],
        "cut": text[:at],
        "add": text[:at] + sign + text[at:],
        "swap": text[at:] + text[:at],
        "anything": other,
    }[way]
    if changed != text:
        with refuse("broken"):
            check_link(cast("Desk", None), RING, changed, PHONE)


def test_a_signature_of_another_house_is_refused() -> None:
    text = tokens.sign(cast("Keyring", Ring()), GOOD)
    with refuse("broken"):
        check_link(cast("Desk", None), RING, text, PHONE)


def test_who_was_told_is_asked_for_each_of_them(desk: Desk, keyring: Keyring) -> None:
    patient, carer = Who("Patient", "p1"), Who("RelatedPerson", "c1")

    def ask(who: Who) -> tuple[bool, bool]:
        return (
            desk.ask(lambda session: is_told(session, "p1", who, "withheld")),
            desk.ask(lambda session: is_told(session, "p1", who, "disclosed")),
        )

    assert ask(patient) == (False, True)
    told = {
        "resourceType": "Communication", "id": "told", "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "category": [{"coding": [{"system": "urn:oncopolis:disclosure", "code": "diagnosis"}]}],
        "recipient": [{"reference": "RelatedPerson/c1"}],
    }  # fmt: skip
    put(desk, told)
    assert ask(patient) == (False, True)
    assert ask(carer) == (True, True)
    put(desk, told | {"status": "not-done", "recipient": [{"reference": "Patient/p1"}]})
    assert ask(patient) == (False, False)
