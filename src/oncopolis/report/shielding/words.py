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

PHRASES = (
    mark("NCRP 151, equation {}"),
    mark("NCRP 151, equation {}, solved for n"),
    mark("NCRP 151, equations {}"),
    mark("NCRP 151, section {}"),
    mark("NCRP 151, table {}"),
    mark("table {}"),
    mark("for this part alone"),
    mark("of {} alone, for this part alone"),
    mark("somebody there all the time"),
    mark("stated by the project"),
    mark("metal in a beam above 10 MV"),
    mark("source of neutrons: {}"),
    mark("the method that gives more: {}"),
    mark("no measurement of {} at {} MV: that at {} MV"),
    mark("no measurement of {} at {} MV: that at {} MV, which may be too little"),
    mark("no figure at {} MeV and {} degrees: largest of MeV {}, degrees {}"),
    mark("no figure at {} degrees and {} MV: largest of degrees {}, MV {}"),
    mark("no figure at {} MV and {} degrees: largest of MV {}, degrees {}"),
    mark("no figure for scattered radiation in lead: that of capture gammas, which go farther"),
    mark("no table for {} in {}: that of the primary beam, which goes farther"),
    mark("2.5 Gy of a mean fraction and a tenth for quality assurance, assumed"),
    mark("plan of {}, {}"),
    mark("TVL1 {} cm, TVLe {} cm"),
    mark("not counted on"),
    mark("scatter at {} degrees"),
    mark("scatter at {} degrees, {} MV"),
    mark("reflection at {} degrees"),
    mark("reflection, 0.5 MeV"),
    mark("second reflection, 0.5 MeV"),
    mark("inner wall, {} m of way"),
    mark("way through {}"),
    mark("sum over layers"),
    mark("10^-(t / TVL) of {}"),
    mark("terms at {} degrees"),
    mark("fractions / machines / open days x open days a week"),
    mark("N x dose of a fraction"),
    mark("IPEM 75 and Medical and Dental Guidance Notes, as quoted"),
    mark("source terms of the project"),
)
"""Formulas in words, notes and clauses of shown working; ``{}`` is filled with numbers and names."""
