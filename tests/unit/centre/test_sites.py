"""Sites: codes, ICD-10 and names."""

import pytest

from oncopolis.centre.geography import (
    find_site_by_code,
    find_site_by_icd10,
    find_site_by_name,
    get_site,
    get_site_index,
    list_aggregates,
    list_site_ids,
    list_sites,
)
from oncopolis.foundation.errors import NotFoundError


def test_every_globocan_code_has_one_site() -> None:
    codes = [site.globocan_code for site in list_sites()]
    assert codes[:-1] == list(range(1, 37))
    assert codes[-1] is None
    assert list_site_ids()[-1] == "other"
    assert len(set(list_site_ids())) == len(codes)
    assert get_site_index()["lip_oral_cavity"] == 0


def test_aggregates_are_not_sites() -> None:
    assert {site.globocan_code for site in list_aggregates()} == {39, 40, 41}
    assert not {site.id for site in list_aggregates()} & set(list_site_ids())
    parts = [site.id for site in list_sites() if site.part_of == "colorectum"]
    assert parts == ["colon", "rectum", "anus"]


@pytest.mark.parametrize(
    ("code", "site"),
    [
        ("C50.9", "breast"),
        ("c509", "breast"),
        ("C18", "colon"),
        ("C20", "rectum"),
        ("C44.3", "nmsc"),
        ("C85.1", "non_hodgkin_lymphoma"),
        ("C87", "other"),
        ("C88.0", "non_hodgkin_lymphoma"),
        ("C24", "other"),
        ("C80", "other"),
        ("C06", "lip_oral_cavity"),
    ],
)
def test_icd10_finds_its_site(code: str, site: str) -> None:
    found = find_site_by_icd10(code)
    assert found is not None
    assert found.id == site


@pytest.mark.parametrize("code", ["D05", "C", "C5", "C99", "50", "", "C50.99"])
def test_what_is_no_invasive_cancer_finds_nothing(code: str) -> None:
    assert find_site_by_icd10(code) is None


def test_codes_37_and_38_are_other() -> None:
    for code in (37, 38):
        site = find_site_by_code(code)
        assert site is not None
        assert site.id == "other"
    assert find_site_by_code(42) is None
    assert find_site_by_code(0) is None


@pytest.mark.parametrize(
    "name", ["lung", "Trachea, bronchus and lung", "TRACHEA,  bronchus and lung", "기관·기관지·폐"]
)
def test_names_in_any_language_find_their_site(name: str) -> None:
    site = find_site_by_name(name)
    assert site is not None
    assert site.id == "lung"


def test_names_are_unambiguous() -> None:
    seen: dict[str, str] = {}
    for site in (*list_sites(), *list_aggregates()):
        for name in {site.id, *site.label.model_dump().values(), *site.also}:
            assert seen.setdefault(name.casefold(), site.id) == site.id, name


def test_unknown_site_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="cervix_uteri"):
        get_site("cervix_uter")
    assert get_site("colorectum").globocan_code == 41
