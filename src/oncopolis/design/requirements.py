"""`write_ids`: the brief as an IDS file (buildingSMART Information Delivery Specification 1.0).

An IDS says what each object has to carry and in which range: each room type's class, least area and clear
height, the width of doors. Sums, counts above one, neighbours and ways lie outside what it can say; those are
left to the review.
"""

from collections.abc import Iterator

from ifctester.facet import Attribute, Classification, Entity, Property, Restriction  # type: ignore[import-untyped]  # ships no types
from ifctester.ids import Ids, Specification  # type: ignore[import-untyped]  # ships no types

from oncopolis.design.required import Programme, RoomType
from oncopolis.design.sheets import OWN_CODES

QUANTITIES = "Qto_SpaceBaseQuantities"
VERSIONS = ["IFC4", "IFC4X3_ADD2"]
_DIGITS = 6  # structure: of a bound, m or m2


def write_ids(programme: Programme, language: str) -> bytes:
    """Return the requirements of a programme as an IDS file with names in one language."""
    ids = Ids(
        title=f"{programme.project}: rooms",
        description="What every room of the brief has to carry.",
        purpose="Design review",
    )
    ids.specifications.extend([_specify_every_room(programme), _specify_doors(programme)])
    ids.specifications.extend(_specify_rooms(programme, language))
    text = ids.to_string()
    return text if isinstance(text, bytes) else str(text).encode()


def _specify_every_room(programme: Programme) -> Specification:
    kinds = Restriction({"enumeration": [room.id for room in programme.rooms]})
    specification = Specification(
        name="Rooms",
        identifier="rooms",
        ifcVersion=VERSIONS,
        minOccurs=1,
        instructions="Give each room its type of the brief as ObjectType; ways are spaces of kind INTERNAL.",
    )
    specification.applicability.append(Entity(name="IFCSPACE", predefinedType="SPACE"))
    specification.requirements.extend(
        [
            Attribute(name="Name"),
            Attribute(name="LongName"),
            Attribute(name="ObjectType", value=kinds),
            Classification(system=OWN_CODES),
        ]
    )
    return specification


def _specify_doors(programme: Programme) -> Specification:
    least = min(room.door_width_m.value for room in programme.rooms)
    specification = Specification(name="Doors", identifier="doors", ifcVersion=VERSIONS)
    specification.applicability.append(Entity(name="IFCDOOR"))
    specification.requirements.append(Attribute(name="OverallWidth", value=_at_least(least)))
    return specification


def _specify_rooms(programme: Programme, language: str) -> Iterator[Specification]:
    for room in programme.rooms:
        specification = Specification(
            name=f"{room.labels[language]} ({room.id})",
            identifier=room.id,
            ifcVersion=VERSIONS,
            minOccurs=1,
            description=f"{room.n} x {room.area_m2.value:.1f} m2",
        )
        specification.applicability.extend(
            [Entity(name="IFCSPACE"), Attribute(name="ObjectType", value=room.id)]
        )
        specification.requirements.extend(_list_requirements(room))
        yield specification


def _list_requirements(room: RoomType) -> Iterator[Property | Classification]:
    area = room.area_m2.value * (1 - room.shortfall.value)
    yield Classification(value=room.function, system=OWN_CODES)
    yield Property(
        propertySet=QUANTITIES, baseName="NetFloorArea", value=_at_least(area), dataType="IFCAREAMEASURE"
    )
    yield Property(
        propertySet=QUANTITIES,
        baseName="FinishCeilingHeight",
        value=_at_least(room.height_m.value),
        dataType="IFCLENGTHMEASURE",
    )


def _at_least(value: float) -> Restriction:
    return Restriction({"minInclusive": round(value, _DIGITS)}, base="double")
