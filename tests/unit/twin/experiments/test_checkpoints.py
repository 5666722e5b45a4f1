"""Results kept as files: found again, whole or not at all."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from oncopolis.foundation import ExternalError, InputError
from oncopolis.twin.experiments.checkpoints import Checkpoint


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "new" / "folder", "abc123")
    assert checkpoint.find(3) is None
    checkpoint.keep(3, {"a": np.array([0.1, np.nan])})
    found = checkpoint.find(3)
    assert found is not None
    np.testing.assert_array_equal(found[0]["a"], [0.1, np.nan])
    assert [path.name for path in checkpoint.folder.iterdir()] == ["abc123-3.result"]


def test_nothing_is_a_result_too(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path, "a")
    checkpoint.keep(0, None)
    assert checkpoint.find(0) == (None,)


def test_other_inputs_find_nothing(tmp_path: Path) -> None:
    Checkpoint(tmp_path, "a").keep(1, 5)
    assert Checkpoint(tmp_path, "b").find(1) is None
    assert Checkpoint(tmp_path, "a").find(2) is None


@pytest.mark.parametrize("damage", [b"", b"short", bytes(200)])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: bytes) -> None:
    checkpoint = Checkpoint(tmp_path, "a")
    checkpoint.keep(1, 5)
    checkpoint.get_path(1).write_bytes(damage)
    assert checkpoint.find(1) is None
    checkpoint.keep(1, 6)
    assert checkpoint.find(1) == (6,)


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = Checkpoint(tmp_path, "a")
    checkpoint.keep(1, "before")

    def fail(number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ExternalError, match=r"No space left.*TWN-037"):
        checkpoint.keep(1, "after")
    assert checkpoint.find(1) == ("before",)
    assert [path.name for path in tmp_path.iterdir()] == ["a-1.result"]


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("", "utf-8")
    with pytest.raises(ExternalError, match=r"taken.*TWN-037"):
        Checkpoint(taken, "a").keep(1, 5)
    with pytest.raises(ExternalError, match=r"taken.*TWN-037"):
        Checkpoint(taken, "a").find(1)


@pytest.mark.parametrize("inputs", ["", "../up", "a b"])
def test_a_digest_that_leads_elsewhere_is_refused(tmp_path: Path, inputs: str) -> None:
    with pytest.raises(InputError, match="TWN-036"):
        Checkpoint(tmp_path, inputs)
