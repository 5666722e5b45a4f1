"""Uncertainty: intervals of the headlines and what moves them."""

from typing import Any

from markupsafe import Markup

from oncopolis.foundation.units import PER_MILLION
from oncopolis.report.numerals import is_money
from oncopolis.report.page import Page
from oncopolis.report.pictures import Swing, draw_tornado
from oncopolis.report.sheet import Section
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
        scale, unit, unit_words = _choose_scale(page, figure["unit"], entry["value"])
        found = [(entry.get("quantiles") or {}).get(name) for name in quantiles]
        rows.append(
            (
                page.title(figure["label"]),
                page.figure(key, page.number(entry["value"] / scale, unit)),
                *(page.number(None if value is None else value / scale, unit) for value in found),
                unit_words,
            )
        )
    return write_table(columns, rows, caption=text("Headlines: value and quantiles of the draws"))


def _choose_scale(page: Page, unit: str, value: float) -> tuple[float, str, str]:
    """Return the divisor, the unit to write values in, and its words: large sums stand in millions."""
    if is_money(unit) and abs(value) >= PER_MILLION:
        is_yearly = unit.endswith("/year")
        return PER_MILLION, "", page.text("USD million a year") if is_yearly else page.text("USD million")
    return 1, unit, "%" if unit == "share" else page.unit(unit)


def _draw(page: Page, key: str, bars: list[dict[str, Any]]) -> Markup:
    text = page.text
    figure = page.figures[key]
    scale, _, unit_words = _choose_scale(page, figure["unit"], figure["value"])
    swings = []
    for bar in bars[:N_SWINGS]:
        unit = (page.evidence.get(bar["evidence"]) or {}).get("unit")
        ends = f"{page.number(bar['low_value'], unit)} … {page.amount(bar['high_value'], unit)}"
        href = page.evidence_href(bar["evidence"])
        swings.append(Swing(bar["label"], bar["at_low"] / scale, bar["at_high"] / scale, ends, href))
    title = text("What moves: {headline}", headline=page.title(figure["label"]))
    words = (text("input at its low end"), text("input at its high end"))
    svg = draw_tornado(
        figure["value"] / scale, swings, write=page.tick, words=words, title=title, unit=unit_words
    )
    return page.picture(svg, title)
