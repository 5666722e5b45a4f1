"""The plan of a bunker as a file of its own."""

from typing import Any

from oncopolis.report.language import Language
from oncopolis.report.pictures import Person, Slab, draw_bunker

_FONT = "Inter,'Segoe UI','Noto Sans','Noto Sans CJK KR',Roboto,Arial,sans-serif"


def draw_plan(document: dict[str, Any], language: Language) -> str:
    """Draw the walls to scale, with their layers and the people behind them; empty if none is placed."""
    plan = document["plan"]
    if not plan["walls"]:
        return ""
    text = language.text
    slabs = [
        Slab(
            label=wall["label"],
            kind=wall["kind"],
            layers=tuple(
                (
                    layer["material"],
                    f"{language.numeral(layer['cm'], 0)} cm {text(layer['material'])}",
                    tuple((float(x), float(y)) for x, y in layer["corners"]),
                )
                for layer in wall["layers"]
            ),
        )
        for wall in plan["walls"]
    ]
    people = [
        Person(point["label"], (float(point["at"][0]), float(point["at"][1])), point["is_enough"])
        for point in plan["points"]
    ]
    return draw_bunker(
        slabs,
        people,
        words=(text("isocentre"), text("within its limit"), text("above its limit")),
        title=document["name"],
        description=text("Plan to scale, in metres from the isocentre"),
    )


def write_drawing(document: dict[str, Any], language: Language) -> bytes:
    """Write the plan so that it can be opened without the page; without placed walls it says so."""
    svg = draw_plan(document, language)
    if not svg:
        words = language.text("No wall of this file has a place on a plan.")
        svg = f'<svg viewBox="0 0 760 60" role="img"><text x="20" y="36" font-size="14">{words}</text></svg>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" font-family="{_FONT}" '
    return svg.replace("<svg ", head, 1).encode("utf-8")
