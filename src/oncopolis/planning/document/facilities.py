"""Equipment and rooms as plain data."""

from typing import Any

from oncopolis.centre.facility import Equipment, Room
from oncopolis.centre.number import Number
from oncopolis.planning.document.figures import FigureWriter, write_norm
from oncopolis.planning.plan import Plan
from oncopolis.planning.sizing import Sized
from oncopolis.planning.space import Counted


def write_equipment(plan: Plan, writer: FigureWriter) -> dict[str, Any]:
    """Resources beside their norms, and every line of equipment."""
    last = plan.calculation.phases[-1]
    return {
        "resources": [_write_resource(part, plan, writer) for part in last.resources.values()],
        "items": [_write_item(part, plan, writer) for part in last.equipment],
    }


def _write_resource(part: Sized, plan: Plan, writer: FigureWriter) -> dict[str, Any]:
    need, n = float(part.need.central[0]), float(part.n.central[0])
    return writer.write_line(
        f"resource.{part.id}",
        part.id,
        part.resource.label,
        kind=part.resource.kind,
        department=part.resource.department,
        n=n,
        need=need,
        utilisation=need / n if n else None,
        is_given=part.resource.n != "planned",
        by_opening={
            phase.opening.id: float(phase.resources[part.id].n.central[0])
            for phase in plan.calculation.phases
        },
        norms=[write_norm(norm, part.n) for norm in part.norms],
    )


def _write_item(part: Counted, plan: Plan, writer: FigureWriter) -> dict[str, Any]:
    item, money = part.item, plan.calculation.money
    assert isinstance(item, Equipment)
    n = float(part.n.central[0])
    price = _value(item.price, plan) if money is None else float(money.prices[part.id].central[0])
    row = plan.project.evidence.get_row(plan.calculation.asking.find_key(item.price))
    return writer.write_line(
        f"equipment.{part.id}",
        part.id,
        item.label,
        department=item.department,
        frame=plan.project.centre.departments[item.department].frame,
        n=n,
        by_opening={phase.opening.id: _count(phase.equipment, part.id) for phase in plan.calculation.phases},
        price_usd=price,
        total_usd=price * n,
        life_years=_value(item.life, plan, "year"),
        power_kw=_value(item.power, plan, "kW") if item.power else None,
        weight_kg=_value(item.weight, plan, "kg") if item.weight else None,
        room=item.room,
        rule=_write_rule(item, plan),
        source=row.source,
        unverified=not row.is_verified,
    )


def _value(number: Number, plan: Plan, unit: str = "") -> float:
    return float(plan.calculation.asking.ask(number, unit).central[0])


def _count(parts: tuple[Counted, ...], name: str) -> float:
    return next((float(part.n.central[0]) for part in parts if part.id == name), 0.0)


def _write_rule(item: Equipment | Room, plan: Plan) -> str:
    """The counting rule in words: ``1 per linac; at least 1``."""
    parts = [_write_driver(driver.per, driver.each, driver.times, plan) for driver in item.count]
    if item.at_least:
        parts.append(f"at least {item.at_least}")
    return "; ".join(parts)


def _write_driver(per: str, each: Number | None, times: Number | int | None, plan: Plan) -> str:
    name = per.partition(".")[2].replace("_", " ") or per
    if each is not None:
        return f"1 per {_value(each, plan):g} {name}"
    n = 1 if times is None else times if isinstance(times, int) else _value(times, plan)
    return f"{n:g} per {name}"


def write_rooms(plan: Plan, writer: FigureWriter) -> dict[str, Any]:
    """The space programme: rooms, departments, totals."""
    last = plan.calculation.phases[-1]
    space, asking = last.space, plan.calculation.asking
    return {
        "rooms": [_write_room(part, plan, writer) for part in space.rooms],
        "departments": [
            writer.write_line(
                f"space.department_gross.{part.id}",
                part.id,
                part.department.label,
                net_m2=float(part.net.central[0]),
                gross_factor=_value(part.department.gross, plan),
                gross_m2=float(part.gross.central[0]),
            )
            for part in space.departments
        ],
        "net_m2": float(space.net.central[0]),
        "department_gross_m2": float(space.gross.central[0]),
        "building_gross_m2": float(space.building.central[0]),
        "building_factor": float(asking.ask(plan.project.centre.building_gross).central[0]),
        "by_opening": {
            phase.opening.id: float(phase.space.building.central[0]) for phase in plan.calculation.phases
        },
    }


def _write_room(part: Counted, plan: Plan, writer: FigureWriter) -> dict[str, Any]:
    room = part.item
    assert isinstance(room, Room)
    n, area = float(part.n.central[0]), _value(room.area, plan)
    row = plan.project.evidence.get_row(plan.calculation.asking.find_key(room.area))
    return writer.write_line(
        f"room.{part.id}",
        part.id,
        room.label,
        department=room.department,
        n=n,
        area_m2=area,
        net_m2=n * area,
        rule=_write_rule(room, plan),
        source=row.source,
        unverified=not row.is_verified,
    )
