"""UN population files."""

from pathlib import Path

import numpy as np
import pytest

from oncopolis.centre.geography import get_age_starts
from oncopolis.centre.importers import load_wpp
from oncopolis.foundation.errors import InputError, InputErrors, NotFoundError

HEAD = (
    "SortOrder,LocID,ISO3_code,LocTypeName,Location,Variant,Time,"
    "AgeGrp,AgeGrpStart,AgeGrpSpan,PopMale,PopFemale,PopTotal\n"
)


def rows(
    ages: list[int], *, iso3: str = "UZB", variant: str = "Medium", year: int = 2030, male: str = "1.5"
) -> str:
    return "".join(f"1,860,{iso3},Country,X,{variant},{year},{a},{a},5,{male},2,3.5\n" for a in ages)


GROUPS = list(range(0, 101, 5))
SINGLE = list(range(101))


def write(folder: Path, *parts: str, head: str = HEAD) -> Path:
    path = folder / "wpp.csv"
    path.write_text(head + "".join(parts), encoding="utf-8")
    return path


def test_five_year_groups(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        rows(GROUPS),
        rows(GROUPS, year=2035),
        rows(GROUPS, variant="High"),
        rows(GROUPS, iso3="KOR"),
    )
    table = load_wpp(path, iso3="UZB")
    assert list(table.population_years) == [2030, 2035]
    assert table.population.shape == (2, 2, len(get_age_starts()))
    np.testing.assert_allclose(table.population[0, 0], [2000] * 17 + [8000])
    np.testing.assert_allclose(table.population[0, 1], [1500] * 17 + [6000])


def test_single_years_add_up(tmp_path: Path) -> None:
    table = load_wpp(write(tmp_path, rows(SINGLE)), iso3="UZB", years=[2030])
    np.testing.assert_allclose(table.population[0, 0], [10_000] * 17 + [32_000])


def test_several_files_and_years(tmp_path: Path) -> None:
    first = write(tmp_path, rows(GROUPS, year=2022, variant="Estimates"))
    second = tmp_path / "later.csv"
    second.write_text(HEAD + rows(GROUPS, year=2030) + rows(GROUPS, year=2031), encoding="utf-8")
    table = load_wpp(first, second, iso3="UZB", years=range(2022, 2031))
    assert list(table.population_years) == [2022, 2030]


def test_plain_table_of_persons_with_its_year(tmp_path: Path) -> None:
    path = write(tmp_path, *(f"UZB,{age},3,4\n" for age in GROUPS), head="iso3,age_start,male,female\n")
    assert load_wpp(path, iso3="UZB", year=2022).population.sum() == 7 * len(GROUPS)
    with pytest.raises(InputErrors, match="name the year of the table"):
        load_wpp(path, iso3="UZB")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (rows(GROUPS, male="-1"), "IMP-011"),
        (rows(GROUPS, male=""), "IMP-010"),
        (rows(GROUPS) + rows([5]), "WPP-002"),
        (rows([*GROUPS, 101]), "WPP-003"),
        (rows(GROUPS[1:]), "WPP-005"),
        (rows(GROUPS[:5]), "WPP-005"),
        (rows([*GROUPS, 1, 2, 3, 4]), "WPP-005"),
        (rows([0, *range(10, 101, 5)]), "WPP-005"),
    ],
)
def test_gaps_and_nonsense_are_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        load_wpp(write(tmp_path, text), iso3="UZB")
    assert caught.value.code == code


def test_table_without_sexes_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "UZB,2022,0,3\n", head="iso3,year,age_start,both\n")
    with pytest.raises(InputError) as caught:
        load_wpp(path, iso3="UZB")
    assert caught.value.code == "WPP-004"


def test_country_or_year_that_is_not_there(tmp_path: Path) -> None:
    path = write(tmp_path, rows(GROUPS))
    with pytest.raises(NotFoundError, match="expected one of UZB"):
        load_wpp(path, iso3="UZV")
    with pytest.raises(NotFoundError):
        load_wpp(path, iso3="UZB", years=[1999])
