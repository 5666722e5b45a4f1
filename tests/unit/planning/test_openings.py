"""Which department is open in which year."""

import pytest
from tests.clinic import build, read

from oncopolis.centre import Centre
from oncopolis.planning.openings import compute_open, find_opening_years, list_departments


def make_centre(*openings: tuple[int, list[str] | None]) -> Centre:
    data = build()
    data["openings"] = [
        {"id": f"p{i}", "label": "Phase", "year": year, "sized_for": year + 1}
        | ({} if departments is None else {"departments": departments})
        for i, (year, departments) in enumerate(openings)
    ]
    return read(data).centre


def test_a_phase_without_a_list_opens_what_no_other_names() -> None:
    centre = make_centre((2027, None), (2030, ["radiotherapy", "biobank"]))
    assert set(list_departments(centre, centre.openings[0])) == {"outpatient", "wards", "surgery"}
    assert find_opening_years(centre) == {
        "outpatient": 2027,
        "wards": 2027,
        "surgery": 2027,
        "radiotherapy": 2030,
        "biobank": 2030,
    }


def test_the_first_phase_that_names_a_department_opens_it() -> None:
    centre = make_centre((2030, ["wards", "surgery"]), (2027, ["wards"]))
    assert find_opening_years(centre)["wards"] == 2027
    assert find_opening_years(centre)["surgery"] == 2030


def test_what_no_phase_names_never_opens() -> None:
    centre = make_centre((2027, ["outpatient"]))
    assert find_opening_years(centre) == {"outpatient": 2027}


@pytest.mark.parametrize(("year", "is_open"), [(2026, 0), (2027, 1), (2037, 1)])
def test_a_department_is_open_from_its_first_year_on(year: int, is_open: int) -> None:
    centre = make_centre((2027, ["outpatient"]))
    assert compute_open(centre, (year,))["outpatient"].tolist() == [[is_open]]
    assert compute_open(centre, (year,))["wards"].tolist() == [[0]]
