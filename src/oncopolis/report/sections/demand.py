"""Demand: who falls ill, where, at what age, and who comes."""

from itertools import pairwise
from typing import Any

from markupsafe import Markup

from oncopolis.report.language import mark
from oncopolis.report.numerals import write_change
from oncopolis.report.page import Page
from oncopolis.report.pictures import Layer, Panel, draw_areas, draw_panels, draw_pyramid
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, fold, write_table

BASES = {"estimate": mark("estimate"), "registry": mark("registry"), "rate": mark("rate")}

N_NAMED = 9  # structure: layers a reader can tell apart
"""Sites named in the picture; the rest is one layer."""


def write_demand(page: Page) -> Section | None:
    """Write the section; none where nobody falls ill (a project of flows only)."""
    text = page.text
    demand = page.plan["demand"]
    if not demand["sites"]:
        return None
    new, coming = _add_up(demand, "new_cases"), _add_up(demand, "cases")
    lead = text(
        "The catchment has {first} new cases in {first_year} and {last} in {last_year} "
        "({change}); {coming} of them come to the centre that year.",
        first=page.number(round(new[0])),
        first_year=page.years[0],
        last=page.number(round(new[-1])),
        last_year=page.years[-1],
        change=write_change(page.language, new[0], new[-1]),
        coming=page.number(round(coming[-1])),
    )
    blocks = [_draw_sites(page, demand), _draw_ages(page, demand), _draw_patients(page, demand, coming)]
    blocks += [_list_populations(page, demand), _list_sites(page, demand), _list_stages(page, demand)]
    return Section("demand", text("Demand"), lead, tuple(block for block in blocks if block))


def _add_up(demand: dict[str, Any], name: str) -> list[float]:
    return [sum(values) for values in zip(*(site[name] for site in demand["sites"]), strict=True)]


def _draw_sites(page: Page, demand: dict[str, Any]) -> Markup:
    by_size = sorted(demand["sites"], key=lambda site: (site["site"] == "other", -site["new_cases"][-1]))
    named, rest = by_size[:N_NAMED], by_size[N_NAMED:]
    layers = [
        Layer(page.title(site["label"]), site["new_cases"], page.href(f"demand.new_cases.{site['site']}"))
        for site in named
    ]
    if rest:
        others = [sum(values) for values in zip(*(site["new_cases"] for site in rest), strict=True)]
        layers.append(Layer(page.text("All other sites"), others))
    title = page.text("New cases in the catchment by site")
    svg = draw_areas(
        page.years,
        layers,
        write=_whole(page),
        title=title,
        unit=page.text("New cases a year"),
        events=page.events,
    )
    return page.picture(svg, title, page.text("Upright lines: openings."))


def _whole(page: Page) -> Any:
    return lambda value: page.number(round(value) if abs(value) >= 1 else value)


def _draw_ages(page: Page, demand: dict[str, Any]) -> Markup:
    age = demand.get("age")
    if not age or not age.get("age_starts"):
        return Markup()
    starts = age["age_starts"]
    bands = [f"{start}–{end - 1}" for start, end in pairwise(starts)] + [f"{starts[-1]}+"]
    title = page.text("New cases by age and sex, {year}", year=age["year"])
    sides = (page.text("Women"), page.text("Men"))
    svg = draw_pyramid(
        bands,
        age["female"],
        age["male"],
        sides=sides,
        write=_whole(page),
        title=title,
        unit=page.text("New cases a year"),
    )
    return page.picture(svg, title)


def _draw_patients(page: Page, demand: dict[str, Any], coming: list[float]) -> Markup:
    unit = page.text("patients")
    panels = [
        Panel(
            page.text("New cases at the centre"),
            page.unit("case/year"),
            coming,
            href=page.href("demand.cases"),
        )
    ]
    for key, label in (
        ("prevalent", page.text("Patients under care")),
        ("follow_up", page.text("Patients on follow-up")),
    ):
        if demand.get(key):
            panels.append(Panel(label, unit, demand[key], href=page.href(f"demand.{key}")))
    title = page.text("Patients of the centre")
    svg = draw_panels(page.years, panels, write=_whole(page), title=title, events=page.events)
    return page.picture(svg, title)


def _list_populations(page: Page, demand: dict[str, Any]) -> Markup:
    text = page.text
    columns = (
        Column(text("Population"), is_number=False),
        Column(text("Inhabitants {year}", year=page.years[0])),
        Column(text("Inhabitants {year}", year=page.years[-1])),
        Column(text("Registered cases")),
        Column(text("Estimated cases")),
        Column(text("Basis"), is_number=False),
    )
    rows = [
        (
            page.label(entry["label"]),
            page.figure(f"demand.population.{entry['id']}", page.number(round(entry["people"][0]))),
            page.number(round(entry["people"][-1])),
            page.figure(f"demand.registered.{entry['id']}", page.number(entry.get("registered"))),
            page.figure(f"demand.estimated.{entry['id']}", page.number(entry.get("estimated"))),
            page.text(BASES.get(entry.get("basis") or "", entry.get("basis") or "")),
        )
        for entry in demand["populations"]
    ]
    return write_table(columns, rows, caption=text("Populations: registry and estimate side by side"))


def _list_sites(page: Page, demand: dict[str, Any]) -> Markup:
    text = page.text
    columns = (
        Column(text("Site"), is_number=False),
        Column(text("New cases {year}", year=page.years[0])),
        Column(text("New cases {year}", year=page.years[-1])),
        Column(text("At the centre {year}", year=page.plan["reference_year"])),
        Column(text("Share that comes")),
    )
    rows = []
    for site in demand["sites"]:
        new, coming = page.at_reference(site["new_cases"]), page.at_reference(site["cases"])
        share = coming / new if new and coming is not None else None
        rows.append(
            (
                page.title(site["label"]),
                page.figure(f"demand.new_cases.{site['site']}", page.number(site["new_cases"][0])),
                page.number(site["new_cases"][-1]),
                page.figure(f"demand.cases.{site['site']}", page.number(coming)),
                page.number(share, "share") + ("%" if share is not None else ""),
            )
        )
    table = write_table(columns, rows, caption=text("Cases by site"))
    return fold(table, text("Cases by site"))


def _list_stages(page: Page, demand: dict[str, Any]) -> Markup:
    if not demand.get("stages"):
        return Markup()
    text = page.text
    columns = (
        Column(text("Stage"), is_number=False),
        Column(text("Cases {year}", year=page.years[0])),
        Column(text("Cases {year}", year=page.years[-1])),
    )
    rows = [
        (
            text("no stage") if entry["stage"] in {"X", "x"} else str(entry["stage"]).upper(),
            page.number(entry["cases"][0]),
            page.number(entry["cases"][-1]),
        )
        for entry in demand["stages"]
    ]
    return write_table(columns, rows, caption=text("Cases at the centre by stage"))
