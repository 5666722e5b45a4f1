"""What people of a demonstration write is read in the language of the page."""

import pytest

from oncopolis.web.demo.marking import add_banner
from oncopolis.web.demo.sentences import CRITICAL, NOTES, PARTNER, PLANS, STRAYS, TALKS

SAID = [
    *NOTES, *(text for text, _ in (*PLANS, *CRITICAL)), *STRAYS, PARTNER,
    *(text for talk in TALKS for text in talk[1:] if text),
]  # fmt: skip


def write_page(language: str) -> str:
    lines = "".join(f"<p>{text}</p>" for text in SAID)
    return add_banner(f'<html lang="{language}"><body>{lines}</body></html>'.encode()).decode()


@pytest.mark.parametrize("language", ["ko", "ru", "uz", "uz-Cyrl"])
def test_it_is_in_the_language_of_the_page(language: str) -> None:
    page = write_page(language)
    assert [text for text in SAID if f"<p>{text}</p>" in page] == []
    assert page.count("<p>") == len(SAID)


def test_a_page_in_english_says_it_as_it_was_written() -> None:
    page = write_page("en")
    assert all(f"<p>{text}</p>" in page for text in SAID)


def test_no_sentence_is_a_part_of_another() -> None:
    assert not [(one, other) for one in SAID for other in SAID if one != other and one in other]
