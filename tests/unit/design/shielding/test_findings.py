"""Every rule of a shielding check has a bunker that passes it and one that fails it."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.unit.design.shielding.test_reading import example, put, write

from oncopolis.design.shielding import Checked, check_bunker, list_findings, read_bunker, to_document
from oncopolis.design.shielding import findings as module


def check(folder: Path, data: object) -> Checked:
    return check_bunker(read_bunker(write(folder, data)))


def list_rules(folder: Path, data: object) -> dict[str, str]:
    return {finding.rule: finding.severity for finding in list_findings(check(folder, data))}


CHANGES: dict[str, tuple[str, list[tuple[tuple[Any, ...], Any]]]] = {
    "barrier-too-thin": ("error", [(("barriers", "south", "layers", 0, "cm"), 60)]),
    "door-lets-too-much-through": ("error", [(("mazes", "door", "door"), None)]),
    "dose-rate-too-high": ("error", [(("barriers", "roof", "layers", 0, "cm"), 150)]),
    "dose-rate-not-checkable": (
        "error",
        [(("rates",), ["uk"]), (("machine", "beams", "x6", "dose_rate_gy_h"), None)],
    ),
    "neutrons-not-checkable": ("error", [(("mazes", "door", "neutrons"), None)]),
    "neutrons-behind-metal-not-checkable": (
        "error",
        [(("barriers", "roof", "layers"), [{"material": "lead", "cm": 40}])],
    ),
    "maze-outside-the-method": ("warning", [(("mazes", "door", "height_m"), 9.0)]),
    "primary-barrier-too-narrow": (
        "error",
        [(("barriers", "east", "inner"), [[3.6, -1.2], [3.6, 1.2]])],
    ),
    "nobody-behind-barrier": ("warning", [(("points", "above"), None)]),
    "limits-are-not-constraints": ("warning", [(("limits",), "iaea")]),
    "occupancy-is-one": ("note", [(("limits",), "aerb")]),
    "tables-are-for-flattened-beams": ("note", [(("machine", "beams", "x6", "fff"), True)]),
}


@pytest.mark.parametrize("rule", CHANGES)
def test_a_rule_passes_the_example_and_fails_a_changed_one(rule: str, tmp_path: Path) -> None:
    severity, changes = CHANGES[rule]
    data = example()
    assert rule not in list_rules(tmp_path, data)
    for path, value in changes:
        put(data, path, value)
    assert list_rules(tmp_path, data)[rule] == severity


def test_the_example_is_within_every_limit(tmp_path: Path) -> None:
    document = to_document(check(tmp_path, example()))
    assert document["is_enough"]
    assert {finding["severity"] for finding in document["findings"]} == {"note"}


def test_every_result_is_marked_as_no_licence(tmp_path: Path) -> None:
    assert list_rules(tmp_path, example())["needs-a-qualified-expert"] == "note"
    assert "no licence" in to_document(check(tmp_path, example()))["disclaimer"]


def test_what_stands_in_is_named_and_nothing_stands_in_at_an_energy_of_the_tables(tmp_path: Path) -> None:
    """15 MV has no scatter fraction of its own; a 6 MV wall at a tabled angle needs no stand-in."""
    assert list_rules(tmp_path, example())["figure-stands-in"] == "note"
    data = yaml.safe_load(PLAIN)
    assert "figure-stands-in" not in list_rules(tmp_path, data)


PLAIN = """
name: Plain
limits: {controlled: 0.1, uncontrolled: 0.02, source: a regulation}
machine: {model: m, beams: {x: {mv: 6, workload_gy_week: 100}}}
barriers: {wall: {label: Wall, kind: secondary, layers: [{material: concrete, cm: 85}]}}
points: {p: {label: P, behind: wall, area: uncontrolled, occupancy: 1, scatter_deg: 90, distance_m: 5}}
"""


@pytest.mark.parametrize(("cm", "is_told"), [(39, True), (70, False)])
def test_the_two_source_rule_is_told_where_it_asks_for_more(cm: float, is_told: bool, tmp_path: Path) -> None:
    """Scatter at 60 degrees and leakage need nearly the same; the sum asks for less than the rule."""
    data = yaml.safe_load(PLAIN)
    data["barriers"]["wall"]["layers"][0]["cm"] = cm
    data["points"]["p"] |= {"scatter_deg": 60, "area": "controlled", "occupancy": 0.2}
    result = check(tmp_path, data).results[0].judged
    assert result.is_enough, result
    assert ("two-source-rule-asks-more" in list_rules(tmp_path, data)) == is_told


def test_a_wall_wide_enough_inside_but_not_outside_is_a_warning(tmp_path: Path) -> None:
    """0.4 / sqrt(2) m for each metre from the target and 0.3 m: 1.60 m at 3.6 m, 2.03 m at 5.1 m."""
    data = example()
    data["barriers"]["east"]["inner"] = [[3.6, -1.8], [3.6, 2.4]]
    found = {finding.rule: finding for finding in list_findings(check(tmp_path, data))}
    narrow = found["primary-barrier-too-narrow"]
    assert narrow.severity == "warning"
    assert narrow.expected == "1.601 m at the inner and 2.025 m at the outer face"


def test_no_rule_is_without_a_case() -> None:
    text = Path(module.__file__).read_text("utf-8")
    named = {line.split('"')[1] for line in text.splitlines() if line.strip().startswith('rule="')}
    named |= {"door-lets-too-much-through", "barrier-too-thin"}
    tested = {*CHANGES, "two-source-rule-asks-more", "needs-a-qualified-expert", "figure-stands-in"}
    tested |= {"wall-from-the-model"}
    assert named == tested


def test_an_own_material_needs_its_layers_and_is_used(tmp_path: Path) -> None:
    data = yaml.safe_load(PLAIN)
    data["materials"] = {
        "block": {"density_kg_m3": 3900, "source": "supplier's sheet", "primary": {6: [24, 21]}}
    }
    data["barriers"]["wall"]["layers"] = [{"material": "block", "cm": 60}]
    (part, _) = check(tmp_path, data).results[0].judged.contributions
    assert part.transmission == pytest.approx(10 ** -(1 + 36 / 21))
    data["machine"]["beams"]["x"]["mv"] = 10
    with pytest.raises(Exception, match="DES-109"):
        check(tmp_path, data)


def test_occupancy_is_one_where_the_regulator_asks_for_it(tmp_path: Path) -> None:
    data = example()
    data["limits"] = "aerb"
    assert {result.occupancy for result in check(tmp_path, data).results} == {1}


def test_a_uk_rate_is_that_of_the_beam_that_gives_most(tmp_path: Path) -> None:
    """6 MV through 100 cm at 5 m: (1e-3 x 10^-(1+66/29) + scatter) / 25 of 360 Gy/h, by hand."""
    data = yaml.safe_load(PLAIN) | {"rates": ["uk"]}
    data["machine"]["beams"]["x"]["dose_rate_gy_h"] = 360
    data["barriers"]["wall"]["layers"][0]["cm"] = 100
    (rate,) = check(tmp_path, data).results[0].rates
    leak = 1e-3 * 10 ** -(1 + 66 / 29)
    scatter = 4.26e-4 * 4 * 10 ** -(100 / 17)
    assert rate.value == pytest.approx(360 * 1e3 * (leak + scatter) / 25)
    assert rate.is_met == (rate.value <= 0.0075)
