from pathlib import Path

from oncopolis.foundation.kernels.compiled import _stamp


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
