from pathlib import Path

import numpy as np

from oncopolis.foundation.kernels.compiled import _stamp, compiled, kernel


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_code_kept_on_disk_is_given_up_when_a_part_it_calls_has_changed(tmp_path: Path) -> None:
    own, of_the_room = tmp_path / "room" / "theatres" / "kernels", tmp_path / "room" / "kernels"
    write(own / "annealing.py", "a = 1")
    write(of_the_room / "random.py", "b = 1")
    stamps = [_stamp.__wrapped__(own)]
    for path, text in ((own / "annealing.py", "a = 2"), (of_the_room / "random.py", "b = 2")):
        write(path, text)
        stamps.append(_stamp.__wrapped__(own))
    assert len(set(stamps)) == 3
    write(tmp_path / "room" / "theatres" / "solving.py", "c = 1")
    assert _stamp.__wrapped__(own) == stamps[-1]


@compiled
def limit(x: int) -> int:
    return max(x, 2)


@compiled
def double(x: int) -> int:
    return 2 * limit(x)


@compiled
def halve(x: int) -> float:
    return limit(x) / 2


@kernel
def mix(x: int, y: float) -> tuple[int, float, float]:
    return double(x), halve(x), y / (limit(x) - 2)


def test_a_part_that_several_parts_call_is_there_once_and_no_division_fails() -> None:
    assert mix(1, 1.0) == (4, 1.0, np.inf)
    assert mix(6, 1.0) == (12, 3.0, 0.25)
