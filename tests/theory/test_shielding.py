"""The algebra of tenth-value layers, and what must rise or fall with what, for any barrier."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.published.test_shielding import concrete, ncrp_maze

from oncopolis.design.shielding import Beam, Layer, Task, compute_leakage_gy, judge
from oncopolis.design.shielding.layers import (
    Tvl,
    combine_two_sources_m,
    compute_decades,
    compute_half_value_m,
    compute_thickness_m,
    compute_transmission,
    solve_thickness_m,
    stretch,
)
from oncopolis.design.shielding.mazes import judge_maze
from oncopolis.design.shielding.neutrons import NeutronPath, NeutronSource, list_neutrons
from oncopolis.design.shielding.parts import list_contributions
from oncopolis.design.shielding.protons import SourceTerm

TVLS = st.builds(Tvl, st.floats(0.02, 0.6), st.floats(0.02, 0.6))
METRES = st.floats(0.0, 4.0)
ENERGIES = st.sampled_from((6.0, 10.0, 15.0, 18.0))
FEW = settings(max_examples=25, deadline=None)
RISE = 1 + 1e-9
"""What rounding may add to a dose."""


@given(TVLS, st.floats(1e-9, 0.999))
def test_thickness_and_transmission_are_inverse(tvl: Tvl, transmission: float) -> None:
    thickness = compute_thickness_m(transmission, tvl)
    assert compute_transmission([(thickness, tvl)]) == pytest.approx(transmission, rel=1e-9)


@given(TVLS, st.integers(0, 8))
def test_whole_layers_let_a_tenth_through_each(tvl: Tvl, n: int) -> None:
    thickness = 0.0 if n == 0 else tvl.first_m + (n - 1) * tvl.next_m
    assert compute_transmission([(thickness, tvl)]) == pytest.approx(10.0**-n, rel=1e-9)


@given(TVLS, METRES, METRES)
def test_a_wall_cut_in_two_is_the_same_wall(tvl: Tvl, one: float, other: float) -> None:
    cut = compute_decades([(one, tvl), (other, tvl)])
    assert cut == pytest.approx(compute_decades([(one + other, tvl)]), abs=1e-9)


@given(TVLS, TVLS, METRES, METRES, st.floats(0.0, 0.5))
def test_more_of_any_layer_lets_less_through(
    one: Tvl, other: Tvl, near: float, far: float, more: float
) -> None:
    whole = compute_decades([(near, one), (far, other)])
    assert compute_decades([(near, one), (far + more, other)]) >= whole - 1e-12


def test_two_half_value_layers_let_a_quarter_through() -> None:
    tvl = Tvl(0.3, 0.3)
    assert compute_transmission([(2 * compute_half_value_m(tvl), tvl)]) == pytest.approx(0.25)
    assert compute_half_value_m(tvl) == pytest.approx(0.301 * 0.3, rel=1e-3)


def test_the_two_source_rule_adds_what_halves_two_equal_sources() -> None:
    """Two that need the same thickness give twice the limit there, and the limit a half-value layer on."""
    tvl = Tvl(0.3, 0.3)
    alone = compute_thickness_m(0.01, tvl)
    both = combine_two_sources_m((alone, alone), compute_half_value_m(tvl))
    assert both is not None
    assert 2 * compute_transmission([(both, tvl)]) == pytest.approx(0.01)


@pytest.mark.parametrize(("apart", "expected"), [(0.0, 1.1), (0.09, 1.19), (0.2, None), (0.34, 1.34)])
def test_the_two_source_rule_by_how_far_they_are_apart(apart: float, expected: float | None) -> None:
    """Up to a half-value layer (0.1) one is added, from a tenth-value layer (0.332) on none."""
    found = combine_two_sources_m((1.0, 1.0 + apart), 0.1)
    assert found == (None if expected is None else pytest.approx(expected))


@given(st.floats(1e-6, 1e3), st.floats(0.05, 0.5))
def test_the_thickness_that_is_solved_for_is_the_least(limit: float, tvl_m: float) -> None:
    def dose_at(thickness: float) -> float:
        return 1e3 * math.pow(10, -thickness / tvl_m)

    needed = solve_thickness_m(dose_at, limit)
    assert needed is not None
    assert dose_at(needed) <= limit
    assert needed < 1e-5 or dose_at(needed - 1e-5) > limit


def test_a_dose_that_does_not_fall_has_no_thickness() -> None:
    assert solve_thickness_m(lambda _: 2.0, 1.0) is None


def test_a_slanted_way_is_longer_and_counted_to_45_degrees() -> None:
    assert stretch(0) == 1
    assert stretch(30) == pytest.approx(1 / math.cos(math.pi / 6))
    assert stretch(80) == stretch(45) == pytest.approx(math.sqrt(2))


TASKS = st.builds(
    Task,
    kind=st.sampled_from(("primary", "secondary")),
    layers=st.tuples(st.builds(Layer, st.just("concrete"), st.floats(0.3, 2.5), st.floats(2200, 2500))),
    distance_m=st.floats(2.5, 9),
    occupancy=st.sampled_from((1.0, 0.5, 0.025)),
    limit_msv=st.sampled_from((0.02, 0.1, 0.4)),
    use=st.floats(0.1, 1),
    scatter_deg=st.floats(15, 150),
    slant_deg=st.floats(0, 40),
)
BEAMS = st.builds(
    lambda mv, workload, more: Beam("x", mv, workload, workload * more),
    ENERGIES,
    st.floats(10, 2000),
    st.floats(1, 5),
)


def dose(task: Task, beam: Beam) -> float:
    return sum(part.dose_msv for part in list_contributions(task, [beam]))


@FEW
@given(TASKS, BEAMS)
def test_thickness_to_dose_and_back(task: Task, beam: Beam) -> None:
    """Built as thick as it needs to be, a barrier lets the limit through."""
    judged = judge(task, [beam])
    assert judged.needed_m is not None
    built = replace(task, layers=(replace(task.layers[0], thickness_m=judged.needed_m),))
    if judged.needed_m == 0:
        assert dose(built, beam) <= task.limit_msv
    else:
        assert dose(built, beam) == pytest.approx(task.limit_msv, rel=1e-4)
    assert judged.is_enough == (judged.actual_m >= judged.needed_m)


@FEW
@given(TASKS, BEAMS, st.floats(1.01, 3))
def test_what_makes_a_dose_larger_and_smaller(task: Task, beam: Beam, more: float) -> None:
    whole = dose(task, beam)
    layer = task.layers[0]
    busier = replace(beam, workload_gy=beam.workload_gy * more, leakage_gy=beam.leakage_gy * more)
    assert dose(task, busier) == pytest.approx(whole * more)
    assert dose(replace(task, occupancy=task.occupancy / more), beam) == pytest.approx(whole / more)
    thicker = replace(layer, thickness_m=layer.thickness_m * more)
    denser = replace(layer, density_kg_m3=layer.density_kg_m3 * more)
    for less in (
        replace(task, distance_m=task.distance_m * more),
        replace(task, layers=(thicker,)),
        replace(task, layers=(denser,)),
        replace(task, use=task.use / more),
    ):
        assert dose(less, beam) <= whole * RISE
    wanted = judge(task, [beam]).needed_m
    wanted_busier = judge(task, [busier]).needed_m
    assert wanted is not None
    assert wanted_busier is not None
    assert wanted_busier >= wanted


@FEW
@given(TASKS, BEAMS)
def test_density_counts_as_thickness(task: Task, beam: Beam) -> None:
    """Half the thickness of twice the density lets the same through."""
    layer = task.layers[0]
    halved = Layer("concrete", layer.thickness_m / 2, layer.density_kg_m3 * 2)
    assert dose(replace(task, layers=(halved,)), beam) == pytest.approx(dose(task, beam), rel=1e-9)


def test_leakage_of_modulated_treatment() -> None:
    assert compute_leakage_gy(100, 0.0, 5) == 100
    assert compute_leakage_gy(100, 1.0, 5) == 500
    assert compute_leakage_gy(100, 0.5, 5) == 300


def test_a_longer_maze_and_a_thicker_door_let_less_through() -> None:
    beams = [Beam("18", 18, 450, 450)]
    maze = ncrp_maze()
    bare = judge_maze(maze, beams)
    assert maze.neutrons is not None
    longer = replace(maze, dz_m=8.8, dzz_m=11.9, neutrons=replace(maze.neutrons, d2_m=10.5))
    assert judge_maze(longer, beams).dose_msv < bare.dose_msv
    door = (Layer("lead", 0.03, 11350), Layer("polyethylene", 0.06, 950))
    closed = judge_maze(replace(maze, door=door), beams)
    assert closed.dose_msv < bare.dose_msv / 5
    assert closed.needed_m is not None
    sized = replace(maze, door=(door[0], replace(door[1], thickness_m=closed.needed_m)))
    assert judge_maze(sized, beams).dose_msv == pytest.approx(0.1, rel=1e-3)


def test_a_second_turn_leaves_a_third_of_the_neutrons() -> None:
    path = NeutronPath({"x": NeutronSource(1e12, 1.0, "")}, 6, 8, 200, 8, 8)
    beam = Beam("x", 18, 100, 100)
    once, twice = list_neutrons(path, beam, 1.0)[1], list_neutrons(replace(path, turns=2), beam, 1.0)[1]
    assert twice.dose_msv == pytest.approx(once.dose_msv / 3, rel=1e-4)


def test_proton_terms_fall_as_two_exponentials() -> None:
    term = SourceTerm(0, 1e-15, 100, 1e-16, 50)
    assert term.compute_per_proton(0, 2) == pytest.approx(1.1e-15 / 4)
    assert term.compute_per_proton(100, 1) == pytest.approx(1e-15 / math.e + 1e-16 / math.e**2)


def test_steel_in_a_beam_above_10_mv_adds_neutrons_and_photons() -> None:
    """Equations 2.5 and 2.6, by hand: 60 cm concrete, 20 cm steel, 60 cm concrete, 18 MV."""
    layers = (*concrete(60), Layer("steel", 0.2, 7870), *concrete(60))
    task = Task("primary", layers, 5.0, 1.0, 0.1, use=0.25)
    photons, neutrons = list_contributions(task, [Beam("18", 18, 400, 400)])
    decades = (1 + 0.15 / 0.43) + 0.2 / 0.11 + 0.6 / 0.43
    assert photons.dose_msv == pytest.approx(2.7 * 400 * 0.25 / 36 * 10**-decades * 1e3)
    by_hand = (
        400 * 0.25 * 1.7e-4 * 0.16 / (0.1 + 0.6 + 0.3) ** 2 * 10 ** -(1 + 0.15 / 0.43) * 10 ** -(0.6 / 0.25)
    )
    assert neutrons.dose_msv == pytest.approx(by_hand * 1e3)
    assert len(list_contributions(task, [Beam("10", 10, 400, 400)])) == 1


def test_concrete_alone_adds_none() -> None:
    task = Task("primary", concrete(150), 5.0, 1.0, 0.1, use=0.25)
    (photons,) = list_contributions(task, [Beam("18", 18, 400, 400)])
    assert photons.kind == "primary"


def test_a_secondary_barrier_is_judged_for_scatter_and_leakage() -> None:
    """A primary one for the useful beam."""
    primary = Task("primary", concrete(100), 5.0, 1.0, 0.1)
    kinds = [
        part.kind for part in list_contributions(replace(primary, kind="secondary"), [Beam("6", 6, 1, 1)])
    ]
    assert kinds == ["scatter", "leakage"]


@FEW
@given(st.floats(15, 150), ENERGIES)
def test_scatter_falls_with_the_angle(angle: float, mv: float) -> None:
    task = Task("secondary", concrete(80), 5.0, 1.0, 0.1, scatter_deg=angle)
    beam = Beam("x", mv, 100, 100)
    wider = replace(task, scatter_deg=min(angle + 10, 160))
    assert list_contributions(wider, [beam])[0].dose_msv <= list_contributions(task, [beam])[0].dose_msv
