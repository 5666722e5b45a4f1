"""The smallest capacities of a clinic, and what one more of a resource costs."""

from math import isnan
from pathlib import Path

import pytest
from tests.folders import PROJECTS, make_clinic

from oncopolis.centre import read_project
from oncopolis.foundation import InfeasibleError, InputError, NotFoundError
from oncopolis.report.capacities import write_capacity
from oncopolis.studies import size_project
from oncopolis.studies.preparing import prepare
from oncopolis.studies.prices import find_price
from oncopolis.studies.sizing import set_count

DAYS = 30


def test_doctors_are_added_until_they_are_not_overloaded(tmp_path: Path) -> None:
    sized = size_project(make_clinic(tmp_path, 0.05), {"doctor": (1, 8)}, ["busy"], days=DAYS)
    found = sized.capacity
    assert found.is_proven
    assert found.counts["doctor"] > 1
    assert found.needed_for["doctor"] == ("busy",)
    assert all(verdict.met for verdict in found.verdicts)
    told = write_capacity(sized.to_document())
    assert "Doctors not overloaded" in told
    assert "Not modelled" in told


def test_more_than_is_allowed(tmp_path: Path) -> None:
    with pytest.raises(InfeasibleError, match="busy"):
        size_project(make_clinic(tmp_path, 0.01), {"doctor": (1, 2)}, days=DAYS)


def test_names_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        size_project(make_clinic(tmp_path), {"doctr": (1, 2)}, ["bussy"], days=DAYS)
    assert "--resource doctr" in str(caught.value)
    assert "--target bussy" in str(caught.value)


def test_one_name_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="one of talked, busy"):
        size_project(make_clinic(tmp_path), {"doctor": (1, 2)}, ["bussy"], days=DAYS)


def test_without_targets_there_is_nothing_to_meet() -> None:
    with pytest.raises(InputError, match="TWN-066"):
        size_project(PROJECTS / "clinic", {"doctor": (1, 2)}, days=DAYS)


def test_prices() -> None:
    project = read_project(PROJECTS / "clinic")
    doctor, office = find_price(project, "doctor"), find_price(project, "office")
    assert doctor.per_year > 9000  # present all week takes more than one person
    assert doctor.capital == 0
    assert (office.capital, office.per_year) == (500, 50)
    nothing = find_price(read_project(PROJECTS / "treatment_centre"), "trauma_room")
    assert isnan(nothing.per_year)


def test_counts_replace_what_was_there() -> None:
    equipped = prepare(PROJECTS / "clinic", {}, lambda what, share: None).equipped
    more = set_count(equipped, "doctor", 7)
    assert [duty.n for duty in more.list_duties("doctor")] == [7]
    assert more.list_duties("office") == equipped.list_duties("office")
