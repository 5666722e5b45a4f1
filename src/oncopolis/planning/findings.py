"""What a plan has to say about itself: contradictions, shortages and weak ground."""

from collections.abc import Iterator

from oncopolis.centre import Project
from oncopolis.foundation import Finding
from oncopolis.planning.calculation import Calculation
from oncopolis.planning.openings import find_opening_years
from oncopolis.planning.phases import Phase
from oncopolis.planning.uncertainty import Uncertainty

MOST_NAMED = 10  # structure: keys a finding names


def check_plan(
    project: Project, calculation: Calculation, uncertainty: Uncertainty | None
) -> Iterator[Finding]:
    """Yield every finding of a plan."""
    yield from check_protons(project, calculation)
    for phase in calculation.phases:
        yield from check_given_counts(phase)
    yield from check_departments(project)
    yield from check_sites(project, calculation)
    yield from check_registry(project, calculation)
    yield from check_norms(calculation.phases[-1], project)
    if calculation.biobank and calculation.biobank.full_year:
        yield _biobank_full(calculation)
    if uncertainty:
        yield from check_headline_rows(project, uncertainty)


def check_protons(project: Project, calculation: Calculation) -> Iterator[Finding]:
    """Protons are bought while photon need is unmet: too few linacs, or patients in need not treated."""
    opened = find_opening_years(project.centre).get("proton")
    catchment = project.centre.catchment
    rooms = calculation.phases[-1].resources.get("proton_room")
    if opened is None or catchment is None or (rooms is not None and float(rooms.n.central[0]) == 0):
        return
    last = calculation.phases[-1]
    linac = last.resources.get("linac")
    if linac is not None and float(linac.need.central[0]) > float(linac.n.central[0]):
        yield _protons_first(
            f"{linac.n.central[0]:.0f} linacs for a need of {linac.need.central[0]:.1f}", opened
        )
    uptake = catchment.uptake.get("radiotherapy")
    if uptake is not None and opened < uptake.full_year:
        yield _protons_first(f"full use of radiotherapy only in {uptake.full_year}", opened)


def _protons_first(actual: str, opened: int) -> Finding:
    return Finding(
        rule="protons-before-photons",
        severity="warning",
        where="openings: proton",
        message=f"protons open in {opened} while the need for photons is unmet",
        actual=actual,
        expected="photon need met before protons open",
        source="planning rule: one proton room costs as much as several linacs",
        fix="meet the photon need first, or open the proton department later",
    )


def check_given_counts(phase: Phase) -> Iterator[Finding]:
    """A stated number of a resource is smaller than its need."""
    for key, part in phase.resources.items():
        need, n = float(part.need.central[0]), float(part.n.central[0])
        if part.resource.n != "planned" and need > n:
            yield Finding(
                rule="given-count-too-small",
                severity="error",
                where=f"resources.{key}",
                message=f"{part.resource.label}: fewer than needed in {phase.drivers.year}",
                actual=f"{n:.0f}",
                expected=f"at least {need:.1f}",
                fix="raise `n`, set `n: planned`, or lower the referral",
            )


def check_departments(project: Project) -> Iterator[Finding]:
    """A department is defined and never opens."""
    opened = find_opening_years(project.centre)
    for key, department in project.centre.departments.items():
        if key not in opened:
            yield Finding(
                rule="department-never-opens",
                severity="note",
                where=f"departments.{key}",
                message=f"{department.label} is in no phase of opening; its patients go elsewhere",
                fix="name it in `openings` if the centre is to have it",
            )


def check_sites(project: Project, calculation: Calculation) -> Iterator[Finding]:
    """The catchment has cases of a site for which there is no cohort."""
    if calculation.demand is None:
        return
    for site, cases in calculation.demand.new_cases.items():
        if site not in project.centre.cohorts and float(cases.central.max()) > 0:
            yield Finding(
                rule="site-without-cohort",
                severity="warning",
                where=f"cohorts.{site}",
                message=f"{site} has {cases.central[-1]:,.0f} new cases a year and no cohort, "
                "so nobody treats them",
                fix=f"add `cohorts.{site}`, or use the library",
            )


def check_registry(project: Project, calculation: Calculation) -> Iterator[Finding]:
    """Registry and estimate lie far apart."""
    catchment, figures = project.centre.catchment, calculation.ledger.figures
    for key, population in (catchment.populations if catchment else {}).items():
        ratio = figures.get(f"demand.registry_ratio.{key}")
        if ratio is None:
            continue
        low, high = (
            project.evidence.get_row(f"demand.registry_ratio_{end}").value for end in ("low", "high")
        )
        if not low <= float(ratio.central[0]) <= high:
            yield Finding(
                rule="registry-far-from-estimate",
                severity="warning",
                where=f"catchment.populations.{key}.registered",
                message=f"{population.label}: registry and estimate lie far apart; "
                f"the plan stands on the {population.basis}",
                actual=f"{ratio.central[0]:.2f}",
                expected=f"{low:g} to {high:g}",
                source="demand.registry_ratio_low, demand.registry_ratio_high",
                fix="find out which is nearer the truth; set `basis` and compare both plans",
            )


def check_norms(phase: Phase, project: Project) -> Iterator[Finding]:
    """The number by hours and the first ratio norm differ by more than a factor."""
    factor = project.evidence.get_row("staff.norm_gap").value
    for key, part in phase.staff.items():
        if not part.norms or part.role.staffing is None or part.role.staffing.basis == "norm":
            continue
        norm, by_hours = part.norms[0], float(part.fte.central[0])
        beside = float(norm.n.central[0])
        if by_hours > 0 and beside > 0 and max(by_hours / beside, beside / by_hours) > factor:
            yield Finding(
                rule="norm-far-from-activity",
                severity="note",
                where=f"staff.{key}",
                message=f"{part.role.label}: hours and norm ({norm.label}) lie far apart",
                actual=f"{by_hours:.1f} by hours",
                expected=f"{beside:.1f} by norm",
                source="staff.norm_gap",
                fix="look at the case mix behind the norm, or at the minutes in the pathways",
            )


def _biobank_full(calculation: Calculation) -> Finding:
    assert calculation.biobank is not None
    return Finding(
        rule="biobank-full",
        severity="warning",
        where="biobank",
        message=f"the tanks are full in {calculation.biobank.full_year}",
        actual=f"{calculation.biobank.stock.central[-1]:,.0f} tissues at the end of the horizon",
        expected=f"at most {calculation.biobank.capacity.central[0]:,.0f}",
        fix="add tanks, keep fewer aliquots, or discard by rule",
    )


def check_headline_rows(project: Project, uncertainty: Uncertainty) -> Iterator[Finding]:
    """Coefficients that move headlines rest on sources nobody opened."""
    weak = list_weak_rows(project, uncertainty)
    if weak:
        yield Finding(
            rule="unverified-headline-rows",
            severity="note",
            where="evidence",
            message=f"{len(weak)} coefficients that move headlines rest on a source nobody opened, "
            "and nobody signed for them",
            actual=", ".join(weak[:MOST_NAMED]) + (" …" if len(weak) > MOST_NAMED else ""),
            expected="an opened source or a signature",
            fix="put the project's own value with its source, or sign it, under `evidence:`",
        )


def list_weak_rows(project: Project, uncertainty: Uncertainty) -> list[str]:
    """Return the coefficients in a tornado whose source nobody opened and nobody signed for."""
    keys = {bar.evidence for bars in uncertainty.tornado.values() for bar in bars}
    return sorted(key for key in keys if not project.evidence.get_row(key).is_verified)
