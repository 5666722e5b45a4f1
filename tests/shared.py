"""What takes long to make and many tests read: made once a run, by whichever worker comes first."""

import fcntl
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from oncopolis.centre import read_project
from oncopolis.design import Programme, make_programme
from oncopolis.planning import make_plan

TASHKENT = Path(__file__).resolve().parents[1] / "examples" / "tashkent"


def share_folder(factory: pytest.TempPathFactory, name: str, write: Callable[[Path], None]) -> Path:
    """Return the folder of that name of this run; nobody may change what is in it.

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
        programme = make_programme(make_plan(read_project(TASHKENT, {}), n_draws=0, seed=0))
        (folder / "programme.pickle").write_bytes(pickle.dumps(programme))

    path = share_folder(factory, "programme", write) / "programme.pickle"
    programme: Programme = pickle.loads(path.read_bytes())
    return programme
