"""What is loaded beforehand is what is used."""

from typing import Any

from tests.live import MONDAY_MS
from tests.unit.operations.forecasting.test_waits import fill
from tests.waiting import make_day

from oncopolis.operations.forecasting.kernels import foreseeing
from oncopolis.operations.forecasting.loading import load_kernels
from oncopolis.operations.forecasting.waits import forecast


def test_a_forecast_compiles_nothing_once_the_kernel_is_loaded() -> None:
    foresee: Any = foreseeing.foresee
    load_kernels()
    before = len(foresee.signatures)
    day = make_day()
    who = fill(day)
    assert forecast(day.floor, who[-1], MONDAY_MS) is not None
    assert len(foresee.signatures) == before
