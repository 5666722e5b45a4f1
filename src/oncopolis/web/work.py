"""What workers do: one function for each kind of job, called with the payload in a process of its own.

A job is done at least once: each function gives the same result when it is done again.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from oncopolis.foundation import InputError

Payload: TypeAlias = Mapping[str, Any]

HOOK_TIMEOUT_S = 30  # structure: longer than an answer of a neighbour takes


def call_hook(payload: Payload) -> None:
    """Send ``body`` to ``url``; ``headers`` beside it. The receiver sees repeats by ``Idempotency-Key``."""
    url = str(payload["url"])
    if urlsplit(url).scheme not in ("http", "https"):
        raise InputError(
            code="REC-133", where="url", got=repr(url), expected="http or https", fix="correct the hook"
        )
    body = json.dumps(payload.get("body", {}), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json"} | dict(payload.get("headers", {}))
    with urlopen(Request(url, body, headers), timeout=HOOK_TIMEOUT_S) as answer:  # noqa: S310 - checked above
        answer.read()


def plan(payload: Payload) -> None:
    """Plan the ``project`` and write what `oncopolis plan` writes into ``out``."""
    from oncopolis.report import write_plan
    from oncopolis.studies import plan_project

    document = plan_project(
        Path(payload["project"]),
        draws=payload["draws"],
        seed=payload.get("seed", 1),
        settings=payload.get("settings", {}),
    )
    write_plan(document, Path(payload["out"]), language=payload.get("language", "en"))


def simulate(payload: Payload) -> None:
    """Run the twin of the ``project`` and write what `oncopolis simulate` writes into ``out``."""
    from oncopolis.report import write_twin
    from oncopolis.studies import simulate_project

    document, _ = simulate_project(
        Path(payload["project"]),
        days=payload["days"],
        replications=payload.get("replications", 1),
        seed=payload.get("seed", 1),
        settings=payload.get("settings", {}),
    )
    write_twin(document, Path(payload["out"]))


WORK: dict[str, Callable[[Payload], None]] = {"hook": call_hook, "plan": plan, "twin": simulate}
"""Kind of job -> what does it."""
