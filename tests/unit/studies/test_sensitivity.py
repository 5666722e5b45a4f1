"""What a figure depends on: nurses whose use follows from two rows, and a third that nobody reads."""

from pathlib import Path

import pytest
from tests.folders import PROJECTS

from oncopolis.foundation import InputError
from oncopolis.studies import find_sensitivity

USE = "resource.nurse.utilisation"
LENGTH, NOBODY = "value: 10, unit: min,", "value: 0.8, unit: share,"
KEYS = ("*.duration", "plan.clinical")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The nurses, with a range of the length of a visit and of a coefficient the twin does not use."""
    text = (PROJECTS / "nurses" / "centre.yaml").read_text("utf-8")
    assert LENGTH in text
    assert NOBODY in text
    text = text.replace(LENGTH, LENGTH + " low: 6, high: 14,")
    text = text.replace(NOBODY, NOBODY + " low: 0.6, high: 0.9,")
    (tmp_path / "centre.yaml").write_text(text, "utf-8")
    return tmp_path


@pytest.mark.slow
def test_what_the_figure_follows_from_comes_first(folder: Path) -> None:
    found = find_sensitivity(folder, USE, KEYS, points=12, sobol=8, days=4)
    first, last = found.ranks
    assert first.key.endswith("duration")
    assert first.partial > 0.9
    assert abs(last.partial) < abs(first.partial)
    assert 0.25 < found.lowest < 0.4
    assert 0.6 < found.highest < 0.75
    assert found.shares[0].key == first.key
    assert found.shares[0].total.value > 0.5
    assert found.shares[1].total.value == pytest.approx(0, abs=1e-9)
    document = found.to_document()
    assert document["ranks"][0]["label"] == "Minutes of a consultation"


def test_workers_change_nothing(folder: Path) -> None:
    one, two = (find_sensitivity(folder, USE, KEYS, points=6, days=1, workers=n) for n in (1, 2))
    assert one == two


@pytest.mark.parametrize(
    ("output", "inputs", "points", "said"),
    [
        ("resource.nurse.use", KEYS, 8, "resource.nurse.utilisation"),
        (USE, ("nothing.*",), 8, "nothing"),
        (USE, ("plan.salary",), 8, "with a range"),
        (USE, KEYS, 4, "at least 5"),
    ],
)
def test_what_cannot_be_asked(
    folder: Path, output: str, inputs: tuple[str, ...], points: int, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        find_sensitivity(folder, output, inputs, points=points, days=1)
