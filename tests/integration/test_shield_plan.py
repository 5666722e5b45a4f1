"""The workload of a machine comes from the plan of a project, and shows up in the wall."""

import json
import math
from pathlib import Path

import pytest

from oncopolis.cli.entry import run

EXAMPLES = Path(__file__).parents[2] / "src" / "oncopolis" / "centre" / "examples"


def test_half_the_machines_need_thicker_walls(capsys: pytest.CaptureFixture[str]) -> None:
    """Five machines instead of the ten planned give each twice the fractions: a half-value layer more."""
    file, project = str(EXAMPLES / "shielding" / "planned_bunker.yaml"), str(EXAMPLES / "tashkent")
    assert run(["shield", file, project, "--json", "--set", "resources.linac.n=5"]) == 0
    document = json.loads(capsys.readouterr().out)
    fractions, workload = document["machine"]["workload_steps"]
    assert "/ 5 /" in fractions["numbers"]
    assert workload["value"] == pytest.approx(fractions["value"] * 2.8, rel=1e-4)
    (beam,) = document["machine"]["beams"]
    assert beam["workload_gy_week"] == pytest.approx(workload["value"], rel=1e-4)
    assert beam["leakage_gy_week"] == pytest.approx(workload["value"] * (1 + 0.7 * 3), rel=1e-4)
    corridor = next(result for result in document["results"] if result["id"] == "corridor")

    def need_cm(gy_week: float) -> float:
        wanted = 2e-5 * (5.5 + 1) ** 2 / (gy_week * 0.25 * 0.2)
        return 37 + (-math.log10(wanted) - 1) * 33

    assert corridor["needed_cm"] == pytest.approx(need_cm(workload["value"]), abs=0.01)
    assert corridor["needed_cm"] - need_cm(workload["value"] / 2) == pytest.approx(
        33 * math.log10(2), abs=0.01
    )
