"""Throughput of machines from minutes and opening hours, beside norms and what was observed."""

from collections.abc import Iterator

from oncopolis.centre import Project
from oncopolis.centre.number import EvidenceRef, ParameterRef
from oncopolis.foundation.units import MINUTES_PER_HOUR
from oncopolis.planning.asking import Asking
from oncopolis.planning.coefficients import Coefficients
from oncopolis.planning.quantity import Ledger
from oncopolis.studies.validation.check import Check, Published
from oncopolis.studies.validation.lifetime import Lifetimes
from oncopolis.studies.validation.mix import get_mix

MACHINES = {"linac": "linac_fraction", "proton_room": "proton_fraction"}
"""Machine -> activity of one fraction."""


def compute_fractions_per_year(project: Project, machine: str) -> float:
    """Return the fractions a machine gives in a year, its spare margin kept free.

    Parameters
    ----------
    project
        Its calendars, minutes and margins.
    machine
        Resource: `linac` or `proton_room`.
    """
    centre = project.centre
    asking = Asking(project, Ledger(Coefficients(project.evidence), [centre.horizon.first]))
    resource = centre.resources[machine]
    sizing = resource.sizing
    assert sizing is not None
    calendar = centre.get_calendar(resource.calendar)
    open_hours = calendar.compute_hours_per_year(centre.country, centre.currency.price_year)
    usable = asking.ask(sizing.utilisation) * asking.ask(sizing.availability or 1)
    usable = usable / (asking.ask(sizing.spare or 0) + 1)
    minutes = _sum_minutes(project, asking, MACHINES[machine])
    return open_hours * MINUTES_PER_HOUR * float(usable.central[0]) / minutes


def _sum_minutes(project: Project, asking: Asking, activity: str) -> float:
    """Minutes of one fraction; the beam, a parameter of the linac's, as for conformal fields."""
    beam = EvidenceRef(evidence="radiotherapy.minutes.beam.conformal")
    durations = [phase.duration for phase in project.centre.activities[activity].phases]
    numbers = [beam if isinstance(duration, ParameterRef) else duration for duration in durations]
    return sum(float(asking.ask(number, "min").central[0]) for number in numbers)


def list_capacity_checks(published: Published, project: Project, lifetimes: Lifetimes) -> Iterator[Check]:
    """Yield checks on linacs and proton rooms.

    Parameters
    ----------
    published
        Published figures.
    project
        Whose calendars, minutes and margins count.
    lifetimes
        Fractions of a course, first and later ones together, historical practice.
    """
    australia = get_mix("AUS")
    per_course = australia.ratio(lifetimes, "measure.fractions", "measure.courses")
    courses = compute_fractions_per_year(project, "linac") / per_course
    yield published.compare(
        "linac.courses_per_year",
        "radiotherapy.courses_per_unit_year",
        courses,
        label="Courses a linac gives in a year: our hours, minutes and fractions",
        cause=[
            "radiotherapy.minutes.setup",
            "radiotherapy.minutes.imaging",
            "radiotherapy.bookable_share",
            "radiotherapy.spare_share",
            "radiotherapy.fractions.palliative.historical",
        ],
        why="a day of nine hours; longer days or shorter fractions bring it up",
    )
    patients = compute_fractions_per_year(project, "proton_room") / published.get(
        "proton.fractions_per_patient.ncc_korea"
    )
    cause = [
        "clinical.minutes.proton_set_up",
        "clinical.minutes.proton_imaging",
        "clinical.minutes.proton_beam",
        "proton.availability",
        "radiotherapy.bookable_share",
        "proton.fractions_per_patient.ncc_korea",
    ]
    yield published.compare(
        "proton.room_year_vendor",
        "proton.patients_per_room_year_vendor",
        patients,
        cause=cause,
        why="a room's capacity in two shifts, with the fractions per patient of NCC Korea",
    )
    yield published.compare(
        "proton.room_year_ncc_korea",
        "proton.patients_per_room_year_ncc_korea",
        patients,
        cause=cause,
        why="a capacity beside the patients really treated in the first ten years; the rooms were not filled",
    )
