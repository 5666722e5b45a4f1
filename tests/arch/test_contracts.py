"""The layers hold, and each contract catches the breach it is there for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BREACHES = {
    "Upper floors import lower ones": {"centre/plans.py": "import oncopolis.planning"},
    "Upper floors import lower ones, rooms of one floor stay apart": {
        "twin/__init__.py": "",
        "planning/sampled.py": "import oncopolis.twin",
    },
    "Web frameworks and templates stay in web and report": {"planning/page.py": "import jinja2"},
    "SQL drivers stay in the record store": {"planning/store.py": "import sqlite3"},
    "Solvers stay in scheduling, delivery and planning": {"studies/solve.py": "import ortools"},
    "Kernels are pure": {
        "twin/__init__.py": "",
        "twin/clock.py": "",
        "twin/kernels/__init__.py": "",
        "twin/kernels/queue.py": "import numpy\nimport oncopolis.twin.clock",
    },
    "No cycles between siblings": {
        "centre/chicken.py": "import oncopolis.centre.egg",
        "centre/egg.py": "import oncopolis.centre.chicken",
    },
}
UNPLACED = {"marketing/__init__.py": ""}
ALLOWED = {
    "report/page.py": "import jinja2",
    "record/__init__.py": "import sqlite3",
    "record/store.py": "import sqlite3",
    "planning/solve.py": "import ortools",
    "foundation/kernels/__init__.py": "import numpy",
    "twin/__init__.py": "",
    "twin/kernels/__init__.py": "",
    "twin/kernels/queue.py": "import math\nimport numpy\nimport oncopolis.foundation.kernels",
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    # The package in `folder` comes before the installed one; ROOT brings our own contract type along.
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    options = ("--config", str(ROOT / "pyproject.toml"), "--no-cache")
    return subprocess.run(
        [sys.executable, "-c", program, *options],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def build_house(folder: Path, files: dict[str, str]) -> Path:
    rooms = ("foundation", "evidence", "centre", "planning", "studies", "report", "cli")
    house = {"__init__.py": "", "__main__.py": ""} | {f"{room}/__init__.py": "" for room in rooms} | files
    for name, text in house.items():
        path = folder / "oncopolis" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n", "utf-8")
    return folder


def test_the_house_keeps_its_contracts() -> None:
    result = lint_imports(ROOT / "src")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_is_caught_by_its_own_contract(contract: str, tmp_path: Path) -> None:
    result = lint_imports(build_house(tmp_path, BREACHES[contract]))
    broken = [line for line in result.stdout.splitlines() if line.endswith("BROKEN")]
    assert result.returncode == 1, result.stdout + result.stderr
    assert len(broken) == 1, broken
    assert broken[0].startswith(contract), broken


def test_a_folder_without_a_floor_is_caught(tmp_path: Path) -> None:
    result = lint_imports(build_house(tmp_path, UNPLACED))
    assert result.returncode == 1, result.stdout + result.stderr
    assert "oncopolis.marketing" in result.stdout


def test_what_a_room_may_do_is_not_a_breach(tmp_path: Path) -> None:
    result = lint_imports(build_house(tmp_path, ALLOWED))
    assert result.returncode == 0, result.stdout + result.stderr
