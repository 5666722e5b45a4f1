"""From referral to the first treatment: curves and a table."""

from markupsafe import Markup

from oncopolis.report.pictures import Curve, draw_curves
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, write_table
from oncopolis.report.twin.page import TwinPage
from oncopolis.report.twin.sections.waits import list_cells, list_columns
from oncopolis.report.twin.summary import find_everybody

N_CURVES = 9  # structure: curves that can be told apart


def write_treatment(page: TwinPage) -> Section | None:
    """Write the section; None if nobody was treated."""
    text = page.text
    everybody = find_everybody(page)
    if not everybody:
        return None
    lead = text(
        "Of {n} first treatments, half began within {median} days of referral and nine in ten within "
        "{p90} days.",
        n=page.number(round(everybody["n"])),
        median=page.number(everybody["median"]["value"]),
        p90=page.number(everybody["p90"]["value"]),
    )
    return Section("treatment", text("Referral to first treatment"), lead, (_draw(page), _list(page)))


def _draw(page: TwinPage) -> Markup:
    text = page.text
    everybody, *others = page.document["treatment"]["lines"]
    others = sorted(others, key=lambda line: -line["n"])[:N_CURVES]
    curves = [
        Curve(
            page.title(line["label"]),
            text("({days} days)", days=page.number(line["median"]["value"])),
            line["curve"],
            is_strong=line is everybody,
        )
        for line in [everybody, *others]
    ]
    title = text("Share of patients whose first treatment has begun, by day after referral")
    svg = draw_curves(
        curves,
        write=page.tick,
        write_share=lambda share: page.amount(share, "share"),
        title=title,
        unit=text("days after referral"),
        limits=sorted({line["target"] for line in [everybody, *others] if line["target"] is not None}),
    )
    note = text("Medians in brackets; upright lines are targets.")
    return page.picture(svg, title, note)


def _list(page: TwinPage) -> Markup:
    text = page.text
    columns = (
        *list_columns(page, text("Patients")),
        Column(text("Target, days")),
        Column(text("Share within the target")),
    )
    rows = [
        (
            *list_cells(page, line),
            page.number(line["target"]),
            page.estimate(line["within"], "share"),
        )
        for line in page.document["treatment"]["lines"]
    ]
    return write_table(columns, rows, caption=text("Days from referral to the first treatment given here"))
