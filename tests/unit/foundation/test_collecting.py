"""The collector of garbage rests while much is made, and goes on afterwards where it was at work."""

import gc

import pytest

from oncopolis.foundation.collecting import uncollected


def test_the_collector_rests_and_goes_on() -> None:
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_a_failure() -> None:
    @uncollected()
    def fail() -> None:
        assert not gc.isenabled()
        raise ValueError("stopped")

    with pytest.raises(ValueError, match="stopped"):
        fail()
    assert gc.isenabled()


def test_what_rested_before_goes_on_resting() -> None:
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
