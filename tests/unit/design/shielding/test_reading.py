"""What is wrong with a bunker's file is told with file and line, all at once."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from oncopolis.design.shielding import check_bunker, read_bunker
from oncopolis.foundation import InputError, InputErrors

EXAMPLES = Path(__file__).parents[4] / "src" / "oncopolis" / "centre" / "examples" / "shielding"


def example() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((EXAMPLES / "linac_bunker.yaml").read_text("utf-8"))
    return data


def write(folder: Path, data: object) -> Path:
    path = folder / "bunker.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    return path


def refuse(folder: Path, data: object) -> list[Any]:
    """Return the faults that reading or checking a file finds."""
    with pytest.raises(InputError) as caught:
        check_bunker(read_bunker(write(folder, data)))
    error = caught.value
    return list(error.errors) if isinstance(error, InputErrors) else [error]


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_examples_can_be_read(file: Path) -> None:
    assert read_bunker(file).bunker.points


@pytest.mark.parametrize("text", ["", "- a\n", "just words\n"])
def test_what_is_no_mapping_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(InputError, match="DES-100"):
        read_bunker(tmp_path / "x.yaml")


def test_everything_wrong_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    data = example()
    data["limits"] = "moon"
    data["points"]["garden"]["behind"] = "eats"
    data["barriers"]["east"]["layers"][0]["cm"] = -3
    data["points"]["office"]["aera"] = "controlled"
    faults = refuse(tmp_path, data)
    assert {fault.code for fault in faults} == {"DES-101"}
    told = "\n".join(map(str, faults))
    assert "limits" in told
    assert "barriers.east.layers[0].cm" in told
    assert "'aera'" in told
    assert "did you mean 'area'" in told
    assert all(f"{tmp_path}/bunker.yaml:" in str(fault) for fault in faults)


NEUTRONS = {"per_gray": 1e12, "source": "vendor"}
MISTAKES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("DES-102", ("points", "garden", "behind"), "eats"),
    ("DES-102", ("points", "garden", "occupancy"), "half"),
    ("DES-102", ("barriers", "east", "layers", 0, "material"), "concreet"),
    ("DES-102", ("mazes", "door", "inner_wall"), "nroth"),
    ("DES-102", ("machine", "neutrons"), "truebeam"),
    ("DES-104", ("points", "garden", "use"), None),
    ("DES-104", ("points", "office", "scatter_deg"), None),
    ("DES-104", ("points", "garden", "distance_m"), 6.0),
    ("DES-104", ("points", "garden", "occupancy"), 0),
    ("DES-104", ("machine", "beams", "x6", "workload_gy_week"), None),
    ("DES-104", ("machine", "beams", "x6", "share"), 0.5),
    ("DES-104", ("machine", "neutrons"), None),
    ("DES-104", ("machine", "neutrons"), {"x6": NEUTRONS}),
    ("DES-102", ("machine", "neutrons"), {"x15": NEUTRONS, "y": NEUTRONS}),
    ("DES-105", ("points", "garden", "at"), [4.5, 0]),
    ("DES-105", ("points", "garden", "at"), [6.0, 9.0]),
    ("DES-105", ("barriers", "east", "inner"), [[1, 1], [1, 1]]),
    ("DES-105", ("barriers", "east", "inner"), [[0, -1], [0, 1]]),
    ("DES-107", ("machine", "beams", "x6", "mv"), 7),
    ("DES-107", ("machine", "beams", "x6", "mv"), 8),
    ("DES-108", ("points", "office", "scatter_deg"), 5),
    ("DES-112", ("machine", "beams", "x15", "mv"), 20),
    ("DES-114", ("machine", "workload"), {"from": "plan", "dose_per_fraction_gy": 2, "source": "s"}),
    ("DES-101", ("machine", "beams", "x6", "imrt_factor"), 0.5),
    ("DES-101", ("mazes", "door", "dzz_m"), 1e-300),
    ("DES-101", ("mazes", "door", "dl_m"), 1e308),
    ("DES-101", ("points", "garden", "at"), [1e308, 0]),
    ("DES-101", ("machine", "beams", "x6", "workload_gy_week"), 1e308),
    ("DES-101", ("machine", "beams", "x6", "scatter_fraction"), 0.001),
]  # fmt: skip


def put(data: Any, path: tuple[Any, ...], value: Any) -> None:
    *way, last = path
    for key in way:
        data = data[key]
    if value is None:
        del data[last]
    else:
        data[last] = value


@pytest.mark.parametrize(
    ("code", "path", "value"), MISTAKES, ids=lambda item: str(item).replace("/", "-")[:40]
)
def test_each_mistake_is_refused_by_its_code(
    code: str, path: tuple[Any, ...], value: Any, tmp_path: Path
) -> None:
    data = example()
    put(data, path, value)
    if code == "DES-114":
        for beam in data["machine"]["beams"].values():
            beam["share"] = 0.5
            del beam["workload_gy_week"]
    faults = refuse(tmp_path, data)
    assert code in {fault.code for fault in faults}
    assert all(fault.fix and fault.expected for fault in faults)


def test_shares_of_a_plan_add_up(tmp_path: Path) -> None:
    data = yaml.safe_load((EXAMPLES / "planned_bunker.yaml").read_text("utf-8"))
    data["machine"]["beams"]["x6"]["share"] = 0.9
    assert [fault.code for fault in refuse(tmp_path, data)] == ["DES-103"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="FIL-001"):
        read_bunker(tmp_path / "nothing.yaml")
