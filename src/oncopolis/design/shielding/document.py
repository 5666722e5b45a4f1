"""A checked bunker as plain data: what ``shielding.json`` holds, and all that reports are made of."""

from typing import Any

from oncopolis.design.shielding.attenuation import TABLES
from oncopolis.design.shielding.beams import Contribution
from oncopolis.design.shielding.building import get_limit_msv, to_layers
from oncopolis.design.shielding.checking import Checked, Result
from oncopolis.design.shielding.definition import OwnLimits
from oncopolis.design.shielding.findings import NEEDS_EXPERT, list_findings
from oncopolis.design.shielding.geometry import find_wall, list_faces
from oncopolis.design.shielding.parts import find_main
from oncopolis.design.shielding.weights import compute_area_load_kg_m2
from oncopolis.evidence import list_sources, load_evidence, load_tables
from oncopolis.foundation import Finding
from oncopolis.foundation.units import CM_PER_M

SCHEMA = "oncopolis.shielding/1"
"""Name and version of the form of ``shielding.json``."""


def to_document(checked: Checked) -> dict[str, Any]:
    """Return a checked bunker as plain data without times or paths."""
    bunker = checked.read.bunker
    findings = [_without_path(finding, checked) for finding in list_findings(checked)]
    return {
        "schema": SCHEMA,
        "name": bunker.name,
        "about": bunker.about,
        "disclaimer": NEEDS_EXPERT,
        "is_enough": not any(finding["severity"] == "error" for finding in findings),
        "limits": {
            "rule": bunker.limits.source if isinstance(bunker.limits, OwnLimits) else bunker.limits,
            "controlled_msv_week": get_limit_msv(bunker, "controlled"),
            "uncontrolled_msv_week": get_limit_msv(bunker, "uncontrolled"),
            "rates": list(bunker.rates),
        },
        "machine": _write_machine(checked),
        "protons": _write_protons(checked),
        "results": [_write_result(result) for result in checked.results],
        "findings": findings,
        "plan": _write_plan(checked),
        "tables": _list_tables(),
        "sources": _list_sources(),
    }


def _without_path(finding: Finding, checked: Checked) -> dict[str, Any]:
    """A document names the file, not where it lies."""
    file = checked.read.located.file
    plain = finding.model_dump(mode="json")
    return plain | {"where": plain["where"].replace(file, file.replace("\\", "/").rsplit("/", 1)[-1])}


def _write_machine(checked: Checked) -> dict[str, Any] | None:
    machine, planned = checked.read.bunker.machine, checked.planned
    if machine is None:
        return None
    return {
        "model": machine.model,
        "workload_from": planned.project if planned else None,
        "workload_steps": [step.to_plain() for step in planned.steps] if planned else [],
        "beams": [
            {
                "name": beam.name,
                "mv": beam.mv,
                "fff": not beam.is_flattened,
                "workload_gy_week": beam.workload_gy,
                "leakage_gy_week": beam.leakage_gy,
                "dose_rate_gy_h": beam.dose_rate_gy_h,
            }
            for beam in checked.beams.values()
        ],
    }


def _write_protons(checked: Checked) -> dict[str, Any] | None:
    protons = checked.read.bunker.protons
    if protons is None:
        return None
    return protons.model_dump(mode="json", include={"label", "energy_mev", "per_week", "material", "source"})


def _write_result(result: Result) -> dict[str, Any]:
    judged = result.judged
    return {
        "id": result.name,
        "label": result.label,
        "kind": result.kind,
        "barrier": result.barrier,
        "area": result.area,
        "occupancy": result.occupancy,
        "distance_m": result.distance_m,
        "slant_deg": result.slant_deg,
        "layers": [
            {
                "material": layer.material,
                "cm": layer.thickness_m * CM_PER_M,
                "density_kg_m3": layer.density_kg_m3,
            }
            for layer in result.layers
        ],
        "weight_kg_m2": compute_area_load_kg_m2(result.layers),
        "dose_msv_week": judged.dose_msv,
        "limit_msv_week": judged.limit_msv,
        "is_enough": judged.is_enough,
        "varied": result.layers[find_main(result.layers)].material if result.layers else None,
        "actual_cm": judged.actual_m * CM_PER_M,
        "needed_cm": None if judged.needed_m is None else judged.needed_m * CM_PER_M,
        "margin_cm": None if judged.margin_m is None else judged.margin_m * CM_PER_M,
        "two_source_cm": None if judged.two_source_m is None else judged.two_source_m * CM_PER_M,
        "rates": [
            {
                "rule": rate.rule,
                "value": rate.value,
                "limit": rate.limit,
                "unit": rate.unit,
                "is_met": rate.is_met,
                "step": rate.step.to_plain(),
            }
            for rate in result.rates
        ],
        "contributions": [_write_part(part) for part in judged.contributions],
    }


def _write_part(part: Contribution) -> dict[str, Any]:
    return {
        "kind": part.kind,
        "beam": part.beam,
        "open_msv_week": part.open_msv,
        "transmission": part.transmission,
        "dose_msv_week": part.dose_msv,
        "per_gray_sv": part.per_gray_sv,
        "steps": [step.to_plain() for step in part.steps],
    }


def _write_plan(checked: Checked) -> dict[str, Any]:
    """Return what is drawn: walls with their layers, and points, in m from the isocentre."""
    bunker = checked.read.bunker
    walls = []
    for name, barrier in bunker.barriers.items():
        if barrier.inner is None:
            continue
        layers = to_layers(bunker, barrier.layers)
        wall = find_wall(barrier.inner, checked.read.where("barriers", name, "inner"))
        faces = list_faces(wall, [layer.thickness_m for layer in layers])
        walls.append(
            {
                "id": name,
                "label": barrier.label,
                "kind": barrier.kind,
                "layers": [
                    {"material": layer.material, "cm": layer.thickness_m * CM_PER_M, "corners": corners}
                    for layer, corners in zip(layers, faces, strict=True)
                ],
            }
        )
    points = [
        {"id": name, "label": point.label, "at": point.at, "is_enough": result.judged.is_enough}
        for result in checked.results
        if (name := result.name) in bunker.points and (point := bunker.points[name]).at is not None
    ]
    return {"walls": walls, "points": points}


def _list_tables() -> list[dict[str, Any]]:
    return [
        {"label": table.label, "locator": table.locator, "opened": table.opened, "note": table.note}
        for table in load_tables(TABLES).values()
    ]


def _list_sources() -> dict[str, str]:
    rows = load_evidence().rows
    cited = {row.source for key, row in rows.items() if key.startswith("shielding.")}
    return {
        key: f"{source.citation}. {source.note}" if source.note else source.citation
        for key, source in list_sources().items()
        if key in cited
    }
