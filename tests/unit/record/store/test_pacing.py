from oncopolis.record.store.pacing import Pace
from oncopolis.record.store.queueing import MOST_TOGETHER


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def paced(*transactions: tuple[int, float, float]) -> int:
    """Most together after transactions of (commands, seconds of each, seconds of the commit)."""
    clock = Clock()
    pace = Pace(clock)
    for n_commands, command_s, commit_s in transactions:
        pace.begin()
        clock.now_s += n_commands * command_s
        pace.commit(n_commands)
        clock.now_s += commit_s
        pace.end()
    return pace.n_most


def test_nothing_known_is_no_limit() -> None:
    assert paced() == MOST_TOGETHER


def test_quick_commands_may_all_go_together() -> None:
    assert paced((10, 50e-6, 0.5e-3)) == MOST_TOGETHER


def test_slow_commands_do_not_wait_for_each_other_when_the_disk_is_quick() -> None:
    assert paced((10, 2.5e-3, 0.5e-3)) == 8


def test_a_slow_disk_is_shared_by_more() -> None:
    assert paced((10, 2.5e-3, 20e-3)) in (79, 80)


def test_however_slow_some_go_together() -> None:
    assert paced((1, 1.0, 0.5e-3)) == 8


def test_one_slow_transaction_among_quick_ones_counts_little() -> None:
    slow_once = paced(*[(20, 1e-3, 1e-3)] * 10, (1, 50e-3, 1e-3), *[(20, 1e-3, 1e-3)] * 20)
    assert slow_once > 15
