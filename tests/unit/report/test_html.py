"""The page: everything linked, nothing fetched, explanations as far as they are shown."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from tests.unit.report.sample_plan import build_plan

from oncopolis.report.canonical import round_numbers
from oncopolis.report.html import write_page
from oncopolis.report.language import find_language

LIMIT_BYTES = 8_000_000


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.headings: list[int] = []
        self.fetched: list[str] = []
        self.pictures = 0
        self.named_pictures = 0
        self.heads_without_scope = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a":
            self.hrefs.append(str(found["href"]))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if found.get("src"):
            self.fetched.append(str(found["src"]))
        if tag == "svg":
            self.pictures += 1
            self.named_pictures += bool(found.get("aria-label"))
        if tag == "th" and "scope" not in found:
            self.heads_without_scope += 1


def read(plan: dict[str, Any], language: str = "en") -> tuple[str, Reader]:
    text = write_page(round_numbers(plan), find_language(language)).decode("utf-8")
    reader = Reader()
    reader.feed(text)
    return text, reader


@pytest.fixture(scope="module")
def page() -> tuple[str, Reader]:
    return read(build_plan())


def test_every_link_leads_somewhere_in_the_page(page: tuple[str, Reader]) -> None:
    _, reader = page
    assert all(href.startswith("#") for href in reader.hrefs)
    assert {href[1:] for href in reader.hrefs} <= set(reader.ids)


def test_ids_are_unique(page: tuple[str, Reader]) -> None:
    _, reader = page
    assert len(reader.ids) == len(set(reader.ids))


def test_fetches_nothing(page: tuple[str, Reader]) -> None:
    text, reader = page
    assert not reader.fetched
    assert not re.search(r"url\(|@import|https?://", text)
    assert len(text.encode("utf-8")) < LIMIT_BYTES


def test_headings_are_in_order_and_tables_say_what_they_head(page: tuple[str, Reader]) -> None:
    _, reader = page
    assert reader.headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(reader.headings))
    assert reader.headings.count(1) == 1
    assert reader.heads_without_scope == 0


def test_pictures_are_named(page: tuple[str, Reader]) -> None:
    _, reader = page
    assert reader.pictures == reader.named_pictures
    assert reader.pictures >= 9


def test_explains_what_is_shown_down_to_the_evidence_and_nothing_else(page: tuple[str, Reader]) -> None:
    _, reader = page
    for name in (
        "x-equipment.linac",
        "x-hours.linac",
        "x-demand.cases",
        "e-radiotherapy.courses_per_unit_year",
    ):
        assert name in reader.ids
    assert "s-zhu2024" in reader.ids
    assert "x-unreachable" not in reader.ids
    assert "e-never.reached" not in reader.ids


def test_marks_unverified_numbers(page: tuple[str, Reader]) -> None:
    text, _ = page
    assert '<a class="x" href="#x-equipment.linac">8</a><abbr class="u" title="unverified">' in text
    assert re.search(r'id="e-beds.occupancy.design"><h3>[^<]+<abbr class="u"', text)
    assert not re.search(r'id="e-radiotherapy.courses_per_unit_year"><h3>[^<]+<abbr', text)


def test_escapes_what_the_project_wrote(page: tuple[str, Reader]) -> None:
    text, _ = page
    assert "&lt;until 2031&gt;" in text
    assert "<until" not in text


def test_formula_is_written_in_the_language_of_the_page() -> None:
    text, _ = read(build_plan(), "ru")
    assert "округление вверх(Часы занятости, линейные ускорители" in text


def test_a_plan_with_little_in_it_still_makes_a_page() -> None:
    plan = build_plan()
    plan["biobank"] = None
    plan["uncertainty"] = {"draws": 0, "seed": 1, "interval": [0.05, 0.95], "headlines": {}, "tornado": {}}
    plan["findings"], plan["overrides"], plan["unsigned_headlines"] = [], [], []
    plan["equipment"]["items"], plan["money"]["income"] = [], []
    text, reader = read(plan)
    assert "biobank" not in reader.ids
    assert "uncertainty" not in reader.ids
    assert "found nothing to say" in text
