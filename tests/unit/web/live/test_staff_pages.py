"""An account gets a practitioner, posts, departments, clinics and rights; then a branch can be decided."""

import re

import pytest
from tests.staff import Centre, Staff

from oncopolis.operations.courses.posts import Post
from oncopolis.operations.courses.views import Course
from oncopolis.operations.staff import find_areas
from oncopolis.web.live.sentences import SENTENCES


@pytest.fixture
def root(centre: Centre) -> Staff:
    centre.add_account("root", "administrator")
    return centre.open_browser("root")


def follow(browser: Staff, answer: object) -> str:
    assert answer.status_code == 303, answer.text  # type: ignore[attr-defined]
    text: str = browser.get(answer.headers["location"]).text  # type: ignore[attr-defined]
    return text


def test_posts_departments_clinics_and_rights_are_given_and_taken(centre: Centre, root: Staff) -> None:
    account = centre.add_account("kim", "nurse", name="Kim Ji-woo")
    page = f"/live/staff/{account.id}"
    given = {"post-doctor": "1", "area-outpatient": "1", "clinic": "centre", "role": "physician"}
    assert "Posts and rights are as you said." in follow(root, root.press(page, page, given))
    listed = root.get("/live/staff").text
    assert "Kim Ji-woo" in listed
    assert "doctors" in listed
    [post] = centre.live.ask(lambda floor: list(floor.list(Post)))
    assert (post.practitioner, post.role, post.places) == (account.id, "doctor", ("department.outpatient",))
    areas = centre.live.ask(lambda floor: find_areas(floor, account.id, {"centre"}))
    assert areas == frozenset({"outpatient"})
    changed = centre.open_browser("kim")
    assert changed.get("/live/courses").status_code == 200, "a physician may see courses"
    follow(root, root.press(page, page, {"role": "nurse"}))
    assert centre.live.ask(lambda floor: list(floor.list(Post))) == []
    record = centre.live.store.get("PractitionerRole", post.id)
    assert record.body is not None
    assert b'"active":false' in record.body
    follow(root, root.press(page, page, given))
    assert [one.id for one in centre.live.ask(lambda floor: list(floor.list(Post)))] == [post.id]


def test_only_administrators_may(centre: Centre) -> None:
    account = centre.add_account("kim", "physician")
    browser = centre.open_browser("kim")
    assert browser.get("/live/staff").status_code == 403
    assert browser.get(f"/live/staff/{account.id}").status_code == 403


def test_the_last_administrator_stays_one(centre: Centre, root: Staff) -> None:
    page = re.search(r'href="(/live/staff/[^"]+)">root<', root.get("/live/staff").text)
    assert page is not None
    told = follow(root, root.press(page[1], page[1], {"role": "nurse"}))
    assert SENTENCES["REC-267"] in told


def test_where_somebody_works(centre: Centre) -> None:
    def find(practitioner: str | None, *clinics: str) -> frozenset[str] | None:
        return centre.live.ask(lambda floor: find_areas(floor, practitioner, clinics))

    centre.do("hold_posts", practitioner="a", roles=["doctor", "nurse"], areas=["wards"])
    centre.do("hold_posts", practitioner="b", roles=["doctor"])
    assert find("a", "centre") == frozenset({"wards"})
    assert find("a") == frozenset({"wards"})
    assert find("b", "centre") is find(None) is find("nobody", "centre") is None
    assert find(None, "elsewhere") == frozenset()
    for said in ({"roles": ["king"]}, {"roles": ["doctor"], "areas": ["moon"]}):
        with pytest.raises(Exception, match=r"OPS-01[01]"):
            centre.do("hold_posts", practitioner="c", **said)


def test_who_holds_the_post_decides_the_branch(centre: Centre) -> None:
    centre.add_patient("p", "Karimova", "Malika")
    centre.do("hold_posts", practitioner="kim", roles=["doctor"])
    course = centre.do("start_course", patient="p", pathway="care", by="kim")["course"]
    centre.do("finish_step", course=course, step="visit")
    centre.add_account("kim", "physician", practitioner="kim", clinics=frozenset({"centre"}))
    browser = centre.open_browser("kim")
    said = {"to": "do", "reasons": "stage"}
    done = follow(browser, browser.press(f"/live/courses/{course}", "/live/acts/decide_branch", said))
    assert "The decision is recorded." in done
    choice = centre.live.ask(lambda floor: floor.get(Course, course)).choices[0]
    assert (choice.to, choice.by) == ("do", "Practitioner/kim")
