"""The file of exact values beside the project, where there is one."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("ONCOPOLIS_SHARED_DATA", ROOT.parent / "shared" / "data"))
FILE = SHARED / "des" / "exact_queues.json"

Case = dict[str, Any]


@cache
def _load() -> dict[str, Any]:
    if not FILE.is_file():
        return {}
    loaded: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return loaded


def list_cases(family: str, long: tuple[int, ...] = ()) -> list[Any]:
    """Cases of one family as parameters of a test; one that is skipped, and says so, if there is no file.

    Those with a load above nine tenths, and those that are known to take `long`, wait for a soak.
    """
    cases = _load().get(family)
    if cases is None:
        return [pytest.param({}, marks=pytest.mark.skip(reason=f"no {FILE.name} beside the project"))]
    return [
        pytest.param(
            case, id=f"{family}{i}", marks=[pytest.mark.soak] if _find_load(case) > 0.9 or i in long else []
        )
        for i, case in enumerate(cases if isinstance(cases, list) else [cases])
    ]


def _find_load(case: Case) -> float:
    """Load of a queue that nobody leaves unserved; those above nine tenths take a soak."""
    steady = {"lam", "mu", "c"} == set(case) & {"lam", "mu", "c", "K", "theta"}
    return case["lam"] / (case["mu"] * case["c"]) if steady else 0.0
