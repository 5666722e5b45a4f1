# ruff: noqa: E501 -- one case a line
"""A project is read with what the command line sets and with the evidence of its own, both on record."""

from pathlib import Path

import pytest

from oncopolis.centre import Project, read_project
from oncopolis.foundation import InputError, InputErrors, NotFoundError, OncopolisError

from .conftest import CLINIC, Reader

RT = "radiotherapy.courses_per_unit_year"
"""A row of the package, in course/year."""


def put_in_evidence(fields: str) -> tuple[str, str]:
    return "evidence:\n  test.weekly", f"evidence:\n  {fields}\n  test.weekly"


def set_value(key: str, text: str) -> Project:
    return read_project(CLINIC, {key: text})


def test_an_evidence_key_is_set() -> None:
    """A row of the project is set by its key, and the override is on record as the command line's."""
    project = set_value("test.half", "0.45")
    row = project.evidence.get_row("test.half")
    assert (row.value, row.low, row.source, row.opened) == (0.45, None, "project", False)
    assert [(entry.key, entry.where) for entry in project.evidence.overrides] == [("test.half", "--set")]


def test_a_row_of_the_package_is_set() -> None:
    """A row of the packaged evidence is set the same way, and the package itself stays as it is."""
    assert set_value(RT, "500").evidence.get_row(RT).value == 500
    assert read_project(CLINIC).evidence.get_row(RT).value != 500


def test_a_dotted_path_is_set() -> None:
    """A plain value of the definition is set by its path."""
    assert set_value("horizon.last", "2035").centre.horizon.last == 2035


def test_lists_are_entered_by_id_and_by_position() -> None:
    """An entry of a list is found by its id, or by its position."""
    for path in ("pathways.care.steps.repeat.repeat.n", "pathways.care.steps.3.repeat.n"):
        repeat = set_value(path, "5").centre.pathways["care"].steps[3].repeat
        assert repeat is not None
        assert repeat.n == 5


def test_a_row_in_place_keeps_its_unit() -> None:
    """The value of a row in place is set; its label and unit stay, its range and source go."""
    row = set_value("cohorts.breast.stages.i.share", "0.7").evidence.get_row("cohorts.breast.stages.i.share")
    assert (row.label, row.unit, row.per, row.value) == ("Share in stage I", "share", "case", 0.7)
    assert (row.low, row.source, row.locator, row.opened) == (None, "project", "--set", False)


@pytest.mark.parametrize(
    ("key", "text", "near"),
    [
        ("horizn.last", "2035", "horizon"),
        ("horizon.lst", "2035", "last"),
        ("pathways.care.steps.repat.repeat.n", "5", "repeat"),
        ("cohorts.brest.stages.i.share", "0.5", "breast"),
        ("nonsense", "3", ""),
        ("name.x", "3", ""),
    ],
)
def test_a_path_that_leads_nowhere_names_the_nearest(key: str, text: str, near: str) -> None:
    """Neither evidence nor a path: the option is named, with the nearest names at the step that fails."""
    with pytest.raises(NotFoundError) as caught:
        set_value(key, text)
    assert (caught.value.code, caught.value.where) == ("CEN-005", f"--set {key}")
    assert near in caught.value.expected


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("test.half", "half", "CEN-004"),
        ("test.half", "1.5", "EVI-004"),
        ("test.half", "nan", "EVI-004"),
        (RT, "", "CEN-004"),
        ("flows.others.volume", "[1, 2", "CEN-004"),
        ("horizon.last", "later", "CEN-002"),
        ("horizon.last", "2020", "CEN-002"),
        ("openings", "3", "CEN-002"),
        ("catchment.populations.region.people", "-4", "CEN-025"),
        ("cohorts.breast.stages.i.share", "2", "EVI-002"),
    ],
)
def test_values_that_do_not_fit_name_the_option(key: str, text: str, code: str) -> None:
    """What is set by hand is checked like what is written, and the fault points at the option, not at a file."""
    with pytest.raises(InputError) as caught:
        set_value(key, text)
    assert caught.value.code == code
    assert "--set" in caught.value.where or key == "horizon.last"


def test_several_bad_options_are_told_at_once() -> None:
    """Two values that are no numbers are two faults."""
    with pytest.raises(InputErrors) as caught:
        read_project(CLINIC, {"test.half": "a", "test.most": "b"})
    assert [error.where for error in caught.value.errors] == ["--set test.half", "--set test.most"]


def test_a_project_overrides_a_row_of_the_package(read_changed: Reader) -> None:
    """Value, source and signature are the project's; what was before stays on record with the line."""
    project = read_changed(
        put_in_evidence(f"{RT}: {{value: 380, source: ours, signed_by: [Head of physics]}}")
    )
    row = project.evidence.get_row(RT)
    assert (row.value, row.unit, row.signed_by, row.is_verified) == (
        380,
        "course/year",
        ("Head of physics",),
        True,
    )
    (entry,) = project.evidence.overrides
    assert (entry.key, entry.after.value) == (RT, 380)
    assert entry.before.value != 380
    assert "centre.yaml:" in entry.where


def test_a_project_may_state_a_row_nobody_has(read_changed: Reader) -> None:
    """A key that is not in the package is added, and is no override."""
    project = read_changed(
        put_in_evidence(
            "own.key: {label: x, value: 1, unit: min, source: ours, status: published, opened: true}"
        )
    )
    assert project.evidence.get_row("own.key").value == 1
    assert not project.evidence.overrides


def test_an_override_without_a_row_names_the_nearest(read_changed: Reader) -> None:
    """A slip in the key of an override is not read as a new row with half of its fields missing."""
    with pytest.raises(OncopolisError) as caught:
        read_changed(put_in_evidence("radiotherapy.courses_per_unit: {value: 380, source: ours}"))
    assert caught.value.code == "EVI-001"
    assert RT in caught.value.expected


def test_the_project_wins_over_its_practice(read_changed: Reader) -> None:
    """Package, practice, project and command line are laid over each other in that order."""
    practice = (
        "    choices: {frac",
        f"    evidence: {{{RT}: {{value: 300, source: norm}}}}\n    choices: {{frac",
    )
    of_practice = read_changed(practice)
    assert of_practice.evidence.get_row(RT).value == 300
    project = put_in_evidence(f"{RT}: {{value: 380, source: ours}}")
    of_project = read_changed(practice, project)
    assert [entry.after.value for entry in of_project.evidence.overrides] == [300, 380]
    of_option = read_changed(practice, project, settings={RT: "400"})
    assert [entry.after.value for entry in of_option.evidence.overrides] == [300, 380, 400]


def test_files_of_a_folder_complete_each_other(tmp_path: Path) -> None:
    """Further files and those of `pathways` are laid over the main one."""
    (tmp_path / "centre.yaml").write_text((CLINIC / "centre.yaml").read_text("utf-8"), encoding="utf-8")
    (tmp_path / "more.yaml").write_text("measures: {visits: {label: Visits}}\n", encoding="utf-8")
    (tmp_path / "pathways").mkdir()
    (tmp_path / "pathways" / "extra.yaml").write_text(
        "pathways: {short: {label: Renamed}}\n", encoding="utf-8"
    )
    centre = read_project(tmp_path).centre
    assert set(centre.measures) == {"talks", "visits"}
    assert (centre.pathways["short"].label, len(centre.pathways["short"].steps)) == ("Renamed", 1)


@pytest.mark.parametrize("made", [True, False])
def test_a_folder_without_a_project_is_told(tmp_path: Path, made: bool) -> None:
    """A missing folder and one without the main file are told apart."""
    folder = tmp_path if made else tmp_path / "none"
    with pytest.raises(NotFoundError) as caught:
        read_project(folder)
    assert (caught.value.code, caught.value.got) == (
        "CEN-003",
        "no centre.yaml" if made else "no such folder",
    )
