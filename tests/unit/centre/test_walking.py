"""Every coefficient of a definition is found, with its path as written and what it must measure."""

from oncopolis.centre import Project
from oncopolis.centre.number import KINDS, EvidenceRef, ParameterRef
from oncopolis.centre.walking import list_numbers
from oncopolis.foundation.units import UNITS


def test_paths_are_those_of_the_file(clinic: Project) -> None:
    """Each path leads to something that was written, aliases as in the file."""
    paths = [path for path, _, _ in list_numbers(clinic.centre)]
    assert len(paths) == len(set(paths))
    assert not [path for path in paths if path not in clinic.located.places]
    assert ("pathways", "care", "steps", 1, "with", "talked") in paths


def test_places_know_what_they_measure(clinic: Project) -> None:
    """Hidden in optional, structural and nested forms, the kind asked for is found."""
    found = {path: measured.kind for path, _, measured in list_numbers(clinic.centre) if measured}
    assert found["building_gross",] == "number"
    assert found["cohorts", "breast", "stages", "i", "share"] == "share"
    assert found["activities", "operation", "phases", 0, "duration"] == "time"
    assert found["resources", "doctor", "staffing", "norms", 0, "each"] == "norm"
    assert found["practices", "here", "hours", "standard", "weekly"] == "hours_a_week"
    assert found["catchment", "referral", "sites", "breast", "default"] == "share"
    assert found["pathways", "care", "steps", 3, "next", "options", 0, "share"] == "share"


def test_values_of_parameters_measure_what_the_parameter_says(clinic: Project) -> None:
    """A value handed to a parameter has no kind of its own."""
    kinds = {path: measured for path, _, measured in list_numbers(clinic.centre)}
    assert kinds["pathways", "care", "steps", 1, "with", "talked"] is None


def test_all_forms_are_found(clinic: Project) -> None:
    """References by key and by parameter are found, and no whole number of structure is."""
    forms = {type(number) for _, number, _ in list_numbers(clinic.centre)}
    assert forms == {EvidenceRef, ParameterRef}


def test_kinds_name_known_units() -> None:
    """Every unit a place may ask for is in the closed list."""
    assert not {unit for units in KINDS.values() for unit in units} - set(UNITS)
