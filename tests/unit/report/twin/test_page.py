"""The page of a run: the three sentences, all sections, nothing fetched, and what happens with little."""

import json
import re
from copy import deepcopy
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from tests import runs
from tests.unit.report.test_html import Reader

from oncopolis.report.canonical import round_numbers
from oncopolis.report.language import find_language
from oncopolis.report.twin.html import write_page
from oncopolis.report.twin.page import TwinPage
from oncopolis.report.twin.sections.census import list_marks
from oncopolis.report.twin.sections.day import list_blocks
from oncopolis.report.twin.summary import write_sentences
from oncopolis.twin.document import to_document

SECTIONS = (
    "targets",
    "waits",
    "treatment",
    "bottlenecks",
    "use",
    "queues",
    "census",
    "turnout",
    "day",
    "process",
    "not-modelled",
    "findings",
    "stress",
)


@cache
def _build() -> dict[str, Any]:
    project = runs.read_clinic()
    results = [runs.build_result(project, i) for i in range(2)]
    document: dict[str, Any] = round_numbers(to_document(results, runs.build_about(project)))
    return document


def build() -> dict[str, Any]:
    return deepcopy(_build())


def read(document: dict[str, Any], language: str = "en") -> tuple[str, Reader]:
    text = write_page(document, find_language(language)).decode("utf-8")
    reader = Reader()
    reader.feed(text)
    return text, reader


@pytest.fixture(scope="module")
def page() -> tuple[str, Reader]:
    return read(build())


def test_has_all_sections_in_order(page: tuple[str, Reader]) -> None:
    _, reader = page
    assert [name for name in reader.ids if name in SECTIONS] == list(SECTIONS)
    assert {href[1:] for href in reader.hrefs} <= set(reader.ids)
    assert len(reader.ids) == len(set(reader.ids))


def test_fetches_nothing(page: tuple[str, Reader]) -> None:
    text, reader = page
    assert not reader.fetched
    assert not re.search(r"url\(|@import|https?://", text)


def test_headings_tables_and_pictures_are_told(page: tuple[str, Reader]) -> None:
    _, reader = page
    assert all(after <= before + 1 for before, after in pairwise(reader.headings))
    assert reader.headings.count(1) == 1
    assert reader.heads_without_scope == 0
    assert reader.pictures == reader.named_pictures >= 7


def test_escapes_what_the_project_wrote(page: tuple[str, Reader]) -> None:
    text, _ = page
    assert "&lt;while patients wait&gt;" in text
    assert "<while" not in text
    assert "Beams &lt;&amp;&gt;" in text


def test_three_sentences_say_whether_where_and_how_long() -> None:
    document = build()
    english = find_language("en")
    sentences = write_sentences(TwinPage(document, english))
    missed = [target for target in document["targets"] if target["held"] is False]
    assert len(sentences) == 3
    assert sentences[0].startswith(f"It does not hold: {len(missed)} of 4 targets are missed (")
    assert all(target["label"] in sentences[0] for target in missed)
    worst = next(line for line in document["resources"] if line["id"] == document["bottlenecks"][0])
    assert worst["label"].lower() in sentences[1].lower()
    assert "Half of the patients start their first treatment within" in sentences[2]
    for target in document["targets"]:
        target["held"] = True
    assert write_sentences(TwinPage(document, english))[0] == "It holds: all 4 targets are kept."
    document["targets"] = []
    assert "states no target" in write_sentences(TwinPage(document, english))[0]


def test_times_are_written_in_the_unit_that_suits_them() -> None:
    page = TwinPage(build(), find_language("en"))
    shown = [page.span(minutes).replace("\N{NO-BREAK SPACE}", " ") for minutes in (12.0, 300.0, 10 * 1440.0)]
    assert shown == ["12 min", "5 hours", "10 days"]
    assert page.span(None) == "–"


def test_departments_stand_in_their_building_or_elsewhere() -> None:
    document = build()
    document["day"]["present"][document["day"]["departments"].index("wards")] = [0.0] * 96
    blocks = list_blocks(TwinPage(document, find_language("en")), document["day"])
    assert [block.label for block in blocks] == ["Main building", "Beams <&>", "Elsewhere"]
    assert [place.label for place in blocks[0].places] == ["Outpatients", "Theatres"]
    document["campus"]["buildings"] = []
    blocks = list_blocks(TwinPage(document, find_language("en")), document["day"])
    assert [block.label for block in blocks] == [""]


def test_player_has_the_numbers_of_every_department_it_shows(page: tuple[str, Reader]) -> None:
    text, _ = page
    found = re.search(r'<script type="application/json">(.*?)</script>', text)
    assert found
    data = json.loads(found[1])
    assert len(data["present"]) == len(data["waiting"]) == text.count('<g class="place">')
    assert {len(row) for row in data["present"]} == {96}


def test_months_are_marked_from_the_first_day_counted() -> None:
    page = TwinPage(build(), find_language("en"))
    assert list_marks(page, 364)[0] == (0, "02")
    assert (334, "2032") in list_marks(page, 364)
    assert [word for _, word in list_marks(page, 1200)] == ["2032", "2033", "2034"]


def test_a_run_with_little_in_it_still_makes_a_page() -> None:
    project = runs.read_clinic()
    result = runs.build_result(project)
    nobody = replace(result.treatment, n=result.treatment.n * 0)
    use = replace(result.resources, waited=result.resources.waited * 0)
    bare = replace(result, treatment=nobody, resources=use, not_modelled=())
    about = replace(runs.build_about(project), day=None, processes=())
    document = round_numbers(to_document([bare], about))
    document["targets"], document["census"]["wards"], document["findings"] = [], [], []
    text, reader = read(document)
    assert not {"targets", "treatment", "census", "day", "process"} & set(reader.ids)
    assert "Nobody waits for any resource." in text
    assert "One replication: there are no intervals" in text
    document["day"] = build()["day"]
    document["day"]["present"] = [[0.0] * 96 for _ in document["day"]["departments"]]
    assert "Nobody is on campus" in read(document)[0]


@pytest.mark.parametrize("language", ["ko", "ru", "uz"])
def test_speaks_other_languages(language: str) -> None:
    text, reader = read(build(), language)
    assert [name for name in reader.ids if name in SECTIONS] == list(SECTIONS)
    for english in ("Bottlenecks", "Reporting checklist", "Mean wait", "Play"):
        assert f">{english}<" not in text


def test_a_stopped_run_is_marked_on_its_cover() -> None:
    document = build()
    document["run"]["complete"] = False
    assert '<p class="finding warning">The run was stopped early</p>' in read(document)[0]
