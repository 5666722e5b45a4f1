"""Words and numerals of the four languages."""

from datetime import date
from functools import cache

import pytest
from tests.folders import PROJECTS

import make_catalogues
from oncopolis.foundation import Finding
from oncopolis.report.language import LANGUAGES, find_language
from oncopolis.report.numerals import write_change, write_interval, write_value, write_with_unit
from oncopolis.studies import simulate_project


@cache
def gather_texts() -> make_catalogues.Texts:
    return make_catalogues.gather_texts()


@pytest.mark.slow
@pytest.mark.parametrize("language", make_catalogues.LANGUAGES)
def test_what_must_be_translated_is(language: str) -> None:
    assert not make_catalogues.list_missing(gather_texts(), make_catalogues.read_translations(language))


@pytest.mark.parametrize("language", make_catalogues.LANGUAGES)
def test_translations_keep_their_places(language: str) -> None:
    import re

    for text, translated in make_catalogues.read_translations(language).items():
        assert set(re.findall(r"{\w*}", text)) == set(re.findall(r"{\w*}", translated)), text


def test_catalogues_and_languages_agree() -> None:
    assert {"en", *make_catalogues.LANGUAGES} == set(LANGUAGES)


def test_composed_labels_are_translated_in_their_parts() -> None:
    assert find_language("ru").label("New cases, Breast") == "Новые случаи, Молочная железа"
    assert find_language("en").label("New cases, Breast") == "New cases, Breast"
    assert find_language("uz").label("Something of the project's own") == "Something of the project's own"


@pytest.mark.parametrize("language", make_catalogues.LANGUAGES)
def test_what_the_twin_finds_before_a_run_is_said_in_the_language(language: str) -> None:
    said: list[Finding] = []
    simulate_project(PROJECTS / "call_centre_111", days=1, start=date(2200, 1, 1), on_finding=said.append)
    assert {found.rule for found in said} == {"utilisation-above-one", "run-beyond-horizon"}
    words = find_language(language)
    for found in said:
        for text in (found.message, found.actual, found.expected, found.fix, found.rule.replace("-", " ")):
            assert words.label(text) not in ("", text)


@pytest.mark.slow
def test_short_patterns_that_would_fit_anything_are_left_out() -> None:
    assert "{} to {}" not in gather_texts()
    assert find_language("ru").label("A road to nowhere") == "A road to nowhere"


@pytest.mark.parametrize(
    ("language", "value", "unit", "shown"),
    [
        ("en", 1234567.0, "case/year", "1,234,567 cases a year"),
        ("ru", 1234.0, "m2", "1 234 m²"),
        ("en", 0.256, "share", "25.6%"),
        ("ru", 0.25, "share", "25 %"),
        ("en", 0.000123, "count", "0.000123"),
        ("en", 14.26, "count", "14.3"),
        ("en", -3.0, "count", "−3"),
        ("en", None, "count", "–"),
        ("en", 412_345_678.0, "USD", "USD 412 million"),
        ("en", 4_536_000e6, "UZS", "UZS 4,536 billion"),
        ("en", 950.0, "USD", "USD 950"),
        ("ko", 412_345_678.0, "USD", "4.12억 USD"),
        ("uz", 412_345_678.0, "USD", "412 mln USD"),
    ],
)
def test_values_are_written_as_people_write_them(
    language: str, value: float | None, unit: str, shown: str
) -> None:
    written = write_with_unit(find_language(language), value, unit)
    assert written.replace("\N{NO-BREAK SPACE}", " ") == shown


def test_intervals() -> None:
    english = find_language("en")
    assert write_interval(english, 6, 10, "count") == "6–10"
    assert write_interval(english, None, 10, "count") == ""
    assert write_interval(english, 0.1, 0.2, "share") == "10–20%"
    assert write_interval(english, 340e6, 520e6, "USD") == "USD 340–520 million"
    assert write_value(english, float("inf")) == "–"


def test_changes() -> None:
    assert write_change(find_language("en"), 100, 120) == "+20%"
    assert write_change(find_language("en"), 100, 80) == "−20%"
    assert write_change(find_language("en"), 0, 80) == "–"


@pytest.mark.parametrize("language", make_catalogues.LANGUAGES)
def test_a_way_that_a_run_left_out_is_told_in_other_languages_too(language: str) -> None:
    sentence = "A place kept while waiting for the next: acute_bed -> ward_bed is given up at once."
    told = find_language(language).label(sentence)
    assert "acute_bed -> ward_bed" in told
    assert "place" not in told
