# ruff: noqa: E501 -- one case a line
"""Every name, number, branch and year of a definition is checked, and each fault names the line it stands at."""

import pytest

from oncopolis.foundation import InputError, OncopolisError

from .conftest import Change, Reader

HAZARD = "label: x, value: 0.5, unit: 1/year, source: test, status: published, opened: true"
ROW = "label: x, value: 0.3, unit: share, per: case, source: test, status: published, opened: true"


def list_faults(read_changed: Reader, *changes: Change) -> list[OncopolisError]:
    with pytest.raises(OncopolisError) as caught:
        read_changed(*changes)
    faults = list(getattr(caught.value, "errors", (caught.value,)))
    assert all("centre.yaml:" in fault.where for fault in faults)
    return faults


def get_fault(read_changed: Reader, *changes: Change) -> OncopolisError:
    (fault,) = list_faults(read_changed, *changes)
    return fault


STEP = "- {id: look, do: [call], when: {has: [operated]}}"

NAMES: dict[str, tuple[Change, str, str]] = {
    "practice": (("practice: here", "practice: there"), "practice", "the practice 'there'"),
    "holidays": (("UZB\n    choices", "XXX\n    choices"), "practices.here.country", "'XXX'"),
    "country": (("UZB\n      people", "XXX\n      people"), "catchment.populations.region.country", "'XXX'"),
    "cohort": (("  breast:\n    label", "  brest:\n    label"), "cohorts.brest", "the site code 'brest'"),
    "referral site": (
        ("  breast:\n        default", "  brest:\n        default"),
        "catchment.referral.sites.brest",
        "the site code 'brest'",
    ),
    "referral modality": (
        ("modalities:\n      surgery", "modalities:\n      sugery"),
        "catchment.referral.modalities.sugery",
        "the modality 'sugery'",
    ),
    "site modality": (
        ("breast:\n        default", "breast:\n        defult"),
        "catchment.referral.sites.breast.defult",
        "the modality 'defult'",
    ),
    "uptake": (
        ("uptake:\n    surgery", "uptake:\n    sugery"),
        "catchment.uptake.sugery",
        "the modality 'sugery'",
    ),
    "cohort pathway": (
        ("share: rest, pathway: care", "share: rest, pathway: cure"),
        "cohorts.breast.stages.iv.pathway",
        "the pathway 'cure'",
    ),
    "cohort step": (
        ("pathway: care, at: talk", "pathway: care, at: tlak"),
        "cohorts.breast.stages.iv.at",
        "the step 'tlak'",
    ),
    "flow pathway": (
        ("    pathway: short\n", "    pathway: shrt\n"),
        "flows.others.pathway",
        "the pathway 'shrt'",
    ),
    "flow step": (
        ("    pathway: short\n", "    pathway: short\n    at: rng\n"),
        "flows.others.at",
        "the step 'rng'",
    ),
    "measure unit": (
        ("{label: Talks}", "{label: Talks, unit: tlk}"),
        "measures.talks.unit",
        "the unit 'tlk'",
    ),
    "activity department": (
        ("label: Operation\n    department: theatre", "label: Operation\n    department: theater"),
        "activities.operation.department",
        "the department 'theater'",
    ),
    "activity count": (
        ("counts: {talks: 1}", "counts: {tlks: 1}"),
        "activities.talk.counts.tlks",
        "the measure 'tlks'",
    ),
    "activity resource": (
        ("hold: {office: 1, doctor: 1}", "hold: {ofice: 1, doctor: 1}"),
        "activities.talk.phases[0].hold.ofice",
        "the resource 'ofice'",
    ),
    "activity fallback": (
        ("fallback: call", "fallback: cal"),
        "activities.operation.fallback",
        "the activity 'cal'",
    ),
    "activity parameter unit": (
        ("parameters: {minutes: min}", "parameters: {minutes: mins}"),
        "activities.talk.parameters.minutes",
        "the unit 'mins'",
    ),
    "block parameter unit": (
        ("parameters: {talked: min}", "parameters: {talked: mins}"),
        "blocks.surgery.parameters.talked",
        "the unit 'mins'",
    ),
    "step activity": (
        (STEP, "- {id: look, do: [cal]}"),
        "pathways.care.steps[2].do[0]",
        "the activity 'cal'",
    ),
    "step attribute": (
        ("has: [operated]", "has: [oprated]"),
        "pathways.care.steps[2].when.has[0]",
        "the attribute 'oprated'",
    ),
    "step block": (
        ("block: surgery\n        modality", "block: sugery\n        modality"),
        "pathways.care.steps[1].block",
        "the block 'sugery'",
    ),
    "step decider": (
        ("decider: tumour_board", "decider: bord"),
        "pathways.care.steps[1].when.decider",
        "the decider 'bord'",
    ),
    "step next": (
        (STEP, "- {id: look, do: [call], when: {has: [operated]}, next: repat}"),
        "pathways.care.steps[2].next",
        "the step 'repat'",
    ),
    "branch target": (
        ("{to: talk, share", "{to: tlak, share"),
        "pathways.care.steps[3].next.options[0].to",
        "the step 'tlak'",
    ),
    "block branch target": (
        ("- {to: cut, share: rest}", "- {to: ct, share: rest}"),
        "blocks.surgery.steps[1].next.options[1].to",
        "the step 'ct'",
    ),
    "block parameter": (
        (
            "with: {talked: {evidence: test.minutes}}",
            "with: {talked: {evidence: test.minutes}, more: {evidence: test.minutes}}",
        ),
        "pathways.care.steps[1].with.more",
        "the parameter 'more'",
    ),
    "task parameter": (
        (
            "do: [{activity: talk, with: {minutes: {evidence: test.minutes}}}]",
            "do: [{activity: talk, with: {minutes: {evidence: test.minutes}, more: {evidence: test.minutes}}}]",
        ),
        "pathways.care.steps[0].do[0].more",
        "the parameter 'more'",
    ),
    "episode pathway": (
        ("start: short", "start: shrt"),
        "pathways.care.episodes[0].start",
        "the pathway 'shrt'",
    ),
    "episode step": (("at: ring}", "at: rng}"), "pathways.care.episodes[0].at", "the step 'rng'"),
    "episode attribute": (
        ("at: ring}", "at: ring, lacks: [oprated]}"),
        "pathways.care.episodes[0].lacks[0]",
        "the attribute 'oprated'",
    ),
    "resource department": (
        ("label: offices, department: ward", "label: offices, department: wrd"),
        "resources.office.department",
        "the department 'wrd'",
    ),
    "resource calendar": (
        ("label: offices, department: ward, calendar: day", "label: offices, department: ward, calendar: dy"),
        "resources.office.calendar",
        "the calendar 'dy'",
    ),
    "resource upkeep": (
        (
            "label: offices, department: ward,",
            "label: offices, upkeep: [{role: office, time: {evidence: test.weekly}}], department: ward,",
        ),
        "resources.office.upkeep[0].role",
        "the role 'office'",
    ),
    "resource norm": (
        (
            "label: offices, department: ward,",
            "label: offices, norms: [{per: demand.case, times: 1}], department: ward,",
        ),
        "resources.office.norms[0].per",
        "the driver 'demand.case'",
    ),
    "role norm": (
        ("{per: demand.cases, each", "{per: demand.case, each"),
        "resources.doctor.staffing.norms[0].per",
        "the driver 'demand.case'",
    ),
    "role hours": (
        ("staffing: {clinical_share", "staffing: {hours: short, clinical_share"),
        "resources.doctor.staffing.hours",
        "the working time 'short'",
    ),
    "post calendar": (
        ("staffing: {clinical_share", "staffing: {posts: [{calendar: night}], clinical_share"),
        "resources.doctor.staffing.posts[0].calendar",
        "the calendar 'night'",
    ),
    "post driver": (
        (
            "staffing: {clinical_share",
            "staffing: {posts: [{calendar: day, per: resource.ofice}], clinical_share",
        ),
        "resources.doctor.staffing.posts[0].per",
        "the driver 'resource.ofice'",
    ),
    "room department": (
        ("label: Office, department: ward", "label: Office, department: wrd"),
        "rooms.office.department",
        "the department 'wrd'",
    ),
    "room driver": (
        (
            "department: ward, count: [{per: resource.office, times: 1}], area",
            "department: ward, count: [{per: resource.ofice, times: 1}], area",
        ),
        "rooms.office.count[0].per",
        "the driver 'resource.ofice'",
    ),
    "equipment room": (
        ("test.life}, room: office", "test.life}, room: ofice"),
        "equipment.desk.room",
        "the room 'ofice'",
    ),
    "building department": (
        ("label: Side, departments: [theatre]", "label: Side, departments: [theater]"),
        "campus.buildings.side.departments[0]",
        "the department 'theater'",
    ),
    "walk": (
        ("between: [main, side]", "between: [main, sid]"),
        "campus.walks[0].between[1]",
        "the building 'sid'",
    ),
    "opening department": (
        ("sized_for: 2028}", "sized_for: 2028, departments: [wrd]}"),
        "openings[0].departments[0]",
        "the department 'wrd'",
    ),
}


@pytest.mark.parametrize("kind", NAMES)
def test_names_that_point_nowhere_are_told(read_changed: Reader, kind: str) -> None:
    """A name of any kind that nothing bears is told once, at its place."""
    change, path, got = NAMES[kind]
    fault = get_fault(read_changed, change)
    assert (fault.code, fault.where.split(": ", 1)[1]) == ("CEN-010", path)
    assert got in fault.got


@pytest.mark.parametrize(
    ("change", "near"),
    [(NAMES["step next"][0], "repeat"), (NAMES["cohort"][0], "breast"), (NAMES["walk"][0], "side")],
)
def test_near_names_are_suggested(read_changed: Reader, change: Change, near: str) -> None:
    """A slip of the pen is answered with the name that was probably meant."""
    assert near in get_fault(read_changed, change).expected


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ((STEP, "- {id: talk, do: [call], when: {has: [operated]}}"), "CEN-011", "pathways.care.steps[2].id"),
        (("block: surgery\n        modality", "block: surgery\n        do: [call]\n        modality"), "CEN-012", "pathways.care.steps[1]"),
        (("with: {talked: {evidence: test.minutes}}", "with: {}"), "CEN-013", "pathways.care.steps[1].with"),
        ((STEP, "- {id: look, do: [talk], when: {has: [operated]}}"), "CEN-013", "pathways.care.steps[2].do[0]"),
        ((", sizing: {utilisation: {evidence: test.most}}", ""), "CEN-014", "resources.office"),
        (("year: 2026, sized_for: 2028", "year: 2031, sized_for: 2032"), "CEN-015", "openings[0].year"),
        (("sized_for: 2028}\n", "sized_for: 2028}\n  - {id: all, label: b, year: 2027, sized_for: 2028}\n"), "CEN-016", "openings[1].id"),
        (("catchment:\n", "catchment:\n  base_year: 2031\n"), "CEN-017", "catchment.base_year"),
        (("last: 2030", "last: 2051"), "CEN-018", "horizon.last"),
        (("year: 2026, sized_for: 2028", "year: 2026, sized_for: 2060"), "CEN-018", "openings[0].sized_for"),
    ],
)  # fmt: skip
def test_things_that_contradict_each_other_are_told(
    read_changed: Reader, change: Change, code: str, path: str
) -> None:
    """Steps twice, missing parameters and sizes, and years that do not fit are told at their place."""
    fault = get_fault(read_changed, change)
    assert (fault.code, fault.where.split(": ", 1)[1]) == (code, path)


def test_fallbacks_that_go_in_circles_are_told(read_changed: Reader) -> None:
    """Each activity of a circle of fallbacks is told, and one that leads into it is not."""
    faults = list_faults(read_changed, ("    label: Call\n", "    label: Call\n    fallback: operation\n"))
    assert [(fault.code, fault.where.split(": ")[1]) for fault in faults] == [
        ("CEN-019", "activities.call.fallback"),
        ("CEN-019", "activities.operation.fallback"),
    ]


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        (("duration: {evidence: test.hours}", "duration: {evidence: test.area}"), "CEN-021", "activities.operation.phases[0].duration"),
        (("area: {evidence: test.area}", "area: {evidence: test.hours}"), "CEN-021", "rooms.office.area"),
        (("trend: {evidence: test.rate}", "trend: {evidence: test.half}"), "CEN-021", "catchment.trend"),
        (("price: {evidence: test.price}", "price: {evidence: test.salary}"), "CEN-021", "equipment.desk.price"),
        (("parameters: {minutes: min}", "parameters: {minutes: m2}"), "CEN-024", "activities.talk.phases[0].duration"),
        (("{parameter: minutes}", "{parameter: hours}"), "CEN-020", "activities.talk.phases[0].duration"),
        (("Inhabitants, value: 500000", "Inhabitants, value: -1"), "CEN-025", "catchment.populations.region.people"),
        (("Inhabitants, value: 500000", "Inhabitants, value: 0"), "CEN-025", "catchment.populations.region.people"),
        (("Price of a desk, value: 500", "Price of a desk, value: -1"), "CEN-025", "equipment.desk.price"),
        (("Life of a desk, value: 10", "Life of a desk, value: 0"), "CEN-025", "equipment.desk.life"),
        (("Minutes of a talk, value: 30, low: 20", "Minutes of a talk, value: 30, low: -20"), "CEN-025", "pathways.care.steps[0].do[0].with.minutes"),
    ],
)  # fmt: skip
def test_numbers_that_do_not_fit_are_told(read_changed: Reader, change: Change, code: str, path: str) -> None:
    """Units of another kind, parameters that are not declared so, and numbers below what makes sense are told."""
    faults = list_faults(read_changed, change)
    assert (code, path) in [(fault.code, fault.where.split(": ", 1)[1]) for fault in faults]


def test_a_price_of_nothing_and_a_falling_trend_are_fine(read_changed: Reader) -> None:
    """Zero is a price, and rates of change may be negative."""
    project = read_changed(
        ("Price of a desk, value: 500", "Price of a desk, value: 0"),
        ("Trend, value: 0.01", "Trend, value: -0.01"),
    )
    assert project.evidence.get_row("test.rate").value == -0.01


def test_a_practice_that_is_not_in_force_is_left_alone(read_changed: Reader) -> None:
    """Keys of other practice sets may be missing, as nobody asks for them."""
    other = """practices:
  other:
    label: Elsewhere
    country: RUS
    hours: {standard: {weekly: {evidence: no.such}, leave: {evidence: no.such}, sickness: {evidence: no.such}, training: {evidence: no.such}}}
"""
    assert "other" in read_changed(("practices:\n", other)).centre.practices


BRANCH = "- {to: end, share: rest}\n  short:"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ((BRANCH, "- {to: end, share: {evidence: test.tenth}}\n  short:"), "pathways.care.steps[3].next"),
        ((BRANCH, "- {to: end, share: {evidence: test.most}}\n            - {to: look, share: {evidence: test.tenth}}\n  short:"), "pathways.care.steps[3].next"),
        ((BRANCH, "- {to: end, share: rest}\n            - {to: look, share: rest}\n  short:"), "pathways.care.steps[3].next"),
        (("- {to: cut, share: rest}", "- {to: cut, share: {evidence: test.half}}"), "blocks.surgery.steps[1].next"),
        (("share: rest, pathway: care", "share: {evidence: test.half}, pathway: care"), "cohorts.breast.stages"),
        (("iv: {share: rest", "iv: {share: rest, pathway: care}\n      ii: {share: rest"), "cohorts.breast.stages"),
    ],
)  # fmt: skip
def test_shares_that_do_not_sum_to_one_are_told(read_changed: Reader, change: Change, path: str) -> None:
    """Branches and stages with less or more than all, or with two that take the rest, are told."""
    fault = get_fault(read_changed, change)
    assert (fault.code, fault.where.split(": ", 1)[1]) == ("CEN-030", path)


def test_shares_that_sum_to_one_need_no_rest(read_changed: Reader) -> None:
    """A branch whose shares make one is fine, to the sixth digit."""
    row = ROW.replace("0.3", "0.8000005")
    read_changed((BRANCH, f"- {{to: end, share: {{{row}}}}}\n  short:"))


@pytest.mark.parametrize("share", ["value: 1.0", "value: 0.9999999"])
def test_a_loop_nobody_leaves_is_told_once(read_changed: Reader, share: str) -> None:
    """A loop is one fault, at the step that goes back, not one for every step within."""
    fault = get_fault(
        read_changed, ("Share that comes again, value: 0.2", f"Share that comes again, {share}")
    )
    assert (fault.code, fault.where.split(": ", 1)[1]) == ("CEN-031", "pathways.care.steps[3]")


def test_a_step_that_leads_to_itself_is_a_loop(read_changed: Reader) -> None:
    """A step whose next is itself never ends."""
    fault = get_fault(read_changed, ("- {id: ring, do: [call]}", "- {id: ring, do: [call], next: ring}"))
    assert (fault.code, fault.where.split(": ", 1)[1]) == ("CEN-031", "pathways.short.steps[0]")


def test_a_loop_that_a_condition_leaves_is_fine(read_changed: Reader) -> None:
    """A step that is done for some only lets the others out of its loop."""
    read_changed(
        (
            "- {id: ring, do: [call]}",
            "- {id: ring, do: [call], when: {share: {evidence: test.half}}, next: ring}",
        )
    )


def test_names_are_told_all_at_once(read_changed: Reader) -> None:
    """Two slips in different sections are told in one go."""
    faults = list_faults(read_changed, NAMES["walk"][0], NAMES["flow pathway"][0])
    assert isinstance(faults[0], InputError)
    assert len(faults) == 2
