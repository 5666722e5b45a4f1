"""Rooms that share walls are drawn together: a scanner with its control room, a bunker with its maze.

A suite is drawn with y = 0 at the inner face of its front wall, which stands between it and a corridor
below; x starts at the inner face of its left wall.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from math import sqrt

from oncopolis.design.layout.drawn import (
    CORRIDOR,
    Drawing,
    DrawnDoor,
    DrawnSpace,
    DrawnWall,
    Rect,
    WallKind,
    join,
)
from oncopolis.design.required import Beside, Programme, RoomType

# structure: depths of rows, m; a room takes the first that makes it no wider than deep
DEPTHS = (2.4, 3.0, 3.6, 4.2, 4.8, 6.0, 7.2, 8.4, 9.6, 12.0, 15.0, 20.0)
SLENDER = 0.6  # structure: a room beside another is at least this share of the root of its area wide


@dataclass(frozen=True)
class Suite:
    """Rooms drawn together."""

    main: RoomType
    drawing: Drawing
    width: float
    depth: float
    redraw: "Callable[[float], Suite] | None" = None
    """Draws it that deep; None for what keeps its depth."""

    def deepen(self, depth: float) -> "Suite":
        """Return it with the depth of a row, where its room is not too slender then, else as it is."""
        area = self.main.area_m2.value
        if self.redraw is None or depth <= self.depth or area < SLENDER * sqrt(area) * depth:
            return self
        return self.redraw(depth)


@dataclass(frozen=True)
class Guest:
    """A room that shares a wall with the main room of a suite."""

    key: str
    room: RoomType
    beside: Beside


@dataclass(frozen=True)
class Pen:
    """Measures of the drawing, m."""

    partition: float
    narrow: float
    door_height: float

    @staticmethod
    def of(programme: Programme) -> "Pen":
        """Take the measures of a programme."""
        return Pen(
            programme.get("layout.partition"), programme.get("layout.narrow"), programme.get("door.height")
        )


def list_suites(programme: Programme, department: str) -> list[Suite]:
    """Draw every suite of a department, in the order of its programme."""
    pen = Pen.of(programme)
    rooms = programme.by_department[department]
    guests = assign_guests(rooms)
    return [
        order_suite(f"{room.id}.{k}", room, guests.get(f"{room.id}.{k}", []), pen)
        for room in rooms
        if find_hosts(room, rooms) == []
        for k in range(1, room.n + 1)
    ]


def find_hosts(room: RoomType, rooms: Sequence[RoomType]) -> list[tuple[RoomType, Beside]]:
    """Return the room types whose suites take in rooms of this type."""
    if room.walls is not None:
        return []
    known = {other.id: other for other in rooms}
    return [
        (known[near.room], near)
        for near in room.beside
        if near.room in known and not any(far.room in known for far in known[near.room].beside)
    ]


def assign_guests(rooms: Sequence[RoomType]) -> dict[str, list[Guest]]:
    """Spread rooms that share walls evenly over the rooms they belong to."""
    guests: dict[str, list[Guest]] = {}
    for room in rooms:
        places = [
            (f"{host.id}.{k}", near) for host, near in find_hosts(room, rooms) for k in range(1, host.n + 1)
        ]
        for k in range(room.n if places else 0):
            host_key, near = places[k * len(places) // room.n]
            guests.setdefault(host_key, []).append(Guest(f"{room.id}.{k + 1}", room, near))
    return guests


def order_suite(key: str, room: RoomType, guests: Sequence[Guest], pen: Pen) -> Suite:
    """Draw a room with the rooms beside it as deep as suits it, and say how to draw it deeper."""
    draw = cache(partial(draw_suite, key, room, tuple(guests), pen))
    suite = draw(find_depth(room.area_m2.value))
    return suite if room.walls is not None else replace(suite, redraw=draw)


def draw_suite(key: str, room: RoomType, guests: Sequence[Guest], pen: Pen, depth: float) -> Suite:
    """Draw a room with the rooms beside it, as deep as asked; a bunker is as deep as it has to be."""
    inner = [guest for guest in guests if guest.beside.has_door]
    outer = [guest for guest in guests if not guest.beside.has_door]
    if room.walls is not None:
        main = draw_bunker(key, room, inner, pen)
        columns: list[list[Guest]] = []
    else:
        is_locked = any(guest.beside.is_way_in for guest in inner)
        main = draw_room(key, room, depth, pen, has_front_door=not is_locked)
        inner = sorted(inner, key=lambda guest: (not guest.beside.is_way_in, guest.beside.is_private))
        columns = [inner] if inner else []
    columns += [[guest] for guest in outer]
    left, right = columns[1::2], columns[0::2]
    parts, x = [], 0.0
    for column in reversed(left):
        drawing, width = draw_column(column, key, main.depth, pen, side=1)
        parts.append(drawing.move(x, 0))
        x += width + pen.partition
    parts.append(main.drawing.move(x, 0))
    x += main.width
    for column in right:
        drawing, width = draw_column(column, key, main.depth, pen, side=-1)
        parts.append(drawing.move(x + pen.partition, 0))
        x += width + pen.partition
    return Suite(room, join(parts), x, main.depth)


def find_depth(area_m2: float) -> float:
    """Return the depth of the row a room of that area stands in, m."""
    return next((depth for depth in DEPTHS if depth >= sqrt(area_m2)), DEPTHS[-1])


def draw_room(key: str, room: RoomType, depth: float, pen: Pen, *, has_front_door: bool) -> Suite:
    """Draw a single room with its door to the corridor."""
    width = max(room.area_m2.value / depth, pen.narrow, room.door_width_m.value)
    rect = Rect(0, 0, width, room.area_m2.value / width)
    drawing = Drawing((make_space(key, room, rect),))
    if has_front_door:
        drawing = join([drawing, draw_front_door(key, room, rect, pen)])
    return Suite(room, drawing, width, depth)


def draw_column(
    column: Sequence[Guest], host: str, depth: float, pen: Pen, *, side: int
) -> tuple[Drawing, float]:
    """Draw rooms one behind the other beside a host, which is to the left (-1) or right (1)."""
    area = sum(guest.room.area_m2.value for guest in column)
    walls = pen.partition * (len(column) - 1)
    widest = max(guest.room.area_m2.value for guest in column)
    doors = max(guest.room.door_width_m.value for guest in column)
    width = max(area / (depth - walls), SLENDER * sqrt(widest), pen.narrow, doors)
    parts, y = [], 0.0
    for i, guest in enumerate(column):
        rect = Rect(0, y, width, y + guest.room.area_m2.value / width)
        parts.append(Drawing((make_space(guest.key, guest.room, rect),)))
        if i == 0 and not guest.beside.is_private:
            parts.append(draw_front_door(guest.key, guest.room, rect, pen))
        if guest.beside.has_door:
            parts.append(draw_side_door(guest, host, rect, pen, side))
        y = rect.y1 + pen.partition
    return join(parts), width


def draw_side_door(guest: Guest, host: str, rect: Rect, pen: Pen, side: int) -> Drawing:
    """Draw the door between a room and the host it stands beside."""
    x0 = rect.x1 if side > 0 else -pen.partition
    x1, y = x0 + pen.partition, (rect.y0 + rect.y1) / 2
    half = guest.room.door_width_m.value / 2
    key = f"{guest.key}|{host}"
    wall = DrawnWall(
        f"wall:{key}", "partition", Rect(x0, rect.y0, x1, rect.y1), False, guest.room.height_m.value, ""
    )
    door = DrawnDoor(key, (guest.key, host), wall.key, Rect(x0, y - half, x1, y + half), False)
    return Drawing((), (wall,), (door,))


def draw_front_door(key: str, room: RoomType, rect: Rect, pen: Pen) -> Drawing:
    """Draw the door between a room and the corridor."""
    half, x = room.door_width_m.value / 2, (rect.x0 + rect.x1) / 2
    wall = DrawnWall(
        f"wall:{key}", "partition", Rect(rect.x0, -pen.partition, rect.x1, 0), True, room.height_m.value, ""
    )
    door = DrawnDoor(
        f"{key}|{CORRIDOR}", (key, CORRIDOR), wall.key, Rect(x - half, -pen.partition, x + half, 0), True
    )
    return Drawing((), (wall,), (door,))


def draw_bunker(key: str, room: RoomType, inner: Sequence[Guest], pen: Pen) -> Suite:
    """Draw a bunker: walls all round, and between the corridor and the room the maze, where there is one."""
    assert room.walls is not None
    side, end = room.walls.primary_m.value, room.walls.secondary_m.value
    clear = sqrt(room.area_m2.value)
    front, y, parts, entered = CORRIDOR, -pen.partition, [], key
    for i, guest in enumerate((*inner, None)):
        inside, inside_key = (room, key) if guest is None else (guest.room, guest.key)
        wall_rect = Rect(side, y, side + clear, y + end)
        wall = make_shield(f"front{i}", wall_rect, key, room, is_along_x=True, is_primary=False)
        half, x = inside.door_width_m.value / 2, side + clear / (2 if i % 2 == 0 else 2 + i)
        door = DrawnDoor(
            f"{inside_key}|{front}", (inside_key, front), wall.key, Rect(x - half, y, x + half, y + end), True
        )
        rect = Rect(side, y + end, side + clear, y + end + inside.area_m2.value / clear)
        parts.append(Drawing((make_space(inside_key, inside, rect),), (wall,), (door,)))
        front, y = inside_key, rect.y1
    back = Rect(side, y, side + clear, y + end)
    width, top = 2 * side + clear, y + end
    sides = [Rect(0, -pen.partition, side, top), Rect(side + clear, -pen.partition, width, top)]
    shields = [
        make_shield("back", back, key, room, is_along_x=True, is_primary=False),
        *(
            make_shield(name, rect, key, room, is_along_x=False, is_primary=True)
            for name, rect in zip(("left", "right"), sides, strict=True)
        ),
    ]
    assert entered == front
    return Suite(room, join([*parts, Drawing((), tuple(shields))]), width, top)


def make_space(key: str, room: RoomType, rect: Rect) -> DrawnSpace:
    """Make the space of a room."""
    return DrawnSpace(key, "room", room.id, room.department, (rect,), room.height_m.value)


def make_shield(
    name: str, rect: Rect, key: str, room: RoomType, *, is_along_x: bool, is_primary: bool
) -> DrawnWall:
    """Make a shielding wall of a room."""
    kind: WallKind = "primary" if is_primary else "secondary"
    return DrawnWall(f"shield:{key}:{name}", kind, rect, is_along_x, room.height_m.value, key)
