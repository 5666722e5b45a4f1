"""Shielding examples that others published, recomputed: NCRP 151, a thesis, a public engine, Monte Carlo.

Differences are stated where they are asserted. S1 to S7 are the cases the method was chosen by.
"""

import math

import pytest

from oncopolis.design.shielding import Beam, Layer, Task, judge
from oncopolis.design.shielding.attenuation import get_tvl
from oncopolis.design.shielding.mazes import Maze, judge_maze, list_at_door
from oncopolis.design.shielding.neutrons import NeutronPath, NeutronSource, list_neutrons

CONCRETE = 2350.0
HIGH, LOW = Beam("18", 18, 450, 450), Beam("6", 6, 225, 225)
"""The machine of NCRP 151 section 7.1: 450 Gy a week at 18 MV and 225 at 6 MV."""
VARIAN_1800 = NeutronSource(1.22e12, 1.6, "NCRP 151 table B.9")
PATH = NeutronPath({"18": VARIAN_1800}, d1_m=6.4, d2_m=8.5, room_m2=236, inner_m2=9.2, maze_m2=8.4)


def concrete(cm: float) -> tuple[Layer, ...]:
    return (Layer("concrete", cm / 100, CONCRETE),)


def ncrp_maze(occupancy: float = 1.0) -> Maze:
    """The maze of NCRP 151 section 7.1.10."""
    return Maze(
        use=0.25, dh_m=4.2, dr_m=5.9, dz_m=6.8, dsec_m=7.3, dsec_target_m=7.9, dzz_m=9.9, dl_m=7.3,
        a0_m2=2.82, az_m2=8.4, a1_m2=11.8, inner_wall=concrete(125), slant=1.0, occupancy=occupancy,
        limit_msv=0.1, neutrons=PATH,
    )  # fmt: skip


def sum_photons(beams: list[Beam]) -> float:
    parts = list_at_door(ncrp_maze(), beams)
    return sum(part.dose_msv for part in parts if part.kind not in ("neutron", "capture gamma"))


def test_s1_the_primary_wall_of_a_thesis() -> None:
    """15 MV, 312.5 Gy a week: 132.2 cm."""
    task = Task("primary", concrete(132.2), 7.3, 1 / 40, 0.02, use=0.25)
    judged = judge(task, [Beam("15", 15, 312.5, 312.5)])
    assert judged.needed_m == pytest.approx(1.322, abs=5e-4)
    wanted = next(step for step in judged.contributions[0].steps if step.symbol == "B_needed")
    assert wanted.value == pytest.approx(7.1e-4, rel=0.01)


def test_s2_the_same_wall_with_the_other_energy() -> None:
    """6 MV behind 132 cm: 3.7 uSv a week. The thesis prints 6.8e-4 Sv/h, its own numbers give 6.9e-4."""
    task = Task("primary", concrete(132), 7.3, 1 / 40, 0.02, use=0.25)
    judged = judge(task, [Beam("6", 6, 312.5, 312.5, 360)])
    assert judged.dose_msv == pytest.approx(3.7e-3, rel=0.02)
    assert judged.contributions[0].per_gray_sv * 360 == pytest.approx(6.9e-4, rel=0.01)


def test_s3_a_wall_computed_by_hand_for_a_public_engine() -> None:
    """6 MV, 1,000 Gy a week, 4 m from the target: 175.4 cm."""
    task = Task("primary", concrete(175), 3.0, 1.0, 0.1, use=0.25)
    assert judge(task, [Beam("6", 6, 1000, 1000)]).needed_m == pytest.approx(1.754, abs=5e-4)


def test_s4_capture_gammas_of_ncrp_151() -> None:
    """Section 7.1.11: fluence 7.88e9, 1.45e-7 Sv/Gy, 65.3 uSv a week."""
    gammas, _ = list_neutrons(PATH, HIGH, 1.0)
    assert gammas.steps[0].value == pytest.approx(7.88e9, rel=1e-3)
    assert gammas.per_gray_sv == pytest.approx(1.45e-7, rel=1e-3)
    assert gammas.dose_msv == pytest.approx(0.0653, rel=1e-3)


def test_s5_neutrons_of_ncrp_151() -> None:
    """Section 7.1.11: TVD 6.0 m; Wu and McGinley 0.8e-6, Kersey 1.7e-6 Sv/Gy, which the door is sized for.

    With the square root of the areas' ratio the first is 0.75e-6, without it 0.78e-6: the printed 0.8 tells
    nothing of the form. A transcription made from the page has the root, which is used; so the printed
    360 uSv a week (450 x 0.8e-6) is 7 % above what the formula gives, by rounding.
    """
    _, neutrons = list_neutrons(PATH, HIGH, 1.0)
    wu = neutrons.steps[1]
    assert "2.19" in wu.clause
    assert wu.value == pytest.approx(0.75e-6, rel=0.005)
    assert neutrons.per_gray_sv == pytest.approx(1.7e-6, rel=0.005)
    assert neutrons.dose_msv == pytest.approx(0.765, rel=0.005)
    alone = NeutronPath({"18": NeutronSource(1.22e12, None, "")}, 6.4, 8.5, 236, 9.2, 8.4)
    _, only_wu = list_neutrons(alone, HIGH, 1.0)
    assert only_wu.steps[1].value == pytest.approx(6.0, rel=0.01), "TVD"
    assert only_wu.dose_msv == pytest.approx(0.360, rel=0.08)


def test_the_whole_door_of_ncrp_151() -> None:
    """Sections 7.1.10 and 7.1.11: 100 uSv of photons, 113 with IMRT, 930 in all."""
    assert sum_photons([HIGH, LOW]) == pytest.approx(0.100, rel=0.005)
    imrt = [Beam("18", 18, 450, 450 * 2.6), Beam("6", 6, 225, 225 * 4.2)]
    assert sum_photons(imrt) == pytest.approx(0.113, rel=0.005)
    total = sum(part.dose_msv for part in list_at_door(ncrp_maze(), [HIGH, LOW]))
    assert total == pytest.approx(0.930, rel=0.005)


def test_the_lead_and_polyethylene_of_that_door() -> None:
    """Section 7.1.13: 53.6 mm of polyethylene and about 7 mm of lead halve the goal between the two."""
    half_goal = 0.05
    gammas, neutrons = list_neutrons(PATH, HIGH, 1.0)
    assert 45 * math.log10(neutrons.dose_msv / half_goal) == pytest.approx(53.6, abs=0.6)
    assert 61 * math.log10(gammas.dose_msv / half_goal) == pytest.approx(7.0, abs=0.6)


def test_the_secondary_wall_of_ncrp_151_is_thicker_than_the_sum_of_doses_asks() -> None:
    """Location A: the report adds two half-value layers and has 66.4 cm; doses reach the goal at 55.6.

    The two-source rule is a shortcut on the safe side. Applied once it gives 59.3 cm.
    """
    task = Task("secondary", concrete(66.4), 7.2, 1 / 40, 0.02, use=0.25, scatter_deg=30)
    judged = judge(task, [HIGH, LOW])
    assert judged.is_enough
    assert judged.needed_m == pytest.approx(0.556, abs=1e-3)
    assert judged.two_source_m == pytest.approx(0.593, abs=1e-3)


def test_s6_the_table_against_monte_carlo() -> None:
    """6 MV in concrete: Geant4 has 36.8 and 33.8 cm, the table 37 and 33: within 3 %."""
    tvl = get_tvl("primary", concrete(1)[0], 6, {}, "")
    assert tvl.first_m == pytest.approx(0.368, rel=0.03)
    assert tvl.next_m == pytest.approx(0.338, rel=0.03)


def test_s7_a_maze_door_against_monte_carlo() -> None:
    """6 MV, 450 Gy a week, no lead: Geant4 has 0.365 +- 0.009 mSv a week, its authors' NCRP method 0.322.

    Distances are read off the model's code: a room of 7 by 6.5 by 3 m, a maze 1.5 m wide, an inner wall of
    50 cm. The method comes out 13 % below the simulation: it is no upper bound, which the explanation says.
    """
    target_to_door = math.hypot(2.5, 3.75)
    maze = Maze(
        use=0.25, dh_m=4.5, dr_m=math.hypot(1.0, 3.75), dz_m=6.0, dsec_m=math.hypot(3.5, 3.75),
        dsec_target_m=math.hypot(4.5, 3.75), dzz_m=7.0, dl_m=target_to_door, a0_m2=(0.4 * 4.5) ** 2,
        az_m2=2.0 * 3.0, a1_m2=1.5 * 3.0, inner_wall=concrete(50), slant=target_to_door / 3.75,
        occupancy=1.0, limit_msv=0.1,
    )  # fmt: skip
    dose = judge_maze(maze, [Beam("6", 6, 450, 450)]).dose_msv
    assert dose == pytest.approx(0.322, rel=0.03)
    assert dose / 0.365 == pytest.approx(0.88, abs=0.03)
