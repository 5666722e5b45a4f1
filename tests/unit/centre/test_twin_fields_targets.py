"""Targets say what is kept, where, within which time and for which share."""

import pytest

from oncopolis.foundation import OncopolisError

from .conftest import Change, Reader

SHARE = "share: {evidence: test.most}"
WITHIN = "within: {evidence: test.minutes}"


def put(fields: str) -> Change:
    return "measures:\n", f"targets:\n  goal: {{label: A goal, {fields}}}\nmeasures:\n"


@pytest.mark.parametrize(
    ("fields", "place", "name"),
    [
        (f"of: wait, at: activity.talk, {WITHIN}, {SHARE}", "activity", "talk"),
        (f"of: wait, at: resource.office, {WITHIN}, {SHARE}", "resource", "office"),
        (f"of: wait, at: pathway.care, {WITHIN}, {SHARE}", "pathway", "care"),
        (f"of: treatment, {WITHIN}, {SHARE}", "", ""),
        (f"of: treatment, at: cohort.breast, {WITHIN}, {SHARE}", "cohort", "breast"),
        (f"of: utilisation, at: resource.office, {SHARE}", "resource", "office"),
        (f"of: refused, at: resource.office, {SHARE}", "resource", "office"),
        (f"of: refused, at: pathway.short, {SHARE}", "pathway", "short"),
    ],
)
def test_targets_that_make_sense_are_taken(read_changed: Reader, fields: str, place: str, name: str) -> None:
    target = read_changed(put(fields)).centre.targets["goal"]
    assert (target.place, target.name) == (place, name)


@pytest.mark.parametrize(
    ("fields", "code", "expected"),
    [
        (f"of: wait, at: activity.talk, {SHARE}", "CEN-002", "`within` for"),
        (f"of: utilisation, at: resource.office, {WITHIN}, {SHARE}", "CEN-002", "`within` for"),
        (f"of: wait, {WITHIN}, {SHARE}", "CEN-002", "activity.<id> or resource.<id> or pathway.<id>"),
        (f"of: utilisation, {SHARE}", "CEN-002", "`at: resource.<id>`"),
        (f"of: utilisation, at: activity.talk, {SHARE}", "CEN-002", "`at: resource.<id>`"),
        (f"of: treatment, at: pathway.care, {WITHIN}, {SHARE}", "CEN-002", "`at: cohort.<id>`"),
        (f"of: wait, at: talk, {WITHIN}, {SHARE}", "CEN-002", "activity.<id>"),
        (f"of: cost, {SHARE}", "CEN-002", "'wait', 'treatment', 'utilisation' or 'refused'"),
        (f"of: wait, at: activity.tlak, {WITHIN}, {SHARE}", "CEN-010", "activity.talk"),
        (f"of: treatment, at: cohort.lung, {WITHIN}, {SHARE}", "CEN-010", "defined"),
        (f"of: wait, at: activity.talk, within: {{evidence: test.half}}, {SHARE}", "CEN-021", "min or hour"),
        (f"of: wait, at: activity.talk, {WITHIN}, share: {{evidence: test.minutes}}", "CEN-021", "share"),
    ],
)
def test_targets_that_make_no_sense_are_refused(
    read_changed: Reader, fields: str, code: str, expected: str
) -> None:
    with pytest.raises(OncopolisError) as caught:
        read_changed(put(fields))
    (fault,) = getattr(caught.value, "errors", (caught.value,))
    assert "centre.yaml:" in fault.where
    assert fault.where.split(": ", 1)[1].startswith("targets.goal")
    assert fault.code == code
    assert expected in fault.expected
