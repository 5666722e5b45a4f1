"""Encrypted files: what comes out is what went in, at every length around the ends of chunks."""

from pathlib import Path

import pytest
from tests.records import make_keys

from oncopolis.record.care.erasing import read_list, write_list
from oncopolis.record.care.sealing import open_sealed, seal_file

CHUNK = 1 << 20


@pytest.mark.parametrize("n_bytes", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1])
def test_round_trip(tmp_path: Path, n_bytes: int) -> None:
    keys, data = make_keys(tmp_path), bytes(range(251)) * (n_bytes // 251 + 1)
    with seal_file(tmp_path / "one", keys) as sealer:
        for start in range(0, n_bytes, 100_000):
            sealer.write(data[start : min(start + 100_000, n_bytes)])
    with open_sealed(tmp_path / "one", keys) as content:
        assert content.read() == data[:n_bytes]
    assert sealer.n_bytes == (tmp_path / "one").stat().st_size


def test_the_same_content_is_never_the_same_file(tmp_path: Path) -> None:
    keys = make_keys(tmp_path)
    for name in ("one", "two"):
        with seal_file(tmp_path / name, keys) as sealer:
            sealer.write(b"content")
    assert (tmp_path / "one").read_bytes() != (tmp_path / "two").read_bytes()


def test_what_fails_half_way_is_not_there(tmp_path: Path) -> None:
    keys = make_keys(tmp_path)

    def fail() -> None:
        with seal_file(tmp_path / "one", keys) as sealer:
            sealer.write(b"x" * 3 * CHUNK)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == ["master.key"]


def test_lists_of_patients(tmp_path: Path) -> None:
    path = tmp_path / "erased.txt"
    write_list(["p1", "p2"], path)
    path.write_text(path.read_text("utf-8") + "\n# of last year\n p3  # by letter\n", "utf-8")
    assert read_list(path) == ["p1", "p2", "p3"]
