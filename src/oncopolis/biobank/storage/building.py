"""Storage as the definition of a centre has it: a room of tanks, with racks of boxes in them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from math import ceil

from oncopolis.centre import Project
from oncopolis.centre.context import make_context
from oncopolis.centre.number import Number
from oncopolis.foundation import InputError
from oncopolis.planning import make_plan
from oncopolis.planning.coefficients import CENTRAL, Coefficients
from oncopolis.record.biobank.places import Container

SIDE = 10  # structure: places along a side of a box for 2 ml vials
BOXES = 13  # structure: boxes of a rack
_A_ROW = 7  # structure: tanks side by side
_APART_M = 1.5  # structure: from one tank to the next, metres
TANK_C = -190.0  # structure: the vapour of liquid nitrogen, degrees Celsius


@dataclass(frozen=True, slots=True)
class Size:
    """How much storage there is.

    Parameters
    ----------
    n_tanks, n_reserve
        Tanks, and how many of them are kept empty for the contents of one that fails.
    n_vials
        Positions of a tank.
    vials_a_tissue
        What a tissue is divided into: the difference between tissues and positions.
    fill
        Share of positions that is used in practice.
    """

    n_tanks: int
    n_reserve: int
    n_vials: int
    vials_a_tissue: float
    fill: float

    @property
    def n_tissues(self) -> int:
        """Tissues that the tanks in use take in practice."""
        return int((self.n_tanks - self.n_reserve) * self.n_vials * self.fill / self.vials_a_tissue)


def find_size(project: Project) -> Size:
    """The storage of a project's definition, by central values; `InputError` BIO-097 if it has no biobank."""
    biobank = project.centre.biobank
    if biobank is None:
        raise InputError(
            code="BIO-097", where="biobank", got="a definition without a biobank",
            expected="one with its tanks",
            fix="add a section `biobank` to centre.yaml",
        )  # fmt: skip
    coefficients = Coefficients(project.evidence)

    def get(number: int | Number, name: str) -> float:
        coefficient = project.resolver.resolve(number, ("biobank", name), make_context(project.centre))
        return float(coefficients.get(coefficient)[CENTRAL])

    n_tanks = biobank.tanks
    if n_tanks is None:
        planned = make_plan(project, n_draws=0, seed=0).calculation.biobank
        assert planned is not None
        n_tanks = round(float(planned.tanks.values[CENTRAL].max()))
    return Size(
        n_tanks, biobank.evacuation_tanks, round(get(biobank.tank_vials, "tank_vials")),
        get(biobank.vials, "vials"), get(biobank.fill, "fill"),
    )  # fmt: skip


def fit_size(size: Size, n_specimens: int) -> Size:
    """The same storage with as many tanks as so many specimens need, if it has not enough."""
    n_needed = ceil(n_specimens / (size.n_vials * size.fill)) + size.n_reserve
    return replace(size, n_tanks=max(size.n_tanks, n_needed))


def lay_out(size: Size, site: str = "Biobank", first: int = 1) -> list[Container]:
    """Containers of a whole biobank: tanks that are kept empty have no racks, so that whole racks fit in.

    Parameters
    ----------
    first
        Number of the first container.
    """
    numbers = count(first)
    n_racks = ceil(size.n_vials / (SIDE * SIDE * BOXES))
    top = Container(next(numbers), site, "site", None, None, "list", 1, 1, "containers")
    room = Container(
        next(numbers), f"{site} tank room", "room", top.id, 0, "list", 1, size.n_tanks, "containers"
    )
    found = [top, room]
    for n in range(size.n_tanks):
        is_reserve = n >= size.n_tanks - size.n_reserve
        row, column = divmod(n, _A_ROW)
        tank = Container(
            next(numbers), f"T{n + 1:02d}", "tank", room.id, n, "list", 1, n_racks, "containers",
            temperature_c=TANK_C, is_reserve=int(is_reserve), x_m=column * _APART_M, y_m=row * 2 * _APART_M,
        )  # fmt: skip
        found.append(tank)
        if not is_reserve:
            found += _fill_tank(tank, n_racks, numbers)
    return found


def _fill_tank(tank: Container, n_racks: int, numbers: Iterator[int]) -> Iterator[Container]:
    for r in range(n_racks):
        rack = Container(
            next(numbers), f"{tank.name}-R{r + 1:02d}", "rack", tank.id, r, "list", 1, BOXES, "containers"
        )
        yield rack
        for b in range(BOXES):
            name = f"{rack.name}-B{b + 1:02d}"
            yield Container(next(numbers), name, "box", rack.id, b, "grid", SIDE, SIDE, "specimens")
