"""Kinds of values that a bunker's file may hold."""

from typing import Annotated, Literal

from pydantic import Field

Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Place = tuple[float, float]
"""x and y in m; the isocentre is at 0, 0."""
Words = Annotated[str, Field(min_length=1)]

AreaKind = Literal["controlled", "uncontrolled"]

Slant = Annotated[float, Field(ge=0, lt=90)]  # structure: a right angle
HalfCircle = Annotated[float, Field(ge=0, le=180)]  # structure: half a circle
FieldSide = Annotated[float, Field(gt=0, le=60)]  # structure: no accelerator has a field of more than 60 cm
Reflected = Annotated[float, Field(ge=0, le=75)]  # structure: where tables B.8 end
