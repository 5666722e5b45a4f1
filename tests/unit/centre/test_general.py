"""The definition is general: a stroke ward and a call centre are projects without any oncology."""

from pathlib import Path

import pytest

from oncopolis.centre import Project, read_project
from oncopolis.foundation import InputError, OncopolisError

GENERAL = Path(__file__).parent / "general"


def write_changed(folder: Path, name: str, old: str, new: str) -> Path:
    text = (GENERAL / name / "centre.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "centre.yaml").write_text(text.replace(old, new), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def stroke_ward() -> Project:
    return read_project(GENERAL / "stroke_ward")


@pytest.fixture(scope="module")
def call_centre() -> Project:
    return read_project(GENERAL / "call_centre")


def test_a_stroke_ward_is_a_project(stroke_ward: Project) -> None:
    assert stroke_ward.centre.catchment is None
    assert not stroke_ward.centre.cohorts
    assert {flow.at for flow in stroke_ward.network.flows} == {None, "ward"}
    assert stroke_ward.evidence.get_row("flows.strokes.volume").value == 900


def test_a_call_centre_is_a_project(call_centre: Project) -> None:
    route = call_centre.network.routes["question", "", ""]
    assert [stop.id for stop in route.stops] == ["first", "expert", "ask_again"]
    assert call_centre.centre.finance is None


def test_neither_needs_the_oncology_library(stroke_ward: Project) -> None:
    assert stroke_ward.centre.library == ()
    assert len(stroke_ward.centre.resources) == 8


def test_a_loop_nobody_leaves_is_refused_here_too(tmp_path: Path) -> None:
    changed = write_changed(tmp_path, "call_centre", "value: 0.1, unit: share", "value: 1.0, unit: share")
    with pytest.raises(OncopolisError, match="loop"):
        read_project(changed)


def test_shares_above_one_are_refused_here_too(tmp_path: Path) -> None:
    changed = write_changed(tmp_path, "stroke_ward", "value: 0.12", "value: 1.2")
    with pytest.raises(InputError, match="share"):
        read_project(changed)
