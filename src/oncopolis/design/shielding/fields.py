"""Kinds of values that a bunker's file may hold."""

from typing import Annotated, Literal

from pydantic import Field

Positive = Annotated[float, Field(ge=1e-20, le=1e20)]  # structure: whose squares are numbers too
Metres = Annotated[float, Field(ge=0.1, le=1000)]  # structure: lengths in and around a building
SquareMetres = Annotated[float, Field(ge=0.01, le=100_000)]  # structure: the same for areas
Centimetres = Annotated[float, Field(ge=0.01, le=5000)]  # structure: the same for thicknesses
Density = Annotated[float, Field(ge=100, le=25_000)]  # structure: from foam to what is heavier than gold
Share = Annotated[float, Field(ge=0, le=1)]
Coordinate = Annotated[float, Field(ge=-1000, le=1000)]  # structure: the surroundings of a building
Place = tuple[Coordinate, Coordinate]
"""x and y in m; the isocentre is at 0, 0."""
Words = Annotated[str, Field(min_length=1)]

AreaKind = Literal["controlled", "uncontrolled"]

Slant = Annotated[float, Field(ge=0, lt=90)]  # structure: a right angle
HalfCircle = Annotated[float, Field(ge=0, le=180)]  # structure: half a circle
FieldSide = Annotated[float, Field(ge=0.1, le=60)]  # structure: no accelerator has a field of more than 60 cm
Reflected = Annotated[float, Field(ge=0, le=75)]  # structure: where tables B.8 end
