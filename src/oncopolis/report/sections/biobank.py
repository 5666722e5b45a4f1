"""Biobank: how it fills, and the tanks that this takes."""

from markupsafe import Markup

from oncopolis.report.page import Page
from oncopolis.report.pictures import Panel, draw_panels
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, write_table


def write_biobank(page: Page) -> Section | None:
    """Write the section; none without a biobank."""
    biobank = page.plan.get("biobank")
    if not biobank:
        return None
    text = page.text
    fill = biobank.get("fill") or {}
    blocks: list[Markup] = []
    lead = ""
    if fill.get("tissues"):
        lead = _write_lead(page, fill)
        title = text("Tissues in store against places")
        panel = Panel(text("Tissues in store"), text("tissues"), fill["tissues"], limit=fill.get("capacity"))
        svg = draw_panels(fill["years"], [panel], write=page.tick, title=title, events={}, across=1)
        blocks.append(page.picture(svg, title, text("Dashed: places in the tanks in use.")))
    columns = (
        Column(text("Figure"), is_number=False),
        Column(text("Value")),
        Column(text("Interval")),
        Column(text("Unit"), is_number=False),
    )
    rows = []
    for key in biobank.get("figures") or ():
        if key in page.figures:
            figure = page.figures[key]
            rows.append(
                (
                    page.title(figure["label"]),
                    page.figure(key, page.number(figure["value"], figure["unit"])),
                    page.interval(figure, figure["unit"]),
                    page.unit(figure["unit"]),
                )
            )
    if rows:
        blocks.append(write_table(columns, rows, caption=text("How the number of tanks comes about")))
    return Section("biobank", text("Biobank"), lead, tuple(blocks))


def _write_lead(page: Page, fill: dict[str, list[float]]) -> str:
    text = page.text
    capacity = fill.get("capacity")
    if not capacity:
        return text(
            "Tissues in store in {year}: {tissues}.",
            tissues=page.number(round(fill["tissues"][-1])),
            year=fill["years"][-1],
        )
    full = next(
        (
            year
            for year, tissues, places in zip(fill["years"], fill["tissues"], capacity, strict=True)
            if tissues > places
        ),
        None,
    )
    if full:
        return text("The tanks are full in {year}.", year=full)
    share = page.amount(round(fill["tissues"][-1] / capacity[-1], 2) if capacity[-1] else None, "share")
    return text(
        "The tanks have room for the whole period; in {year} {share} of the places are taken.",
        year=fill["years"][-1],
        share=share,
    )
