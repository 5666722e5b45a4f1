"""A barrier may be a wall of an architect's model: its thickness and its density are as drawn."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.unit.design.ifc_files import Author
from tests.unit.design.shielding.test_findings import PLAIN
from tests.unit.design.shielding.test_reading import write

from oncopolis.cli.entry import run
from oncopolis.design.model import Building, Wall
from oncopolis.design.shielding import check_bunker, list_findings, read_bunker
from oncopolis.foundation import InputError


def make_bunker(wall: str | None, **given: Any) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(PLAIN)
    barrier = data["barriers"]["wall"]
    del barrier["layers"]
    barrier |= {"wall": wall} | given
    return data


def make_wall(
    key: str, name: str = "", thickness_m: float | None = 2.0, density: float | None = 2350.0
) -> Wall:
    return Wall(key, name, "ground", "m.ifc", thickness_m=thickness_m, density_kg_m3=density)


def make_building(*walls: Wall) -> Building:
    return Building("m", (), (), (), walls=walls)


@pytest.mark.parametrize("name", ["id-1", "South"])
def test_a_wall_of_the_model_counts_as_the_layer_that_says_the_same(name: str, tmp_path: Path) -> None:
    building = make_building(make_wall("id-1", "South", 0.85, 2300.0), make_wall("id-2"))
    drawn = check_bunker(read_bunker(write(tmp_path, make_bunker(name))), building=building)
    data = yaml.safe_load(PLAIN)
    data["barriers"]["wall"]["layers"] = [{"material": "concrete", "cm": 85, "density_kg_m3": 2300}]
    stated = check_bunker(read_bunker(write(tmp_path, data)))
    assert drawn.results[0].judged.dose_msv == stated.results[0].judged.dose_msv
    found = {finding.rule: finding for finding in list_findings(drawn)}
    assert found["wall-from-the-model"].actual == "Wall: 85 cm of 2300 kg/m3"
    assert "wall-from-the-model" not in {finding.rule for finding in list_findings(stated)}


@pytest.mark.parametrize(
    ("walls", "code", "told"),
    [
        (None, "DES-115", "--model"),
        ((), "DES-116", "has 0"),
        ((make_wall("x", "South"), make_wall("y", name="South")), "DES-116", "has 2"),
        ((make_wall("x", "South", thickness_m=None),), "DES-117", "thickness"),
        ((make_wall("x", "South", density=None),), "DES-117", "density"),
        ((make_wall("x", "South", density=2.35),), "DES-117", "density_kg_m3: 2.35"),
    ],
)
def test_a_wall_that_cannot_be_used_is_refused(
    walls: tuple[Wall, ...] | None, code: str, told: str, tmp_path: Path
) -> None:
    building = None if walls is None else make_building(*walls)
    with pytest.raises(InputError) as caught:
        check_bunker(read_bunker(write(tmp_path, make_bunker("South"))), building=building)
    assert code in str(caught.value)
    assert told in str(caught.value)
    assert f"{tmp_path}/bunker.yaml:" in str(caught.value)


@pytest.mark.parametrize(
    ("wall", "given"), [("South", {"layers": [{"material": "concrete", "cm": 1}]}), (None, {})]
)
def test_a_barrier_has_either_layers_or_a_wall(
    wall: str | None, given: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="DES-101"):
        read_bunker(write(tmp_path, make_bunker(wall, **given)))


def test_the_material_of_a_wall_must_be_known(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="marble"):
        read_bunker(write(tmp_path, make_bunker("South", material="marble")))


def test_the_command_reads_the_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    author = Author()
    author.add_space("1", "Treatment", [(0, 0), (4, 0), (4, 4), (0, 4)])
    wall = author.make("IfcWall", GlobalId=author.guid(), Name="South")
    author.add_quantity(wall, "Qto_WallBaseQuantities", "Width", "IfcQuantityLength", 0.85)
    author.add_property(wall, "Pset_Test", "MassDensity", "IfcMassDensityMeasure", 2350.0)
    author.file.write(str(tmp_path / "m.ifc"))
    bunker = write(tmp_path, make_bunker("South"))
    assert run(["shield", str(bunker), "--model", str(tmp_path / "m.ifc"), "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert result["actual_cm"] == 85
    assert run(["shield", str(bunker), "--json"]) == 2
    assert "DES-115" in capsys.readouterr().err
