"""A tele-tumour-board as it is used: shared here, answered there, withdrawn, and gone at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.courses import get_course_house
from tests.doors import PASSWORD, cheap_hashes
from tests.e2e.looking import look_at
from tests.records import query
from tests.staff import Centre, open_centre

from oncopolis.operations import make_wish
from oncopolis.record import Act, Who

TUESDAY = "2027-03-02"
BUNDLE = "/live/shared/{}/bundle.json"


def do(centre: Centre, act: str, **said: Any) -> dict[str, Any]:
    """Do an act as the physician."""
    audited = Act("E", act, Who("Practitioner", "doctor"), "test")
    return centre.live.perform(make_wish(act, said, audited)).result()


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    with cheap_hashes(monkeypatch), open_centre(tmp_path, house=get_course_house()) as opened:
        opened.put(
            {"resourceType": "Practitioner", "id": "doctor", "active": True, "name": [{"text": "Dr Aliyev"}]}
        )
        opened.add_account(
            "doctor", "physician", "tumour_board", practitioner="doctor", clinics=frozenset({"centre"})
        )
        opened.add_patient("a", "Karimova", "Malika")
        yield opened


@pytest.fixture
def open_page(browser: Browser, centre: Centre) -> Iterator[Any]:
    contexts = []

    def open_(locale: str) -> Page:
        context = browser.new_context(base_url=centre.base, locale=locale)
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()


def sign_in(page: Page, path: str) -> None:
    page.goto("/login")
    page.get_by_label("Sign-in name").fill("doctor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/account")
    page.goto(path)


def list_case(centre: Centre) -> str:
    do(
        centre, "record_diagnosis", patient="a", icd10="C50.9", topography="C50.4", morphology="8500/3",
        day="2027-02-20", basis="7",
    )  # fmt: skip
    course = do(centre, "start_course", patient="a", pathway="care")["course"]
    return str(
        do(centre, "put_on_agenda", course=course, board="board", day=TUESDAY, question="Operate?")["case"]
    )


def test_a_case_goes_abroad_and_an_opinion_comes_back(centre: Centre, open_page: Any) -> None:
    case = list_case(centre)
    here, there = open_page("en-GB"), open_page("en-GB")
    sign_in(here, "/live/partners")
    here.get_by_label("Name", exact=True).fill("National Cancer Center")
    here.get_by_label("Country, in two letters").fill("KR")
    here.get_by_role("button", name="Add", exact=True).click()
    here.get_by_text("Invite somebody").click()
    here.get_by_label("Name", exact=True).first.fill("Lee Jiwoo")
    here.get_by_label("Sign-in name").fill("lee")
    here.get_by_role("button", name="Make the link").click()
    link = here.locator("code").inner_text()
    here.goto(f"/live/cases/{case}/share")
    here.get_by_role("button", name="Share the case").click()
    expect(here.get_by_text("The partner sees the case from now on.")).to_be_visible()

    there.goto(link)
    for field in there.locator("input[type=password]").all():
        field.fill("nine cranes over Goyang")
    there.locator("main button").first.click()
    there.wait_for_url("**/account")
    there.goto("/live/shared")
    assert not look_at(there)
    there.get_by_role("rowheader").get_by_role("link").click()
    main = there.locator("main")
    expect(main).to_contain_text("C50.9")
    expect(main).to_contain_text("1960")
    expect(there.locator("body")).not_to_contain_text("Karimova")
    assert not look_at(there)
    share = there.url.rpartition("/")[2]
    assert there.request.get(BUNDLE.format(share)).ok
    for path in ("/live/people/a", "/live/board", "/live/cases/x/share", "/fhir/Patient/a"):
        assert there.request.get(path).status in (403, 404), path
    there.get_by_label("Opinion", exact=True).fill("Operate first; then discuss radiotherapy.")
    there.get_by_label("answer for this opinion").check()
    there.get_by_role("button", name="Sign the opinion").click()
    expect(main).to_contain_text("Opinion of Lee Jiwoo")

    here.goto(f"/live/board?board=board&day={TUESDAY}")
    expect(here.get_by_text("Operate first; then discuss radiotherapy.")).to_be_visible()
    here.get_by_role("link", name="Share with a partner centre").click()
    assert not look_at(here)
    here.get_by_text("Withdraw the consent").click()
    here.get_by_label("Reason").fill("the patient wishes it")
    here.get_by_role("button", name="Withdraw", exact=True).click()
    expect(here.get_by_text("withdrawn", exact=True)).to_be_visible()
    assert there.request.get(BUNDLE.format(share)).status == 404
    there.reload()
    expect(there.locator("body")).to_contain_text("not shared with you")
    member = query(centre.live.store, "SELECT practitioner FROM account WHERE login = 'lee'")[0][0]
    seen = query(centre.live.store, "SELECT count(*) FROM audit WHERE entry LIKE ?", f"%{member}%")
    assert seen[0][0] >= 4, "each look is in the audit"
