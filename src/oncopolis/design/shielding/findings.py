"""What a reader of a checked bunker has to know: failures, what cannot be checked, what stands in."""

import math
from collections.abc import Iterator

from oncopolis.design.shielding.attenuation import BUILT_IN
from oncopolis.design.shielding.checking import Checked, Result
from oncopolis.design.shielding.facts import get_fact
from oncopolis.design.shielding.geometry import compute_reach_m, find_wall
from oncopolis.design.shielding.laminates import NEUTRONS_ABOVE_MV
from oncopolis.design.shielding.layers import Layer
from oncopolis.design.shielding.parts import find_main
from oncopolis.design.shielding.working import show
from oncopolis.evidence import load_evidence
from oncopolis.foundation import Finding
from oncopolis.foundation.marking import mark
from oncopolis.foundation.units import CM_PER_M

NEEDS_EXPERT = mark(
    "A check for a qualified expert, at the level of planning. It is no licence, no design and no survey."
)
"""Said wherever a result is shown."""

_DOOR, _BARRIER = mark("The door lets too much through"), mark("The barrier is too thin")

_SLANT_DEG = 45.0  # structure: as in `layers.stretch`


def list_findings(checked: Checked) -> list[Finding]:
    """List all findings, failures first."""
    found = [
        *(finding for result in checked.results for finding in _check_result(result)),
        *_check_neutrons(checked),
        *_check_mazes(checked),
        *_check_guards(checked),
        *_check_widths(checked),
        *_list_notes(checked),
    ]
    order = ("error", "warning", "note")
    return sorted(found, key=lambda finding: order.index(finding.severity))


def _check_result(result: Result) -> Iterator[Finding]:
    judged = result.judged
    if not judged.is_enough:
        yield Finding(
            rule="door-lets-too-much-through" if result.kind == "door" else "barrier-too-thin",
            severity="error",
            where=result.where,
            message=_DOOR if result.kind == "door" else _BARRIER,
            actual=f"{show(judged.dose_msv)} mSv a week: {result.label} ({result.barrier})",
            expected=f"at most {show(judged.limit_msv)} mSv a week",
            source="NCRP 151" if result.kind != "proton" else "source terms of the project",
            fix=_advise(result),
        )
    if judged.two_source_m is not None and judged.is_enough and judged.two_source_m > judged.actual_m:
        yield Finding(
            rule="two-source-rule-asks-more",
            severity="warning",
            where=result.where,
            message=mark("The two-source rule asks for more than the sum of the doses"),
            actual=f"{show(judged.actual_m * CM_PER_M)} cm",
            expected=f"{show(judged.two_source_m * CM_PER_M)} cm by the rule,"
            f" {show((judged.needed_m or 0) * CM_PER_M)} cm by the sum",
            source="NCRP 151, section 2.3",
            fix="let the qualified expert say which of the two holds",
        )
    for rate in result.rates:
        if not rate.is_met:
            yield Finding(
                rule="dose-rate-too-high",
                severity="error",
                where=result.where,
                message=mark("The dose rate is too high"),
                actual=f"{show(rate.value)} {rate.unit}: {result.label} ({result.barrier})",
                expected=f"at most {show(rate.limit)} {rate.unit}",
                source=rate.step.clause,
                fix="make the barrier thicker, or move people farther away",
            )
    for rule in result.unknown_rates:
        yield Finding(
            rule="dose-rate-not-checkable",
            severity="error",
            where=result.where,
            message=mark("The dose rate cannot be checked"),
            actual="a beam without `dose_rate_gy_h`",
            expected=f"the highest dose rate of every beam, as the rule {rule!r} is asked for",
            fix="state `dose_rate_gy_h` of the beams, or leave the rule out",
        )


def _advise(result: Result) -> str:
    judged = result.judged
    if not result.layers:
        return mark("state the layers of a door, a longer maze, or a smaller opening")
    material = result.layers[find_main(result.layers)].material
    if judged.needed_m is None:
        return mark("no thickness of {} is enough: add a layer of another material").format(material)
    more = (judged.needed_m - judged.actual_m) * CM_PER_M
    needed = show(judged.needed_m * CM_PER_M)
    return mark("{} cm of {} are needed, {} cm more").format(needed, material, show(more))


def _check_neutrons(checked: Checked) -> Iterator[Finding]:
    high = [beam for beam in checked.beams.values() if beam.mv > NEUTRONS_ABOVE_MV]
    if not high:
        return
    bunker = checked.read.bunker
    for name, maze in bunker.mazes.items():
        if maze.neutrons is None:
            yield Finding(
                rule="neutrons-not-checkable",
                severity="error",
                where=checked.read.where("mazes", name),
                message=mark("Neutrons at the door cannot be checked"),
                actual=f"a beam of {high[0].mv:g} MV and no way of neutrons",
                expected="`neutrons` of the maze and of the machine",
                source="NCRP 151, section 2.4.2",
                fix="state the distances and areas of figure 2.8 of NCRP 151",
            )
    for result in checked.results:
        if result.kind in ("primary", "secondary") and not _has_concrete(result.layers):
            is_own = any(layer.material not in BUILT_IN for layer in result.layers)
            yield Finding(
                rule="neutrons-behind-metal-not-checkable",
                severity="warning" if is_own else "error",
                where=result.where,
                message=mark("Neutrons behind a barrier without concrete cannot be checked"),
                actual=", ".join(layer.material for layer in result.layers),
                expected=f"concrete in a barrier for {high[0].mv:g} MV, which takes the neutrons too",
                source="NCRP 151, sections 2.2.3 and 2.4.5",
                fix="let a qualified expert compute it",
            )


def _has_concrete(layers: tuple[Layer, ...]) -> bool:
    return any(layer.material == "concrete" for layer in layers)


def _check_mazes(checked: Checked) -> Iterator[Finding]:
    evidence = load_evidence()
    for name, maze in checked.read.bunker.mazes.items():
        if maze.height_m is None or maze.width_m is None:
            continue
        shapes = (
            (
                "shielding.maze.height_over_width",
                maze.height_m / maze.width_m,
                mark("{} times as high as wide"),
            ),
            (
                "shielding.maze.length_over_root",
                maze.dz_m / math.sqrt(maze.height_m * maze.width_m),
                mark("{} times as long as the root of its cross-section"),
            ),
        )
        for key, ratio, words in shapes:
            row = evidence.get_row(key, "shielding")
            if not row.lowest <= ratio <= row.highest:
                yield Finding(
                    rule="maze-outside-the-method",
                    severity="warning",
                    where=checked.read.where("mazes", name),
                    message=mark("The maze has a shape for which the method is not known to hold"),
                    actual=words.format(show(ratio)),
                    expected=f"between {row.lowest:g} and {row.highest:g}",
                    source="NCRP 151, equation 2.14",
                    fix="let a qualified expert compute the door, by Monte Carlo if need be",
                )


def _check_guards(checked: Checked) -> Iterator[Finding]:
    bunker = checked.read.bunker
    named = {point.behind for point in bunker.points.values()}
    named |= {maze.inner_wall for maze in bunker.mazes.values()}
    for name, barrier in bunker.barriers.items():
        if name not in named:
            yield Finding(
                rule="nobody-behind-barrier",
                severity="warning",
                where=checked.read.where("barriers", name),
                message=mark("Nobody is named behind a barrier, so that it is not checked"),
                actual=barrier.label,
                expected="a point behind every barrier",
                fix="add the nearest place where somebody may be",
            )


def _check_widths(checked: Checked) -> Iterator[Finding]:
    """Whether primary walls of the plan are wide enough for the largest field with the collimator turned."""
    bunker, machine = checked.read.bunker, checked.read.bunker.machine
    if machine is None:
        return
    half_diagonal = machine.field_cm / CM_PER_M / math.sqrt(2)
    for name, barrier in bunker.barriers.items():
        if barrier.kind != "primary" or barrier.inner is None:
            continue
        where = checked.read.where("barriers", name)
        wall = find_wall(barrier.inner, where)
        thickness = sum(layer.cm for layer in barrier.layers) / CM_PER_M
        near, far = (
            half_diagonal * (get_fact("target") + distance) + get_fact("beam_margin")
            for distance in (wall.inner_m, wall.inner_m + thickness)
        )
        reach = compute_reach_m(wall)
        if reach < far:
            yield Finding(
                rule="primary-barrier-too-narrow",
                severity="error" if reach < near else "warning",
                where=where,
                message=mark("The useful beam may pass beside the barrier"),
                actual=f"{show(reach)} m to the nearer end: {barrier.label}",
                expected=f"{show(near)} m at the inner and {show(far)} m at the outer face",
                source="NCRP 151, section 2.2.1",
                fix="make it longer, or move it across the beam",
            )


def _list_notes(checked: Checked) -> Iterator[Finding]:
    bunker = checked.read.bunker
    yield Finding(
        rule="needs-a-qualified-expert",
        severity="note",
        where=checked.read.located.file,
        message=NEEDS_EXPERT,
        fix="have it computed, signed and surveyed by whoever the regulator names",
    )
    if bunker.limits == "iaea":
        yield Finding(
            rule="limits-are-not-constraints",
            severity="warning",
            where=checked.read.where("limits"),
            message=mark("Dose limits spread over the year leave no room for other sources"),
            actual="the limits of IAEA GSR Part 3 over 50 weeks",
            expected="the dose constraints of the country's regulator",
            source="iaea_gsr3",
            fix="state `controlled`, `uncontrolled` and their source",
        )
    if bunker.limits == "aerb":
        yield Finding(
            rule="occupancy-is-one",
            severity="note",
            where=checked.read.where("limits"),
            message=mark("Everybody is taken to be there all the time, as the regulator asks"),
            source="aerb_read",
            fix="nothing to do",
        )
    for beam in checked.beams.values():
        if not beam.is_flattened:
            yield Finding(
                rule="tables-are-for-flattened-beams",
                severity="note",
                where=beam.where,
                message=mark("The tables are for beams with a flattening filter and are used as they are"),
                actual=beam.name,
                source="NCRP 151, appendix B",
                fix="give the maker's layers as a material of your own if they are known",
            )
    for name, barrier in bunker.barriers.items():
        if barrier.wall is not None:
            (layer,) = barrier.layers
            yield Finding(
                rule="wall-from-the-model",
                severity="warning",
                where=checked.read.where("barriers", name),
                message=mark("Thickness and density are those of a wall of the model, taken as one layer"),
                actual=f"{barrier.label}: {show(layer.cm)} cm of {show(layer.density_kg_m3 or 0)} kg/m3",
                source=f"wall {barrier.wall}",
                fix="state `layers` where the wall has layers of different materials",
            )
    yield from _list_stand_ins(checked)


def _list_stand_ins(checked: Checked) -> Iterator[Finding]:
    notes: dict[str, list[str]] = {}
    for result in checked.results:
        for part in result.judged.contributions:
            for note in part.notes:
                labels = notes.setdefault(note, [])
                if result.label not in labels:
                    labels.append(result.label)
        if any(
            layer.material == "concrete" and layer.density_kg_m3 >= get_fact("density.heavy_from")
            for layer in result.layers
        ):
            notes.setdefault(
                mark("heavy concrete by its density alone: its supplier's layers are better"), []
            ).append(result.label)
        if result.slant_deg > _SLANT_DEG:
            notes.setdefault(mark("the way is slanted by more than 45 degrees: counted as 45"), []).append(
                result.label
            )
    for note, labels in notes.items():
        yield Finding(
            rule="figure-stands-in",
            severity="note",
            where=", ".join(dict.fromkeys(labels)),
            message=mark("A figure stands in for one that the tables do not have"),
            actual=note,
            fix="nothing to do, or state a figure of your own with its source",
        )
