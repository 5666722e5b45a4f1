"""Everything a definition names must exist."""

from collections.abc import Iterator
from typing import Any

from oncopolis.centre.calendar import list_holidays
from oncopolis.centre.checks.asking import Asker
from oncopolis.centre.checks.service import check_service
from oncopolis.centre.definition import Centre
from oncopolis.centre.drivers import list_attributes, list_drivers, list_steps
from oncopolis.centre.geography import list_countries, list_site_ids
from oncopolis.centre.money import Finance
from oncopolis.centre.pathway import END, Branch, Step, Task
from oncopolis.foundation import InputError, Located
from oncopolis.foundation.located import Segments
from oncopolis.foundation.units import UNITS


def check_references(centre: Centre, located: Located) -> Iterator[InputError]:
    """Yield a fault for every name that points nowhere."""
    asker = Asker(located)
    yield from asker.ask(centre.practice, centre.practices, "practice", ("practice",))
    if centre.practice not in centre.practices:
        return
    yield from _check_catchment(centre, asker)
    yield from _check_activities(centre, asker)
    yield from _check_pathways(centre, asker)
    yield from _check_resources(centre, asker)
    yield from _check_facilities(centre, asker)
    yield from check_service(centre, asker)


def _check_catchment(centre: Centre, asker: Asker) -> Iterator[InputError]:
    if not list_holidays(centre.country, centre.currency.price_year):
        where = ("practices", centre.practice, "country")
        yield from asker.ask(centre.country, (), "country with a calendar of public holidays", where)
    for site in centre.cohorts:
        yield from asker.ask(site, list_site_ids(), "site code", ("cohorts", site))
    catchment = centre.catchment
    if catchment is None:
        return
    for key, population in catchment.populations.items():
        if population.country not in list_countries() and not (
            population.incidence and population.population
        ):
            yield from asker.ask(
                population.country,
                (),
                "country with packaged figures",
                ("catchment", "populations", key, "country"),
            )
    modalities = list_modalities(centre)
    for group, named in (("uptake", catchment.uptake), ("referral", catchment.referral.modalities)):
        path: Segments = (
            ("catchment", group) if group == "uptake" else ("catchment", "referral", "modalities")
        )
        yield from asker.ask_all(named, modalities, "modality", path)
    for site, shares in catchment.referral.sites.items():
        yield from asker.ask(site, list_site_ids(), "site code", ("catchment", "referral", "sites", site))
        yield from asker.ask_all(
            shares, {*modalities, "default"}, "modality", ("catchment", "referral", "sites", site)
        )


def list_modalities(centre: Centre) -> set[str]:
    """Return the modalities that steps name."""
    return {step.modality for step in list_steps(centre) if step.modality}


def _check_activities(centre: Centre, asker: Asker) -> Iterator[InputError]:
    for key, activity in centre.activities.items():
        path: Segments = ("activities", key)
        yield from asker.ask(activity.department, centre.departments, "department", (*path, "department"))
        yield from asker.ask_all(activity.counts, centre.measures, "measure", (*path, "counts"))
        for i, phase in enumerate(activity.phases):
            yield from asker.ask_all(phase.hold, centre.resources, "resource", (*path, "phases", i, "hold"))
        yield from _check_units(activity.parameters, asker, path)
        if activity.fallback:
            yield from asker.ask(activity.fallback, centre.activities, "activity", (*path, "fallback"))
        if key in _list_fallbacks(centre, key):
            yield InputError(
                code="CEN-019",
                where=asker.located.where((*path, "fallback")),
                got=f"a chain of fallbacks that leads back to {key!r}",
                expected="a last activity that has none",
                fix="take one `fallback` out",
            )
    for key, measure in centre.measures.items():
        yield from asker.ask(measure.unit, UNITS, "unit", ("measures", key, "unit"))
    for key, block in centre.blocks.items():
        yield from _check_units(block.parameters, asker, ("blocks", key))


def _check_units(parameters: dict[str, str], asker: Asker, path: Segments) -> Iterator[InputError]:
    for name, unit in parameters.items():
        yield from asker.ask(unit, UNITS, "unit", (*path, "parameters", name))


def _list_fallbacks(centre: Centre, key: str) -> list[str]:
    """Return the activities done instead of `key`, in order, up to the first that comes again."""
    found: list[str] = []
    activity = centre.activities.get(key)
    while activity and activity.fallback and activity.fallback not in found:
        found.append(activity.fallback)
        activity = centre.activities.get(activity.fallback)
    return found


def _check_pathways(centre: Centre, asker: Asker) -> Iterator[InputError]:
    attributes = list_attributes(centre)
    for section, parts in (("pathways", centre.pathways), ("blocks", centre.blocks)):
        for key, part in parts.items():
            path: Segments = (section, key, "steps")
            ids = [step.id for step in part.steps]
            for i, step in enumerate(part.steps):
                if step.id in ids[:i]:
                    yield InputError(
                        code="CEN-011",
                        where=asker.located.where((*path, i, "id")),
                        got=f"the step {step.id!r} a second time",
                        expected="each step id once",
                        fix="rename one",
                    )
                yield from _check_step(centre, step, ids, attributes, asker, (*path, i))
    for key, pathway in centre.pathways.items():
        for i, episode in enumerate(pathway.episodes):
            path = ("pathways", key, "episodes", i)
            yield from asker.ask(episode.start, centre.pathways, "pathway", (*path, "start"))
            if episode.at and episode.start in centre.pathways:
                yield from asker.ask(episode.at, _step_ids(centre, episode.start), "step", (*path, "at"))
            for name, named in (("has", episode.has), ("lacks", episode.lacks)):
                yield from asker.ask_all(named, attributes, "attribute", (*path, name))
    for group, entries in (
        (
            "cohorts",
            {
                (site, "stages", stage): entry
                for site, cohort in centre.cohorts.items()
                for stage, entry in cohort.stages.items()
            },
        ),
        ("flows", {(key,): flow for key, flow in centre.flows.items()}),
    ):
        for where, entry in entries.items():
            yield from asker.ask(entry.pathway, centre.pathways, "pathway", (group, *where, "pathway"))
            if entry.at and entry.pathway in centre.pathways:
                yield from asker.ask(
                    entry.at, _step_ids(centre, entry.pathway), "step", (group, *where, "at")
                )


def _step_ids(centre: Centre, pathway: str) -> list[str]:
    return [step.id for step in centre.pathways[pathway].steps]


def _check_step(
    centre: Centre, step: Step, ids: list[str], attributes: set[str], asker: Asker, path: Segments
) -> Iterator[InputError]:
    targets = {*ids, END}
    if step.block:
        yield from asker.ask(step.block, centre.blocks, "block", (*path, "block"))
        if step.block in centre.blocks:
            yield from _check_parameters(
                step.using, centre.blocks[step.block].parameters, asker, (*path, "with")
            )
    if step.block and step.do:
        yield InputError(
            code="CEN-012",
            where=asker.located.where(path),
            got="both `do` and `block`",
            expected="one of them",
            fix="split the step in two",
        )
    for i, task in enumerate(step.do):
        here = (*path, "do", i)
        yield from asker.ask(_activity(task), centre.activities, "activity", here)
        activity = centre.activities.get(_activity(task))
        if activity:
            yield from _check_parameters(
                task.using if isinstance(task, Task) else {}, activity.parameters, asker, here
            )
    if step.when:
        for name, named in (("has", step.when.has), ("lacks", step.when.lacks)):
            yield from asker.ask_all(named, attributes, "attribute", (*path, "when", name))
        yield from _check_decider(centre, step.when.decider, asker, (*path, "when", "decider"))
    if isinstance(step.next, Branch):
        for i, option in enumerate(step.next.options):
            yield from asker.ask(option.to, targets, "step", (*path, "next", "options", i, "to"))
        yield from _check_decider(centre, step.next.decider, asker, (*path, "next", "decider"))
    elif step.next:
        yield from asker.ask(step.next, targets, "step", (*path, "next"))
    if step.gives_up:
        yield from asker.ask(step.gives_up, targets, "step", (*path, "gives_up"))


def _check_decider(centre: Centre, decider: str | None, asker: Asker, path: Segments) -> Iterator[InputError]:
    if decider:
        deciders = {key for key, resource in centre.resources.items() if resource.kind == "role"} | {
            "tumour_board",
            "patient",
        }
        yield from asker.ask(decider, deciders, "decider", path)


def _activity(task: Task | str) -> str:
    return task if isinstance(task, str) else task.activity


def _check_parameters(
    given: dict[str, Any], declared: dict[str, str], asker: Asker, path: Segments
) -> Iterator[InputError]:
    yield from asker.ask_all(given, declared, "parameter", path)
    for name in sorted(set(declared) - set(given)):
        yield InputError(
            code="CEN-013",
            where=asker.located.where(path),
            got="nothing",
            expected=f"a value for the parameter {name!r}",
            fix=f"add it under `with: {{{name}: ...}}`",
        )


def _check_resources(centre: Centre, asker: Asker) -> Iterator[InputError]:
    calendars = {*centre.calendars, *centre.get_practice().calendars}
    roles = {key for key, resource in centre.resources.items() if resource.kind == "role"}
    drivers = set(list_drivers(centre))
    for key, resource in centre.resources.items():
        path: Segments = ("resources", key)
        yield from asker.ask(resource.department, centre.departments, "department", (*path, "department"))
        yield from asker.ask(resource.calendar, calendars, "calendar", (*path, "calendar"))
        for i, upkeep in enumerate(resource.upkeep):
            yield from asker.ask(upkeep.role, roles, "role", (*path, "upkeep", i, "role"))
        for i, norm in enumerate(resource.norms):
            yield from asker.ask(norm.per, drivers, "driver", (*path, "norms", i, "per"))
        wanted = "staffing" if resource.kind == "role" else "sizing"
        if getattr(resource, wanted) is None and not resource.is_outside_plan:
            yield InputError(
                code="CEN-014",
                where=asker.located.where(path),
                got="nothing",
                expected=f"`{wanted}` for a {resource.kind}",
                fix=f"say how many are needed under `{wanted}`",
            )
        if resource.staffing:
            yield from asker.ask(
                resource.staffing.hours,
                centre.get_practice().hours,
                "working time",
                (*path, "staffing", "hours"),
            )
            for i, post in enumerate(resource.staffing.posts):
                yield from asker.ask(
                    post.calendar, calendars, "calendar", (*path, "staffing", "posts", i, "calendar")
                )
                yield from asker.ask(post.per, drivers, "driver", (*path, "staffing", "posts", i, "per"))
            for i, norm in enumerate(resource.staffing.norms):
                yield from asker.ask(norm.per, drivers, "driver", (*path, "staffing", "norms", i, "per"))


def _check_facilities(centre: Centre, asker: Asker) -> Iterator[InputError]:
    drivers = set(list_drivers(centre))
    for section, items in (("equipment", centre.equipment), ("rooms", centre.rooms)):
        for key, item in items.items():
            yield from asker.ask(
                item.department, centre.departments, "department", (section, key, "department")
            )
            for i, driver in enumerate(item.count):
                yield from asker.ask(driver.per, drivers, "driver", (section, key, "count", i, "per"))
    for key, equipment in centre.equipment.items():
        if equipment.room:
            yield from asker.ask(equipment.room, centre.rooms, "room", ("equipment", key, "room"))
    for key, building in centre.campus.buildings.items():
        yield from asker.ask_all(
            building.departments,
            centre.departments,
            "department",
            ("campus", "buildings", key, "departments"),
        )
    for i, walk in enumerate(centre.campus.walks):
        yield from asker.ask_all(
            walk.between, centre.campus.buildings, "building", ("campus", "walks", i, "between")
        )
    for i, opening in enumerate(centre.openings):
        yield from asker.ask_all(
            opening.departments or (), centre.departments, "department", ("openings", i, "departments")
        )
    if centre.biobank:
        yield from asker.ask(centre.biobank.source, drivers, "driver", ("biobank", "source"))
        yield from asker.ask(
            centre.biobank.department, centre.departments, "department", ("biobank", "department")
        )
    if centre.finance:
        yield from _check_finance(centre.finance, centre, drivers, asker)


def _check_finance(finance: Finance, centre: Centre, drivers: set[str], asker: Asker) -> Iterator[InputError]:
    for i, income in enumerate(finance.income):
        yield from asker.ask(income.per, drivers, "driver", ("finance", "income", i, "per"))
    for i, unit_cost in enumerate(finance.unit_costs):
        path: Segments = ("finance", "unit_costs", i)
        yield from asker.ask(unit_cost.per, drivers, "driver", (*path, "per"))
        yield from asker.ask_all(
            unit_cost.departments, centre.departments, "department", (*path, "departments")
        )


__all__ = ["check_references", "list_modalities"]
