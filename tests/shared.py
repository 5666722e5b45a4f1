"""What takes long to make and many tests read, made once a run or once a worker.

Nobody may change any of it.
"""

import fcntl
import os
import pickle
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from oncopolis.centre import Project, read_project
from oncopolis.design import Programme, make_programme
from oncopolis.planning import Plan, make_plan

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@cache
def read_example(name: str) -> Project:
    """Return an example as its folder has it."""
    return read_project(EXAMPLES / name)


@cache
def plan_example(name: str) -> Plan:
    """Return the plan of an example on central values."""
    return make_plan(read_example(name), n_draws=0, seed=0)


def share_folder(factory: pytest.TempPathFactory, name: str, write: Callable[[Path], None]) -> Path:
    """Return the folder of that name of this run.

    Parameters
    ----------
    factory
        Temporary folders of the worker.
    name
        Name of the folder, one for each thing that is shared.
    write
        Fills a new folder.
    """
    root = factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        root = root.parent
    folder = root / f"shared_{name}"
    with (root / f"shared_{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = Path(tempfile.mkdtemp(dir=root))
            write(made)
            made.rename(folder)
    return folder


def share_programme(factory: pytest.TempPathFactory) -> Programme:
    """Return what the plan of the national centre asks a building to hold."""

    def write(folder: Path) -> None:
        programme = make_programme(plan_example("tashkent"))
        (folder / "programme.pickle").write_bytes(pickle.dumps(programme))

    path = share_folder(factory, "programme", write) / "programme.pickle"
    programme: Programme = pickle.loads(path.read_bytes())
    return programme
