"""The examples read without a fault and say what their README says."""

import re

import pytest
from tests.shared import EXAMPLES, read_example

from oncopolis.centre import Project
from oncopolis.centre.copying import list_examples

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=list_examples())
def example(request: pytest.FixtureRequest) -> Project:
    return read_example(request.param)


def test_it_reads_without_a_fault(example: Project) -> None:
    assert example.network.routes
    assert example.centre.about
    assert example.centre.finance is not None
    assert example.centre.biobank is not None


def test_all_sites_enter(example: Project) -> None:
    assert len({entry.site for entry in example.network.entries}) >= 20


def test_every_department_stands_in_one_building(example: Project) -> None:
    placed = [name for building in example.centre.campus.buildings.values() for name in building.departments]
    assert sorted(placed) == sorted(example.centre.departments)


def test_every_building_can_be_reached(example: Project) -> None:
    ways = [set(walk.between) for walk in example.centre.campus.walks]
    reached = set(next(iter(ways)))
    while more := {name for way in ways if way & reached for name in way} - reached:
        reached |= more
    assert reached == set(example.centre.campus.buildings)


def test_protons_never_come_first(example: Project) -> None:
    first, *later = example.centre.openings
    assert first.departments is None
    assert all(opening.departments == ("proton",) for opening in later)


def test_rows_of_its_own_say_why(example: Project) -> None:
    own = {
        key: row for key, row in example.evidence.rows.items() if key.split(".")[0] in ("catchment", "flows")
    }
    assert own
    assert all(row.note or row.status == "published" for row in own.values())


def test_what_is_said_of_tashkent() -> None:
    project = read_example("tashkent")
    registered = project.evidence.get_row("catchment.populations.uzbekistan.registered.cases")
    assert (registered.value, registered.opened) == (21976, True)
    assert project.centre.biobank is not None
    assert project.centre.biobank.tanks == 26


def test_what_is_said_of_tyumen() -> None:
    project = read_example("tyumen")
    assert project.evidence.get_row("catchment.inherited_stock.patients").value == 45164
    assert project.evidence.get_row("catchment.populations.region.crude_rate").value == pytest.approx(482.13)
    assert len(project.centre.flows) > 6


def test_what_is_said_of_severance() -> None:
    project = read_example("severance")
    assert project.centre.resources["linac"].n == 16
    clinics = {flow.removesuffix("_visits") for flow in project.centre.flows if flow.endswith("_visits")}
    assert len(clinics) >= 10
    assert clinics <= set(project.centre.departments)


@pytest.mark.parametrize("name", list_examples())
def test_its_readme_says_what_to_change(name: str) -> None:
    text = (EXAMPLES / name / "README.md").read_text(encoding="utf-8")
    assert "What its figures rest on" in text
    assert "What to change first" in text
    keys = re.findall(r"`(catchment\.[a-z_]+)", text)
    assert keys
