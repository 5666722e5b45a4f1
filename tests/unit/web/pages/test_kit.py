"""The page kit: languages, letters, local time, files, codes, and what a page may load."""

import asyncio
import gzip
import re
from datetime import date
from zoneinfo import ZoneInfo

import httpx
import pytest
from starlette.applications import Starlette

import make_catalogues
from oncopolis.record.accounts.managing import LANGUAGES
from oncopolis.web.pages import (
    CODES,
    Frame,
    Link,
    Moments,
    choose,
    draw_code,
    fill,
    find_address,
    find_words,
    make_asset_routes,
    show,
    show_refusal,
)
from oncopolis.web.pages.cyrillic import to_cyrillic

NOON_MS = 1_803_884_400_000  # 2027-03-01 07:00 UTC
TASHKENT = ZoneInfo("Asia/Tashkent")


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Oʻzbekiston", "Ўзбекистон"),
        ("Yo'l koʻrsatilmagan", "Йўл кўрсатилмаган"),
        ("shifoxona, choyxona", "шифохона, чойхона"),
        ("kengash va sen", "кенгаш ва сен"),
        ("Ertaga yer, poezd", "Эртага ер, поэзд"),
        ("navbatni kuting", "навбатни кутинг"),
        ("Konsultatsiya va operatsiya", "Консультация ва операция"),
        ("patsient kutsin", "пациент кутсин"),
        ("ma’lumot, sanʼat", "маълумот, санъат"),
        ("QR kodni PDF sifatida", "QR кодни PDF сифатида"),
        ("{name} keldi, {n} kishi", "{name} келди, {n} киши"),
        ("MRT 3-xona, A-0042", "МРТ 3-хона, А-0042"),
    ],
)
def test_uzbek_in_cyrillic_letters(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


def test_every_uzbek_text_of_the_pages_has_only_cyrillic_words() -> None:
    """Letters that the table does not know would stay Latin; names of formats may."""
    kept = re.compile(r"\{[^}]*\}|[A-Z]{2,}\d?|Oncopolis|OpenID|FHIR|user/\S+")
    uzbek = make_catalogues.read_translations("uz")
    for text in uzbek.values():
        left = re.findall(r"(?<![\w/.-])[A-Za-z]{3,}(?![\w/.-])", kept.sub("", to_cyrillic(text)))
        assert not left, text


def test_places_survive_and_are_filled() -> None:
    words = find_words("uz-Cyrl")
    filled = words.text("{n} open sessions.", n="ABC")
    assert "ABC" in filled
    assert filled != "{n} open sessions."
    assert words.text("There is no translation of this") == "There is no translation of this"
    assert words.label("Breast") == to_cyrillic(find_words("uz").label("Breast"))


@pytest.mark.parametrize(
    ("wishes", "accepted", "code"),
    [
        (["ru"], "ko", "ru"),
        (["", "xx"], "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ([], "uz-Cyrl-UZ,uz;q=0.8", "uz-Cyrl"),
        ([], "uz-Latn", "uz"),
        ([], "fr,de", "en"),
        ([], "", "en"),
    ],
)
def test_language_is_chosen(wishes: list[str], accepted: str, code: str) -> None:
    assert choose(wishes, accepted) == code


def test_accounts_and_pages_know_the_same_languages() -> None:
    assert tuple(LANGUAGES) == CODES


def test_moments_are_those_of_the_centre() -> None:
    assert Moments(TASHKENT, "en").clock(NOON_MS) == "12:00"
    assert Moments(TASHKENT, "ru").moment(NOON_MS) == "1 мар. 2027\u202fг., 12:00"
    assert Moments(ZoneInfo("Asia/Seoul"), "ko").clock(NOON_MS) == "16:00"
    assert Moments(TASHKENT, "en").clock(None) == "–"
    days = {code: Moments(TASHKENT, code).day(date(2027, 3, 1)) for code in CODES}
    assert days["en"] == "Monday 1 March"
    assert days["ru"] == "понедельник, 1 марта"
    assert days["uz-Cyrl"].startswith("душанба")
    assert len(set(days.values())) == len(CODES)


def make_frame(**members: object) -> Frame:
    return Frame(**({"code": "en", "house": "Centre", "is_shadow": False} | members))  # type: ignore[arg-type]


def test_a_page_loads_only_what_is_ours_and_has_nothing_inline() -> None:
    frame = make_frame(
        is_alive=True, is_shadow=True, csrf="c", links=[Link("/live", "Home", is_current=True)],
        address_in=lambda code: f"?language={code}",
    )  # fmt: skip
    answer = show_refusal(frame, 409, "<b>taken</b>", ("/live", "Back"))
    page = bytes(answer.body).decode()
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 409
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|style=|<script(?! src=\"/assets/)|\son\w+=|javascript:", page)
    assert "&lt;b&gt;taken" in page
    assert "Shadow mode" in page
    assert 'aria-current="page"' in page
    assert re.findall(r'hreflang="([^"]+)"', page) == list(CODES)
    assert answer.headers["cache-control"] == "no-store"


def test_a_form_may_lead_to_one_other_site() -> None:
    answer = show("pages", "refused.html", make_frame(), forms="https://other.test", back=None)
    assert "form-action 'self' https://other.test;" in answer.headers["content-security-policy"]


def test_what_a_template_does_not_know_is_an_error() -> None:
    with pytest.raises(Exception, match="back"):
        fill("pages", "refused.html", make_frame())


def fetch(path: str, encoding: str = "identity") -> tuple[httpx.Response, bytes]:
    """An answer, and its bytes as they came."""

    async def run() -> tuple[httpx.Response, bytes]:
        transport = httpx.ASGITransport(Starlette(routes=make_asset_routes()))
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://test") as client,
            client.stream("GET", path, headers={"accept-encoding": encoding}) as answer,
        ):
            return answer, b"".join([part async for part in answer.aiter_raw()])

    return asyncio.run(run())


def test_files_are_kept_as_long_as_they_are_the_same() -> None:
    address = find_address("pages", "style.css")
    answer, plain = fetch(address)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert "immutable" not in fetch(f"{address}x")[0].headers["cache-control"]
    answer, packed = fetch(address, "gzip")
    assert answer.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(packed) == plain
    assert len(packed) < len(plain)


@pytest.mark.parametrize(
    "path", ["pages/showing.py", "pages/..%2fshowing.py", "fhir/x.css", "pages/x.css", "nobody/x.js"]
)
def test_nothing_else_is_a_file(path: str) -> None:
    assert fetch(f"/assets/{path}")[0].status_code == 404


def test_a_code_is_a_picture_without_style() -> None:
    drawn = draw_code("https://centre.test/journey/abc")
    assert drawn.startswith("<svg")
    assert "style=" not in drawn
    assert "viewBox" in drawn
    assert draw_code("other") != drawn
