"""What is bought and built: departments, equipment and rooms, each with the rule that counts it."""

from typing import Annotated

from pydantic import Field, model_validator

from oncopolis.centre.number import (
    Area,
    Identifier,
    Money,
    MoneyPerArea,
    PositiveCount,
    PositiveYears,
    Power,
    Share,
    Time,
    Weight,
    Year,
)
from oncopolis.centre.resource import Driver
from oncopolis.foundation import Frozen


class Department(Frozen):
    """A unit of the centre that opens as one."""

    label: str
    """What it is called."""
    gross: PositiveCount
    """Department gross over net floor area; ratio."""
    building_cost: MoneyPerArea | None = None
    """Building cost of its gross area; the project's general one if left out."""
    check_in: Time | None = None
    """Time from coming to the first activity of a visit there (registration, changing), for the twin."""
    frame: str = ""
    """Service unit of the WHO list of priority medical devices for cancer management it falls under."""


class Equipment(Frozen):
    """A kind of equipment."""

    label: str
    """Plural noun."""
    department: Identifier
    """Where it stands."""
    count: tuple[Driver, ...]
    """What it is counted by; the largest of several decides."""
    at_least: Annotated[int, Field(ge=0)] = 0
    """Smallest number once its department is open."""
    price: Money
    """Price of one, delivered and installed, taxes left out."""
    life: PositiveYears
    """Years until it is replaced."""
    power: Power | None = None
    """Connected electrical power of one, kW."""
    weight: Weight | None = None
    """Weight of one, kg."""
    room: Identifier | None = None
    """Room type it stands in."""
    service: Share | None = None
    """Yearly service contract as a share of the price; the project's general one if left out."""


class Room(Frozen):
    """A room type of the space programme."""

    label: str
    """What it is called."""
    department: Identifier
    """Department it belongs to."""
    count: tuple[Driver, ...]
    """What it is counted by; the largest of several decides."""
    at_least: Annotated[int, Field(ge=0)] = 0
    """Smallest number once its department is open."""
    area: Area
    """Net floor area of one, m2."""


class Building(Frozen):
    """A building of the campus."""

    label: str
    """What it is called."""
    departments: tuple[Identifier, ...] = ()
    """Departments in it."""
    storeys: dict[Identifier, int] = {}
    """Department -> storey it is on; the ground floor is 0. Left out: nobody is told."""

    @model_validator(mode="after")
    def _has_what_it_places(self) -> "Building":
        if not set(self.storeys) <= set(self.departments):
            raise ValueError("`storeys` of departments that are in the building")
        return self


class Walk(Frozen):
    """Walking time between two buildings, both ways."""

    between: Annotated[tuple[Identifier, ...], Field(min_length=2, max_length=2)]
    """The two buildings."""
    minutes: Annotated[float, Field(ge=0)]
    """Minutes door to door."""


class Campus(Frozen):
    """Buildings and the ways between them."""

    buildings: dict[Identifier, Building] = {}
    """Buildings by id."""
    walks: tuple[Walk, ...] = ()
    """Walking times."""


class Opening(Frozen):
    """A phase of opening."""

    id: Identifier
    """Name of the phase."""
    label: str
    """What it is called."""
    year: Year
    """First year of service."""
    sized_for: Year
    """Year whose need decides what is built and bought in this phase."""
    exists: bool = False
    """Whether it stands already: counted as value and replaced in time, but not as new capital."""
    departments: tuple[Identifier, ...] | None = None
    """Departments that open; every department not named in another phase if left out."""

    @model_validator(mode="after")
    def _is_sized_after_opening(self) -> "Opening":
        if self.sized_for < self.year:
            raise ValueError("`sized_for` not before `year`, in which it opens")
        return self
