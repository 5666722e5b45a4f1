"""Tenth-value layers of a material for a radiation: of the tables, of the project, or a safe stand-in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from oncopolis.design.shielding.bounding import find_bound
from oncopolis.design.shielding.facts import get_fact
from oncopolis.design.shielding.layers import OPAQUE_TO_NOTHING, Layer, Tvl
from oncopolis.evidence import get_table
from oncopolis.foundation import InputError
from oncopolis.foundation.units import CM_PER_M

Radiation = Literal["primary", "leakage", "scatter"]

TABLES = "ncrp151"
"""File of the evidence that holds the tables."""

BUILT_IN = ("concrete", "steel", "lead", "polyethylene")
"""Materials that need no description by the project."""


@dataclass(frozen=True)
class OwnMaterial:
    """A material that the project describes, with its source."""

    density_kg_m3: float
    source: str
    primary: Mapping[float, Tvl] = field(default_factory=dict)
    leakage: Mapping[float, Tvl] = field(default_factory=dict)
    scatter: Mapping[float, Tvl] = field(default_factory=dict)

    def find_tvl(self, radiation: Radiation, mv: float) -> Tvl | None:
        """Return its layers at an energy; those of the primary beam stand in for softer radiation."""
        stated: Tvl | None = getattr(self, radiation).get(mv)
        return stated or self.primary.get(mv)


Own = Mapping[str, OwnMaterial]


def get_tvl(
    radiation: Radiation, layer: Layer, mv: float, own: Own, where: str, angle_deg: float = 0.0
) -> Tvl:
    """Return the tenth-value layers of a layer at its density.

    Parameters
    ----------
    radiation
        What is weakened.
    layer
        Its material and density.
    mv
        Nominal energy of the beam.
    own
        Materials described by the project.
    where
        Place the energy was written at, for errors.
    angle_deg
        Of patient scatter: angle between the beam and the way to the point.

    Raises
    ------
    InputError
        DES-107 if the table does not have the energy, DES-108 if it does not have the angle, DES-109 if a
        material of the project says nothing of the energy.
    """
    if layer.material in own:
        material = own[layer.material]
        found = material.find_tvl(radiation, mv)
        if found is None:
            raise InputError(
                code="DES-109",
                where=where,
                got=f"{mv:g} MV, {radiation}",
                expected=f"tenth-value layers of {layer.material!r} at that energy",
                fix=f"add them to `materials.{layer.material}`, with their source",
            )
        return found.scale(material.density_kg_m3 / layer.density_kg_m3)
    if layer.material == "polyethylene":
        return OPAQUE_TO_NOTHING
    tvl = _find_tabled(radiation, layer.material, mv, angle_deg, where)
    return tvl.scale(get_fact(f"density.{layer.material}") / layer.density_kg_m3)


@cache
def _find_tabled(radiation: Radiation, material: str, mv: float, angle_deg: float, where: str) -> Tvl:
    if radiation == "scatter" and material == "concrete":
        return _bound_scatter("scatter_tvl.concrete", "scatter_tvl.concrete", mv, angle_deg, where)
    if radiation == "leakage" and material == "concrete":
        return _get_pair("leakage_tvl.concrete", mv, where)
    primary = _get_pair(f"primary_tvl.{material}", mv, where)
    if radiation == "primary":
        return primary
    if radiation == "scatter" and material == "lead":
        scatter = _find_scatter("scatter_tvl_first.lead", "scatter_tvl_next.lead", mv, angle_deg)
        if scatter is not None:
            return scatter
    note = f"no table for {radiation} in {material}: that of the primary beam, which goes farther"
    return Tvl(primary.first_m, primary.next_m, primary.clause, note)


def _get_pair(key: str, mv: float, where: str) -> Tvl:
    table = get_table(TABLES, key)
    first, following = table.find("first", mv), table.find("equilibrium", mv)
    if first is None or following is None:
        raise InputError(
            code="DES-107",
            where=where,
            got=f"{mv:g} MV",
            expected=f"an energy of NCRP 151 {table.locator}: {_list(table.columns)} MV",
            fix="state the next higher energy of the table, or a material of your own with its source",
        )
    return Tvl(first / CM_PER_M, following / CM_PER_M, f"NCRP 151, {table.locator}")


def _find_scatter(first_key: str, next_key: str, mv: float, angle_deg: float) -> Tvl | None:
    first_table, next_table = get_table(TABLES, first_key), get_table(TABLES, next_key)
    first = find_bound(first_table, angle_deg, mv, last_row_goes_on=True)
    following = find_bound(next_table, angle_deg, mv, last_row_goes_on=True)
    if first is None or following is None:
        return None
    clause = f"NCRP 151, {first_table.locator}"
    return Tvl(first.value / CM_PER_M, following.value / CM_PER_M, clause, first.note)


def _bound_scatter(first_key: str, next_key: str, mv: float, angle_deg: float, where: str) -> Tvl:
    found = _find_scatter(first_key, next_key, mv, angle_deg)
    if found is None:
        table = get_table(TABLES, first_key)
        raise _refuse_scatter(where, mv, angle_deg, table.locator, table.columns, table.rows)
    return found


def _refuse_scatter(
    where: str,
    mv: float,
    angle_deg: float,
    locator: str,
    energies: tuple[float, ...],
    angles: Mapping[str, object],
) -> InputError:
    return InputError(
        code="DES-108",
        where=where,
        got=f"patient scatter of {mv:g} MV at {angle_deg:g} degrees",
        expected=f"{energies[0]:g} to {energies[-1]:g} MV and at least {min(map(float, angles)):g} degrees"
        f" (NCRP 151 {locator})",
        fix="state an angle and energy the table covers, or `scatter_fraction` of the beam with its source",
    )


def get_scatter_fraction(mv: float, angle_deg: float, where: str) -> tuple[float, str, str]:
    """Return the share of the dose that a patient scatters, its clause and a note.

    Raises
    ------
    InputError
        DES-108 outside of the table.
    """
    table = get_table(TABLES, "scatter_fraction")
    found = find_bound(table, angle_deg, mv, last_row_goes_on=True)
    if found is None:
        raise _refuse_scatter(where, mv, angle_deg, table.locator, table.columns, table.rows)
    return found.value, f"NCRP 151, {table.locator}", found.note


def get_reflection(
    mv: float | None, incidence_deg: int, angle_deg: float, where: str
) -> tuple[float, str, str]:
    """Return the reflection of a beam by concrete, its clause and a note.

    Parameters
    ----------
    mv
        Energy of the beam; None for radiation that was scattered before, taken at 0.5 MeV.
    incidence_deg
        0 or 45: angle at which it meets the wall, from its normal.
    angle_deg
        Angle at which it leaves the wall, from its normal.
    where
        Place the angle was written at, for errors.

    Raises
    ------
    InputError
        DES-108 outside of the table.
    """
    soft_mev = 0.5  # structure: section 2.4.1 names the row of the table for radiation scattered before
    kind, row = ("reflection", mv) if mv is not None else ("reflection_soft", soft_mev)
    table = get_table(TABLES, f"{kind}.concrete_{incidence_deg}")
    found = find_bound(table, row, angle_deg)
    if found is None:
        raise InputError(
            code="DES-108",
            where=where,
            got=f"a reflection of {row:g} {table.row_axis} at {angle_deg:g} degrees",
            expected=f"4 to 30 MV and 0 to {table.columns[-1]:g} degrees (NCRP 151 {table.locator})",
            fix="state an angle and energy the table covers",
        )
    return found.value, f"NCRP 151, {table.locator}", found.note


def _list(energies: tuple[float, ...]) -> str:
    return ", ".join(f"{energy:g}" for energy in energies)
