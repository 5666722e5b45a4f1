"""Barriers from the walls of an architect's model: their thickness and density as drawn."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import ValidationError

from oncopolis.design.model import Building, Wall
from oncopolis.design.shielding.layer_definition import LayerDefinition
from oncopolis.design.shielding.reading import ReadBunker
from oncopolis.foundation import Collector, InputError
from oncopolis.foundation.units import CM_PER_M


def take_walls(read: ReadBunker, building: Building | None) -> ReadBunker:
    """Return a bunker whose barriers have the layers of the walls they name.

    A wall of several layers counts as one, with its whole thickness and the density the model states.

    Parameters
    ----------
    read
        The bunker.
    building
        The model, if one was given.

    Raises
    ------
    InputError
        DES-115 if a barrier names a wall and there is no model, DES-116 if the model has no such wall, or
        several, DES-117 if the wall has no usable thickness or density.
    """
    faults = Collector()
    barriers = dict(read.bunker.barriers)
    for name, barrier in read.bunker.barriers.items():
        if barrier.wall is None:
            continue
        where = read.where("barriers", name, "wall")
        try:
            wall = _find_wall(barrier.wall, building, where)
            barriers[name] = barrier.model_copy(
                update={"layers": (_to_layer(wall, barrier.material, where),)}
            )
        except InputError as error:
            faults.add(error)
    faults.raise_if_any()
    return replace(read, bunker=read.bunker.model_copy(update={"barriers": barriers}))


def _find_wall(name: str, building: Building | None, where: str) -> Wall:
    if building is None:
        raise InputError(
            code="DES-115",
            where=where,
            got=f"the wall {name!r} of a model, and no model",
            expected="the model that the wall is drawn in",
            fix="give it with --model, or state `layers`",
        )
    found = [wall for wall in building.walls if name in (wall.id, wall.name)]
    if len(found) != 1:
        raise InputError(
            code="DES-116",
            where=where,
            got=f"the wall {name!r}, of which the model has {len(found)}",
            expected=f"the GlobalId, or a name that one wall alone has{_list_names(building.walls)}",
            fix="name the wall by its GlobalId",
        )
    return found[0]


def _list_names(walls: Sequence[Wall]) -> str:
    most = 5  # structure: length of a list in a message
    names = [wall.name for wall in walls if wall.name][:most]
    return f", such as {', '.join(map(repr, names))}" if names else ""


def _to_layer(wall: Wall, material: str, where: str) -> LayerDefinition:
    if wall.thickness_m is None or wall.density_kg_m3 is None:
        lacking = "thickness" if wall.thickness_m is None else "density"
        raise InputError(
            code="DES-117",
            where=where,
            got=f"a wall without its {lacking}: {wall.name or wall.id}",
            expected="a wall with its thickness and the density of its material",
            fix=f"have the {lacking} written into the model, or state `layers`",
        )
    try:
        return LayerDefinition(
            material=material, cm=wall.thickness_m * CM_PER_M, density_kg_m3=wall.density_kg_m3
        )
    except ValidationError as error:
        (fault, *_) = error.errors()
        raise InputError(
            code="DES-117",
            where=where,
            got=f"{fault['loc'][0]}: {fault['input']} of the wall {wall.name or wall.id}",
            expected="a thickness and a density of a wall",
            fix="have the model put right, or state `layers`",
        ) from error
