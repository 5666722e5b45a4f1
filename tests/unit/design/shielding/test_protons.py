"""Proton barriers: by a cited table of the project, and never without one."""

import math
from pathlib import Path

import pytest
import yaml
from tests.unit.design.shielding.test_reading import refuse, write

from oncopolis.cli.entry import run
from oncopolis.design.shielding import check_bunker, read_bunker

TEXT = """
name: A beam stop
limits: ncrp
protons:
  label: Patient
  energy_mev: 200
  per_week: 1.0e+13
  material: concrete
  source: terms made up for this test
  terms:
    - {angle_deg: 0, h1_sv_m2: 1.0e-14, lambda1_g_cm2: 100, h2_sv_m2: 1.0e-15, lambda2_g_cm2: 50}
    - {angle_deg: 90, h1_sv_m2: 1.0e-15, lambda1_g_cm2: 60, h2_sv_m2: 1.0e-15, lambda2_g_cm2: 40}
barriers: {wall: {label: Wall, kind: proton, layers: [{material: concrete, cm: 250}]}}
points: {p: {label: P, behind: wall, area: controlled, occupancy: 1, distance_m: 6, angle_deg: 0}}
"""


def test_the_dose_is_that_of_the_table(tmp_path: Path) -> None:
    data = yaml.safe_load(TEXT)
    (result,) = check_bunker(read_bunker(write(tmp_path, data))).results
    depth = 250 * 2.35
    by_hand = 1e13 * (1e-14 * math.exp(-depth / 100) + 1e-15 * math.exp(-depth / 50)) / 36 * 1e3
    assert result.judged.dose_msv == pytest.approx(by_hand)
    assert result.judged.contributions[0].steps[0].clause == "terms made up for this test"
    assert result.judged.needed_m is not None


def test_the_page_cites_the_terms(tmp_path: Path) -> None:
    assert run(["shield", str(write(tmp_path, yaml.safe_load(TEXT))), "--out", str(tmp_path / "out")]) in (
        0,
        1,
    )
    page = (tmp_path / "out" / "shielding.html").read_text("utf-8")
    assert "terms made up for this test" in page
    assert "No wall of this file" in (tmp_path / "out" / "plan.svg").read_text("utf-8")


def test_between_angles_the_term_that_lets_more_through_is_taken(tmp_path: Path) -> None:
    data = yaml.safe_load(TEXT)
    doses = []
    for angle in (0, 45, 90):
        data["points"]["p"]["angle_deg"] = angle
        doses.append(check_bunker(read_bunker(write(tmp_path, data))).results[0].judged.dose_msv)
    assert doses[0] == doses[1] > doses[2]


def test_without_terms_nothing_is_computed(tmp_path: Path) -> None:
    data = yaml.safe_load(TEXT)
    del data["protons"]
    assert "DES-113" in {fault.code for fault in refuse(tmp_path, data)}


@pytest.mark.parametrize("lacking", ["source", "terms"])
def test_terms_without_a_source_are_refused(lacking: str, tmp_path: Path) -> None:
    data = yaml.safe_load(TEXT)
    del data["protons"][lacking]
    assert [fault.code for fault in refuse(tmp_path, data)] == ["DES-101"]


def test_a_layer_of_another_material_is_refused(tmp_path: Path) -> None:
    data = yaml.safe_load(TEXT)
    data["barriers"]["wall"]["layers"].append({"material": "steel", "cm": 20})
    assert [fault.code for fault in refuse(tmp_path, data)] == ["DES-110"]


def test_an_angle_beyond_the_table_is_refused(tmp_path: Path) -> None:
    data = yaml.safe_load(TEXT)
    data["points"]["p"]["angle_deg"] = 120
    assert [fault.code for fault in refuse(tmp_path, data)] == ["DES-111"]


def test_a_point_needs_its_angle(tmp_path: Path) -> None:
    data = yaml.safe_load(TEXT)
    del data["points"]["p"]["angle_deg"]
    assert [fault.code for fault in refuse(tmp_path, data)] == ["DES-104"]
