"""Words of a shielding check for readers."""

from oncopolis.report.language import mark

AREAS = {"controlled": mark("controlled"), "uncontrolled": mark("uncontrolled")}

KINDS = {
    "primary": mark("useful beam"),
    "scatter": mark("patient scatter"),
    "leakage": mark("head leakage"),
    "neutron": mark("neutrons"),
    "capture gamma": mark("capture gammas"),
    "wall scatter": mark("beam scattered by the wall"),
    "leakage scatter": mark("leakage scattered by the wall"),
    "patient scatter": mark("patient scatter by the wall"),
    "leakage through wall": mark("leakage through the inner wall"),
}
"""Part of a dose -> its name."""

MATERIALS = {
    "concrete": mark("concrete"),
    "steel": mark("steel"),
    "lead": mark("lead"),
    "polyethylene": mark("polyethylene"),
}

LIMITS = {"ncrp": "NCRP 151", "aerb": "AERB", "iaea": "IAEA GSR Part 3"}
"""Rule -> its name; limits of a country's own carry their source."""
