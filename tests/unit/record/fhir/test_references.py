"""What references point at."""

import pytest

from oncopolis.record.fhir.references import Target, find_contained, read_reference, read_target

ROOT = {"resourceType": "Observation", "id": "o", "contained": [{"resourceType": "Patient", "id": "p"}]}


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Patient/1", Target("Patient", "1", None)),
        ("Patient/1/_history/2", Target("Patient", "1", None)),
        ("http://a/Patient/1", Target("Patient", "1", "http://a/Patient/1")),
        ("http://a/b/Patient/1/_history/2", Target("Patient", "1", "http://a/b/Patient/1")),
        ("Pacient/1", Target(None, None, "Pacient/1")),
        ("HumanName/1", Target(None, None, "HumanName/1")),
        ("Patient/a_b", Target(None, None, "Patient/a_b")),
        ("Patient?identifier=1", Target(None, None, "Patient?identifier=1")),
        ("urn:uuid:1", Target(None, None, "urn:uuid:1")),
        ("http://a/Patient/1#x", Target(None, None, "http://a/Patient/1#x")),
        ("#p", None),
    ],
)
def test_targets(text: str, target: Target | None) -> None:
    assert read_target(text) == target


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        ({"reference": "Patient/1", "type": "Group"}, Target("Patient", "1", None)),
        ({"reference": "urn:uuid:1", "type": "Patient"}, Target("Patient", None, "urn:uuid:1")),
        ({"reference": "#p"}, Target("Patient", None, "#p")),
        ({"reference": "#"}, Target("Observation", None, "#")),
        ({"reference": "#nobody"}, None),
        ({"display": "x"}, None),
        ({"type": "Patient", "identifier": {"value": "1"}}, None),
    ],
)
def test_references(reference: dict[str, object], target: Target | None) -> None:
    assert read_reference(reference, ROOT) == target


def test_contained_resources() -> None:
    assert find_contained("#p", ROOT) == ROOT["contained"][0]
    assert find_contained("#q", ROOT) is None
    assert find_contained("#q", {}) is None
