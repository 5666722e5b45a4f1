"""Uncertainty: intervals of the headlines and what moves them."""

from typing import Any

from markupsafe import Markup

from oncopolis.report.page import Page, Section
from oncopolis.report.pictures import Swing, draw_tornado
from oncopolis.report.tables import Column, write_table

N_TORNADOS = 6  # structure: pictures shown
N_SWINGS = 10  # structure: bars shown


def write_uncertainty(page: Page) -> Section | None:
    """Write the section; none where the plan was made without draws."""
    uncertainty = page.plan.get("uncertainty") or {}
    headlines = uncertainty.get("headlines") or {}
    if not headlines:
        return None
    text = page.text
    low, high = uncertainty.get("interval") or (0, 1)
    lead = text(
        "Draws over the ranges of the evidence: {draws} (Latin hypercube, seed {seed}). "
        "Intervals hold the draws between {low} and {high}.",
        draws=page.number(uncertainty.get("draws")),
        seed=uncertainty.get("seed"),
        low=page.amount(low, "share"),
        high=page.amount(high, "share"),
    )
    blocks = [_list(page, headlines)]
    tornado = uncertainty.get("tornado") or {}
    blocks += [
        _draw(page, key, tornado[key])
        for key in list(tornado)[:N_TORNADOS]
        if tornado[key] and key in page.figures
    ]
    return Section("uncertainty", text("Uncertainty"), lead, tuple(blocks))


def _list(page: Page, headlines: dict[str, Any]) -> Markup:
    text = page.text
    quantiles: dict[str, float] = next(
        (entry["quantiles"] for entry in headlines.values() if entry.get("quantiles")), {}
    )
    columns = (
        Column(text("Headline"), is_number=False),
        Column(text("Value")),
        *(Column(page.amount(float(name), "share")) for name in quantiles),
        Column(text("Unit"), is_number=False),
    )
    rows = []
    for key, entry in headlines.items():
        figure = page.figures.get(key) or {"label": key, "unit": ""}
        unit = figure["unit"]
        rows.append(
            (
                page.title(figure["label"]),
                page.figure(key, page.number(entry["value"], unit)),
                *(page.number((entry.get("quantiles") or {}).get(name), unit) for name in quantiles),
                page.unit(unit),
            )
        )
    return write_table(columns, rows, caption=text("Headlines: value and quantiles of the draws"))


def _draw(page: Page, key: str, bars: list[dict[str, Any]]) -> Markup:
    text = page.text
    figure = page.figures[key]
    swings = []
    for bar in bars[:N_SWINGS]:
        row = page.evidence.get(bar["evidence"]) or {}
        unit = row.get("unit")
        ends = f"{page.number(bar['low_value'], unit)} … {page.amount(bar['high_value'], unit)}"
        swings.append(
            Swing(bar["label"], bar["at_low"], bar["at_high"], ends, page.evidence_href(bar["evidence"]))
        )
    title = text("What moves: {headline}", headline=page.title(figure["label"]))

    def write(value: float) -> str:
        return (
            page.amount(value, figure["unit"])
            if figure["unit"] in {"USD", "USD/year"}
            else page.number(value, figure["unit"])
        )

    words = (text("input at its low end"), text("input at its high end"))
    svg = draw_tornado(
        figure["value"], swings, write=write, words=words, title=title, unit=page.unit(figure["unit"])
    )
    return page.picture(svg, title)
