"""A shielding check as one HTML file that needs nothing else."""

from typing import Any

from markupsafe import Markup

from oncopolis.report.canonical import Plan
from oncopolis.report.findings import SEVERITIES, list_findings
from oncopolis.report.language import Language
from oncopolis.report.markup import fill
from oncopolis.report.rendering import read_asset, render
from oncopolis.report.sheet import Section, Sheet
from oncopolis.report.shielding.drawing import draw_plan
from oncopolis.report.shielding.terminal import write_verdict
from oncopolis.report.shielding.words import AREAS, KINDS, LIMITS, MATERIALS
from oncopolis.report.tables import Column, fold, write_table


def write_page(document: Plan, language: Language) -> bytes:
    """Write the page of a check.

    Parameters
    ----------
    document
        Document of a check, rounded.
    language
        Language of the page.
    """
    sheet = Sheet(language)
    sections = [
        section
        for write in (_write_results, _write_plan, _write_findings, _write_working, _write_sources)
        if (section := write(sheet, document))
    ]
    results = document["results"]
    return render(
        "shielding.html",
        page=sheet,
        text=sheet.text,
        project={"name": document["name"]},
        about=document["about"],
        expert=sheet.label(document["disclaimer"]),
        is_enough=document["is_enough"],
        n=sum(result["is_enough"] for result in results),
        total=len(results),
        sections=sections,
        contents=[(section.id, section.title) for section in sections],
        findings=[found for found in document["findings"] if found["severity"] != "note"],
        severities={name: sheet.text(text) for name, text in SEVERITIES.items()},
        facts=_list_facts(sheet, document),
        style=read_asset("style.css"),
        script=read_asset("script.js"),
    )


def _list_facts(sheet: Sheet, document: Plan) -> list[tuple[str, str]]:
    text, limits, machine = sheet.text, document["limits"], document["machine"]
    protons = document["protons"]
    both = f"{sheet.number(limits['controlled_msv_week'])} / {sheet.number(limits['uncontrolled_msv_week'])}"
    facts = [
        (text("Limits"), LIMITS.get(limits["rule"], limits["rule"])),
        (text("Controlled / uncontrolled, mSv a week"), both),
    ]
    if protons is not None:
        facts += [
            (f"{protons['label']}, {protons['energy_mev']:g} MeV", f"{protons['per_week']:.3g} p / 7 d"),
            (text("Source terms"), protons["source"]),
        ]
    if machine is None:
        return facts
    facts.append((text("Machine"), machine["model"]))
    if machine["workload_from"]:
        facts.append((text("Workload from the plan of"), machine["workload_from"]))
    facts += [
        (
            f"{beam['name']}, {beam['mv']:g} MV{' FFF' if beam['fff'] else ''}",
            text(
                "{workload} Gy a week, leakage as for {leakage}",
                workload=sheet.number(beam["workload_gy_week"]),
                leakage=sheet.number(beam["leakage_gy_week"]),
            ),
        )
        for beam in machine["beams"]
    ]
    return facts


def _write_results(sheet: Sheet, document: Plan) -> Section:
    text = sheet.text
    columns = (
        Column(text("Place"), is_number=False),
        Column(text("Barrier"), is_number=False),
        Column(text("Area"), is_number=False),
        Column(text("Occupancy")),
        Column(text("mSv a week")),
        Column(text("Limit")),
        Column(text("Thickness, cm")),
        Column(text("Needed, cm")),
        Column(text("Margin, cm")),
        Column(text("Weight, kg/m²")),
        Column(text("Result"), is_number=False),
    )
    rows = [
        (
            result["label"],
            _write_barrier(sheet, result),
            text(AREAS[result["area"]]),
            sheet.number(result["occupancy"]),
            sheet.number(result["dose_msv_week"]),
            sheet.number(result["limit_msv_week"]),
            sheet.number(result["actual_cm"]) if result["layers"] else "–",
            sheet.number(result["needed_cm"]),
            sheet.number(result["margin_cm"]) if result["layers"] else "–",
            sheet.number(result["weight_kg_m2"]) if result["layers"] else "–",
            fill(
                '<a href="#w-{}"><span class="tag {}">{}</span></a>',
                result["id"],
                "good" if result["is_enough"] else "error",
                write_verdict(sheet, result),
            ),
        )
        for result in document["results"]
    ]
    lead = text(
        "Doses are of a week and counted with the occupancy. Of several layers the thickest is varied."
    )
    table = write_table(columns, rows, caption=text("Places and doors"))
    return Section("results", text("Places and doors"), lead, (table, *_write_rates(sheet, document)))


def _write_barrier(sheet: Sheet, result: dict[str, Any]) -> str:
    layers = " + ".join(
        f"{sheet.number(layer['cm'])} cm {sheet.text(MATERIALS.get(layer['material'], layer['material']))}"
        for layer in result["layers"]
    )
    return f"{result['barrier']}: {layers}" if layers else result["barrier"]


def _write_rates(sheet: Sheet, document: Plan) -> tuple[Markup, ...]:
    text = sheet.text
    rows = [
        (
            result["label"],
            sheet.label(rate["step"]["clause"]),
            f"{rate['step']['symbol']} = {rate['step']['formula']} = {rate['step']['numbers']}",
            f"{sheet.number(rate['value'])} {rate['unit']}",
            f"{sheet.number(rate['limit'])} {rate['unit']}",
            text("within its limit") if rate["is_met"] else text("above its limit"),
        )
        for result in document["results"]
        for rate in result["rates"]
    ]
    if not rows:
        return ()
    columns = (
        Column(text("Place"), is_number=False),
        Column(text("Clause"), is_number=False),
        Column(text("Formula"), is_number=False),
        Column(text("Value")),
        Column(text("Limit")),
        Column(text("Result"), is_number=False),
    )
    return (write_table(columns, rows, caption=text("Dose rates")),)


def _write_plan(sheet: Sheet, document: Plan) -> Section | None:
    svg = draw_plan(document, sheet.language)
    if not svg:
        return None
    text = sheet.text
    caption = text("Walls with their layers; an amber line marks the face that the useful beam meets.")
    return Section("plan", text("Plan"), "", (sheet.picture(svg, caption),))


def _write_findings(sheet: Sheet, document: Plan) -> Section:
    text = sheet.text
    lead = text("Findings of the check: {n}.", n=len(document["findings"]))
    return Section("findings", text("Findings"), lead, list_findings(sheet, document["findings"]))


def _write_working(sheet: Sheet, document: Plan) -> Section:
    text = sheet.text
    machine = document["machine"]
    blocks: list[Markup] = []
    if machine and machine["workload_steps"]:
        blocks.append(_write_steps(sheet, machine["workload_steps"], text("Workload from the plan")))
    for result in document["results"]:
        tables = [
            _write_steps(
                sheet,
                part["steps"],
                f"{text(KINDS[part['kind']])}, {part['beam']}: {sheet.number(part['dose_msv_week'])} "
                f"{text('mSv a week')}",
            )
            for part in result["contributions"]
        ]
        total = fill(
            "<p><b>{}</b></p>",
            f"{text('Sum')}: {sheet.number(result['dose_msv_week'])} {text('mSv a week')}, "
            f"{text('Limit')} {sheet.number(result['limit_msv_week'])}",
        )
        folded = fold(Markup().join((*tables, total)), f"{result['label']} ({result['barrier']})")
        blocks.append(fill('<div id="w-{}">{}</div>', result["id"], folded))
    lead = text("Every formula with its clause and the numbers put in, so that it can be redone by hand.")
    return Section("working", text("Shown working"), lead, tuple(blocks))


def _write_steps(sheet: Sheet, steps: list[dict[str, Any]], caption: str) -> Markup:
    text = sheet.text
    columns = (
        Column(text("Symbol"), is_number=False),
        Column(text("Formula"), is_number=False),
        Column(text("Numbers"), is_number=False),
        Column(text("Value")),
        Column(text("Clause"), is_number=False),
    )
    rows = [
        (
            step["symbol"],
            sheet.label(step["formula"]),
            step["numbers"],
            f"{step['value']:.4g} {step['unit']}".strip(),
            fill('{}<br><span class="note">{}</span>', sheet.label(step["clause"]), _write_note(sheet, step))
            if step["note"]
            else sheet.label(step["clause"]),
        )
        for step in steps
    ]
    return write_table(columns, rows, caption=caption)


def _write_note(sheet: Sheet, step: dict[str, Any]) -> str:
    return "; ".join(map(sheet.label, step["note"].split("; ")))


def _write_sources(sheet: Sheet, document: Plan) -> Section:
    text = sheet.text
    columns = (
        Column(text("Table"), is_number=False),
        Column(text("Place in NCRP 151"), is_number=False),
        Column(text("Caveat"), is_number=False),
    )
    rows = [
        tuple(sheet.label(table[part]) for part in ("label", "locator", "note"))
        for table in document["tables"]
    ]
    items = Markup().join(fill("<li>{}</li>", citation) for citation in document["sources"].values())
    blocks = (write_table(columns, rows, caption=text("Tables")), fill('<ul class="sources">{}</ul>', items))
    return Section("sources", text("Tables and sources"), "", blocks)
