"""Workload: what the centre does each year, as the expectation over pathways and episodes."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from oncopolis.centre import BoundActivity, FlowEntry, Project, Route
from oncopolis.centre.catchment import Catchment
from oncopolis.foundation.units import DAYS_PER_YEAR, HOURS_PER_DAY
from oncopolis.planning.asking import Asking
from oncopolis.planning.coefficients import CENTRAL, Array, Coefficients
from oncopolis.planning.demand import NMSC, Demand, compute_ramp
from oncopolis.planning.flows import Flows, State
from oncopolis.planning.hazards import compute_hazards
from oncopolis.planning.openings import compute_open
from oncopolis.planning.quantity import Detail, Ledger, Quantity, to_quantity, total
from oncopolis.planning.tally import Amounts, Tally, Trace

NOBODY: frozenset[str] = frozenset()
"""Attributes of somebody who just came."""


@dataclass(frozen=True)
class Workload:
    """What is done each year; every quantity has shape (draws, years)."""

    measures: Mapping[str, Quantity]
    activities: Mapping[str, Quantity]
    hours: Mapping[str, Quantity]
    """Resource -> hours held."""
    costs: Mapping[str, Quantity]
    contacts: Quantity
    contacts_by_department: Mapping[str, Array]
    visits: Quantity
    patients: Mapping[str, Quantity]
    """Attribute -> patients who gain it."""
    opened: Mapping[str, Array]


def compute_workload(project: Project, asking: Asking, past: Asking, demand: Demand | None) -> Workload:
    """Follow everybody through the network and add up what is done.

    Parameters
    ----------
    project
        Checked project.
    asking
        Coefficients on the years of the plan.
    past
        The same on a longer axis that ends with the plan: cases of earlier years are still followed.
    demand
        New cases on the longer axis.
    """
    ledger, coefficients = asking.ledger, asking.ledger.coefficients
    hazards = compute_hazards(project, coefficients) if project.network.entries else None
    flows = Flows(project.network, coefficients, hazards)
    flows.enter([*_list_cohorts(project, demand, past), *_list_flows(project, past)])
    columns = [past.ledger.find_year(year) for year in ledger.years]
    shape = (coefficients.size, len(columns))
    tally = Tally(
        coefficients, shape, compute_open(project.centre, ledger.years), _make_factor(project, asking)
    )
    tally.take(flows.list_happenings(columns))
    _name_prevalence(project, flows, asking, columns)
    for key in ("demand.stock_modelled", "demand.stock_ratio"):
        if key in past.ledger.figures:
            ledger.figures[key] = past.ledger.figures[key]
    for flow in project.network.flows:
        name_volume(project, asking, flow)
    return _name_workload(project, asking, tally)


def _list_flows(project: Project, past: Asking) -> Iterator[tuple[State, Array]]:
    """Yearly arrivals of other clinics."""
    shape = (past.ledger.coefficients.size, len(past.ledger.years))
    for entry in project.network.flows:
        volume = name_volume(project, past, entry)
        yield (entry.route, entry.at, NOBODY), np.array(np.broadcast_to(volume.values, shape), order="F")


def name_volume(project: Project, asking: Asking, entry: FlowEntry) -> Quantity:
    """Name the yearly arrivals of one flow."""
    ledger, flow = asking.ledger, project.centre.flows[entry.flow]
    per_year = ledger.evidence(entry.volume) * _arrival_days(project, entry.volume, asking)
    if entry.growth is not None:
        first = project.centre.horizon.first
        elapsed = np.array([[max(year - first, 0) for year in ledger.years]], dtype=float)
        growth = ledger.evidence(entry.growth) + 1
        per_year = per_year * growth ** ledger.given(elapsed, f"years since {first}")
    return ledger.name(f"demand.flows.{entry.flow}", flow.label, "patient/year", per_year)


def _arrival_days(project: Project, volume: str | int, asking: Asking) -> Quantity:
    """Days a year on which a daily volume arrives; 1 for a yearly one."""
    row = project.evidence.get_row(str(volume))
    if not row.unit.endswith("/day"):
        return to_quantity(1)
    days = compute_working_days(project) if row.per == "work_day" else DAYS_PER_YEAR
    return asking.ledger.given(np.full((1, 1), days), "days a year")


def compute_working_days(project: Project) -> float:
    """Working days of a mean year: Monday to Friday less public holidays of the price year."""
    centre = project.centre
    return centre.get_working_week().compute_days_per_year(centre.country, centre.currency.price_year)


def _list_cohorts(project: Project, demand: Demand | None, past: Asking) -> list[tuple[State, Array]]:
    """Yearly new cases of the catchment by the state they enter, with the inherited stock set right."""
    if demand is None or project.centre.catchment is None:
        return []
    shape = (past.ledger.coefficients.size, len(past.ledger.years))
    arrivals = [
        ((entry.route, entry.at, NOBODY), np.array(np.broadcast_to(cases.values, shape), order="F"))
        for entry in project.network.entries
        for cases in [demand.new_cases[entry.site] * demand.stage_shares[entry.site, entry.stage]]
    ]
    stock = project.centre.catchment.inherited_stock
    return arrivals if stock is None else _set_stock(project, past, arrivals, past.ask(stock.patients))


def _set_stock(
    project: Project, asking: Asking, arrivals: list[tuple[State, Array]], stated: Quantity
) -> list[tuple[State, Array]]:
    """Scale the cases of the years before opening so that those alive at opening are the stated stock."""
    ledger = asking.ledger
    opening = ledger.find_year(min(opening.year for opening in project.centre.openings))
    central = Coefficients(project.evidence)
    before = Flows(project.network, central, compute_hazards(project, central))
    past = np.array([[float(i < opening) for i in range(len(ledger.years))]])
    before.enter((state, flow[:1] * past) for state, flow in arrivals)
    referral = (
        asking.ask(project.centre.catchment.referral.default) if project.centre.catchment else to_quantity(1)
    )
    alive = sum(
        float(stay[0, max(opening - 1, 0)])
        for route, stay in before.list_stays()
        if _is_counted(project, route)
    )
    modelled = ledger.given(np.full((1, 1), alive), "patients alive at opening by the cohorts") * referral
    modelled = ledger.name(
        "demand.stock_modelled", "Prevalent patients at opening by the cohorts", "count", modelled
    )
    ratio = ledger.name(
        "demand.stock_ratio", "Stated over modelled prevalent patients at opening", "ratio", stated / modelled
    )
    scale = np.where(past > 0, ratio.values, 1.0)
    return [(state, flow * scale) for state, flow in arrivals]


def _make_factor(project: Project, asking: Asking) -> Callable[[str, str | None], Array]:
    """Return the part of a site's patients in need of a modality that gets it here."""
    catchment = project.centre.catchment
    whole = np.ones((1, 1))
    made: dict[tuple[str, str | None], Array] = {}

    def factor(site: str, modality: str | None) -> Array:
        if not site or catchment is None:
            return whole
        if (site, modality) not in made:
            made[site, modality] = compute_share_here(catchment, asking, site, modality).values
        return made[site, modality]

    return factor


def compute_share_here(catchment: Catchment, asking: Asking, site: str, modality: str | None) -> Quantity:
    """Return referral times uptake of a modality for a site; shape (draws, years or 1)."""
    referral = catchment.referral
    of_site = referral.sites.get(site, {})
    number = of_site.get(modality or "", of_site.get("default"))
    if number is None:
        number = referral.modalities.get(modality or "", referral.default)
    share = asking.ask(number, site=site)
    uptake = catchment.uptake.get(modality or "")
    if uptake is None:
        return share
    start, full = asking.ask(uptake.start), asking.ask(uptake.full)
    first = asking.project.centre.horizon.first
    return share * (start + (full - start) * compute_ramp(asking.ledger, first, uptake.full_year))


def _is_counted(project: Project, route: Route) -> bool:
    """Whether people on a route are counted as patients alive: once each, skin (nmsc) left out."""
    return bool(route.site) and route.site != NMSC and project.network.is_in_sequence(route)


def _name_prevalence(project: Project, flows: Flows, asking: Asking, columns: Sequence[int]) -> None:
    """Name the patients alive under care and on follow-up."""
    catchment = project.centre.catchment
    if catchment is None:
        return
    ledger = asking.ledger
    shape = (ledger.coefficients.size, len(ledger.years))
    follow_up, everybody = np.zeros(shape), np.zeros(shape)
    for route, stay in flows.list_stays(columns):
        if not _is_counted(project, route):
            continue
        here = stay * compute_share_here(catchment, asking, route.site, route.stops[0].modality).values
        everybody = everybody + here
        if route.survival == "cohort":
            follow_up = follow_up + here
    text = "person-years on the routes by survival and relapse"
    ledger.name(
        "demand.prevalent",
        "Patients alive under care of the centre (prevalent)",
        "count",
        _expect(everybody, text),
    )
    ledger.name("demand.follow_up", "Patients on follow-up", "count", _expect(follow_up, text))


def _name_workload(project: Project, asking: Asking, tally: Tally) -> Workload:
    centre, ledger = project.centre, asking.ledger
    amounts = Amounts(ledger.coefficients, asking.compute_inflation)
    explain = _Explainer(project, ledger, tally.traces, amounts)
    counts = tally.sum_by(amounts.list_counts)
    hours = tally.sum_by(amounts.list_hours)
    costs = tally.sum_by(amounts.list_costs)
    contacts = tally.sum_by(amounts.list_contacts)
    done = tally.sum_by(lambda activity: [(activity.id, 1.0)])
    zero = np.zeros((1, len(ledger.years)))
    of_resources = {
        key: explain.name(f"hours.{key}", f"Hours held, {resource.label}", "hour/year", hours.get(key, zero))
        for key, resource in centre.resources.items()
    }
    in_all = explain.name("workload.contacts", "Contacts", "count", sum(contacts.values(), zero))
    days = ledger.given(np.full((1, 1), compute_working_days(project)), "working days a year")
    ledger.name("workload.contacts_per_day", "Contacts on a working day", "contact/day", in_all / days)
    bed_days = [
        ledger.name(
            f"workload.bed_days.{key}",
            f"Bed-days, {resource.label}",
            "day/year",
            of_resources[key] / HOURS_PER_DAY,
        )
        for key, resource in centre.resources.items()
        if resource.kind == "bed"
    ]
    ledger.name("workload.bed_days", "Bed-days", "day/year", total(bed_days))
    return Workload(
        measures={
            key: explain.name(f"measure.{key}", measure.label, measure.unit, counts.get(key, zero))
            for key, measure in centre.measures.items()
        },
        activities={
            key: explain.name(f"activity.{key}", activity.label, "count", done.get(key, zero))
            for key, activity in centre.activities.items()
        },
        hours=of_resources,
        costs={
            key: explain.name(f"cost.{key}", f"Cost of {key.replace('.', ', ')}", "USD/year", value)
            for key, value in costs.items()
        },
        contacts=in_all,
        contacts_by_department={key: value[CENTRAL] for key, value in contacts.items()},
        visits=ledger.name(
            "workload.visits",
            "Visits (one person on one day)",
            "count",
            _expect(sum(tally.visits.values(), zero), "outpatient and day-case steps"),
        ),
        patients={
            key: ledger.name(
                f"patients.{key}",
                f"Patients newly {key.replace('_', ' ')}",
                "patient/year",
                _expect(value, "first time the attribute is gained on a pathway"),
            )
            for key, value in tally.acquired.items()
        },
        opened=tally.opened,
    )


def _expect(values: Array, text: str) -> Quantity:
    """An expectation over pathways whose steps are not listed."""
    return Quantity(values, text, details=list)


class _Explainer:
    """Names workload figures and can take them apart by site and step."""

    def __init__(self, project: Project, ledger: Ledger, traces: Sequence[Trace], amounts: Amounts) -> None:
        self.project, self.ledger, self.traces, self.amounts = project, ledger, traces, amounts

    def name(self, key: str, label: str, unit: str, values: Array) -> Quantity:
        """Name a sum over pathways; its lines are made when somebody asks."""
        quantity = Quantity(values, "expectation over pathways", self._list_causes())
        quantity.details = lambda: self._list_details(key)
        return self.ledger.name(key, label, unit, quantity)

    def _list_causes(self) -> tuple[Quantity, ...]:
        cause = self.ledger.figures.get("demand.new_cases")
        flows = [self.ledger.figures[f"demand.flows.{key}"] for key in self.project.centre.flows]
        return (*((cause,) if cause else ()), *flows)

    @cached_property
    def _lines(self) -> dict[str, list[tuple[float, Trace, float]]]:
        """Figure -> (contribution in the reference year, trace, amount of one occurrence)."""
        year = self.ledger.find_year(self.project.centre.reference_year)
        known: dict[int, list[tuple[str, float]]] = {}
        lines: dict[str, list[tuple[float, Trace, float]]] = defaultdict(list)
        for trace in self.traces:
            activity = trace.activity
            if id(activity) not in known:
                known[id(activity)] = list(self._list_amounts(activity))
            count = float(trace.count[year])
            if count > 0:
                for key, each in known[id(activity)]:
                    lines[key].append((count * each, trace, each))
        return lines

    def _list_amounts(self, activity: BoundActivity) -> Iterator[tuple[str, float]]:
        """Figures one occurrence adds to, and how much; central values."""
        yield f"activity.{activity.id}", 1.0
        if activity.contact:
            yield "workload.contacts", 1.0
        for kind, found in (
            ("measure", self.amounts.list_counts),
            ("hours", self.amounts.list_hours),
            ("cost", self.amounts.list_costs),
        ):
            for name, amount in found(activity):
                yield f"{kind}.{name}", float(amount[CENTRAL])

    def _list_details(self, key: str) -> list[Detail]:
        year = self.ledger.find_year(self.project.centre.reference_year)
        lines = sorted(self._lines[key], key=lambda line: -line[0])
        return [_write_detail(value, trace, each, year) for value, trace, each in lines]


def _write_detail(value: float, trace: Trace, each: float, year: int) -> Detail:
    people, count = float(trace.people[year]), float(trace.count[year])
    who = ", ".join(
        part
        for part in (trace.site.replace("_", " "), f"stage {trace.stage.upper()}" if trace.stage else "")
        if part
    )
    times = count / people if people else 0.0
    done = f"{people:,.0f} people x {times:,.2f} {trace.activity.id} x {each:,.3g}"
    text = f"{who or 'flow'}: {trace.pathway} / {trace.stop}: {done}"
    keys = (*trace.evidence, *_list_keys(trace.activity))
    return Detail(text, value, "", tuple(dict.fromkeys(keys)))


def _list_keys(activity: BoundActivity) -> Iterator[str]:
    """Evidence behind one occurrence."""
    for phase in activity.phases:
        for coefficient in (phase.duration, *(n for _, n in phase.hold)):
            if isinstance(coefficient, str):
                yield coefficient
    for _, n in (*activity.counts, *activity.costs):
        if isinstance(n, str):
            yield n


def compute_cases_here(project: Project, asking: Asking, demand: Demand) -> dict[str, Quantity]:
    """Name the new cases seen at the centre, by site and in all."""
    catchment, ledger = project.centre.catchment, asking.ledger
    assert catchment is not None
    cases = {
        site: ledger.name(
            f"demand.cases.{site}",
            f"New cases at the centre, {project.centre.cohorts[site].label}",
            "case/year",
            demand.new_cases[site] * compute_share_here(catchment, asking, site, None),
        )
        for site in project.centre.cohorts
    }
    counted = [quantity for site, quantity in cases.items() if site != NMSC]
    ledger.name(
        "demand.cases",
        "New cases at the centre (non-melanoma skin cancer left out)",
        "case/year",
        total(counted),
    )
    return cases
