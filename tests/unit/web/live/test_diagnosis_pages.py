"""A diagnosis recorded, staged and corrected from its page, in four languages, by those who treat."""

import re

import pytest
from tests.staff import Centre, Staff

from oncopolis.web.live.diagnosis_words import DONE, SENTENCES

PAGE = "/live/people/a/diagnoses"
SAID = {
    "icd10": "C50.9", "topography": "C50.4", "morphology": "8500/3", "side": "left", "day": "2027-02-20",
    "basis": "7", "is_provisional": "false",
}  # fmt: skip
STAGE = {
    "classified": "c", "edition": "ajcc-8", "t": "2", "n": "1", "m": "0", "group": "IIB", "source": "board",
    "day": "2027-02-22", "grade": "G2",
}  # fmt: skip


@pytest.fixture
def desk(centre: Centre) -> Staff:
    centre.put({"resourceType": "Practitioner", "id": "doctor", "active": True, "name": [{"family": "Kim"}]})
    members = {"practitioner": "doctor", "clinics": frozenset({"centre"})}
    centre.add_account("desk", "physician", **members)
    centre.add_account("front", "registrar")
    centre.add_patient("a", "Karimova", "Malika")
    centre.do("start_course", patient="a", pathway="care", by="doctor")
    return centre.open_browser("desk")


def follow(browser: Staff, answer: object) -> str:
    assert answer.status_code == 303, answer.text  # type: ignore[attr-defined]
    text: str = browser.get(answer.headers["location"]).text  # type: ignore[attr-defined]
    return text


def press(desk: Staff, act: str, said: dict[str, str], **chosen: str) -> str:
    return follow(desk, desk.press(PAGE, f"/live/acts/{act}", said, **chosen))


def test_a_tumour_is_recorded_staged_and_put_right(desk: Staff) -> None:
    assert "No diagnosis that you may read" in desk.get(PAGE).text
    assert DONE["record_diagnosis"] in press(desk, "record_diagnosis", SAID)
    staged = press(desk, "stage_tumour", STAGE)
    assert "cT2 cN1 cM0" in staged
    assert "stage IIB" in staged
    assert "holds now" in staged
    (staging,) = re.findall(r'<option value="([^"]+)">2027-02-22', staged)
    right = STAGE | {"n": "0", "group": "IIA", "instead_of": staging, "reason": "reactive node"}
    again = press(desk, "stage_tumour", right)
    assert "stage IIA" in again
    assert again.count("entered in error</span>") == 1
    assert "reactive node" in again
    corrected = press(desk, "correct_diagnosis", SAID | {"morphology": "8520/3", "reason": "second look"})
    assert "8520/3" in corrected
    assert "second look" in corrected
    gone = press(desk, "withdraw_diagnosis", {"reason": "another patient's"})
    assert "entered in error" in gone
    assert "State the stage" not in gone


def test_a_code_that_is_none_is_told_and_nothing_is_recorded(desk: Staff) -> None:
    assert SENTENCES["OPS-450"] in press(desk, "record_diagnosis", SAID | {"icd10": "breast"})
    assert "No diagnosis that you may read" in desk.get(PAGE).text


def test_who_does_not_treat_neither_opens_nor_reads(centre: Centre, desk: Staff) -> None:
    press(desk, "record_diagnosis", SAID)
    assert centre.open_browser("front").get(PAGE).status_code == 403
    centre.add_account("other", "physician", practitioner="other")
    assert "No diagnosis that you may read" in centre.open_browser("other").get(PAGE).text


@pytest.mark.parametrize("language", ["ko", "ru", "uz", "uz-Cyrl"])
def test_the_page_speaks_the_readers_language(desk: Staff, language: str) -> None:
    press(desk, "record_diagnosis", SAID)
    text = desk.get(f"{PAGE}?language={language}").text
    assert "Most valid basis" not in text
    assert "8500/3</dd>" in text
