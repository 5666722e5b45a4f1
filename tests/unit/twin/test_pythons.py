"""The same seed gives the same events under every Python: they are known for each type of processor.

A digest that is another one on a newer Python is a fault. Where the twin was meant to live otherwise, the new
one is written here.
"""

from hashlib import blake2b

import pytest
from llvmlite.binding import get_host_cpu_name  # type: ignore[import-untyped]  # it has no types
from tests.folders import PROJECTS
from tests.queues import Log

from oncopolis.studies.preparing import prepare
from oncopolis.studies.sampling import Sampler, choose_period

KNOWN = {"emeraldrapids": "288a02a3b6ee81750d8ca66267027fb3"}
"""Type of processor, as LLVM names it -> digest of the event log."""


def test_events_are_those_of_any_python() -> None:
    processor, log = get_host_cpu_name(), Log()
    for name, days in (("clinic", 365), ("infusion_unit", 30)):
        prepared = prepare(PROJECTS / name, {}, lambda _doing, _done: None)
        period = choose_period(prepared, days=days, history_days=400)
        Sampler(prepared.equipped, prepared.intake, period, seed=1).run(0, log)
    rows = log.read()
    assert len(rows) > 1500
    digest = blake2b(rows.tobytes(), digest_size=16).hexdigest()
    if processor not in KNOWN:
        pytest.skip(f"no digest is known for {processor}; here it is {digest}")
    assert digest == KNOWN[processor]
