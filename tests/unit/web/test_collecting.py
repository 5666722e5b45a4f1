import gc

import pytest

from oncopolis.web.collecting import settled, undisturbed


@pytest.mark.slow
def test_what_is_there_is_left_alone_while_it_serves_and_no_longer() -> None:
    before, kept = gc.get_threshold(), [object() for _ in range(3)]
    with settled():
        assert gc.get_freeze_count() > len(kept)
        assert gc.get_threshold() > before
    assert gc.get_freeze_count() == 0
    assert gc.get_threshold() == before


@pytest.mark.slow
def test_nothing_is_looked_at_while_an_instrument_measures() -> None:
    with undisturbed():
        assert not gc.isenabled()
        assert gc.get_freeze_count()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
