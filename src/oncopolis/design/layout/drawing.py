"""`make_layout`: stacks and orders departments by search, then draws every storey."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from oncopolis.design.layout.drawn import (
    CORRIDOR,
    Drawing,
    DrawnDoor,
    DrawnPart,
    DrawnSpace,
    DrawnStorey,
    DrawnWall,
    Rect,
    join,
)
from oncopolis.design.layout.score import Entry, Score, Scorer
from oncopolis.design.layout.stacking import Stack, Tower, list_changes, raise_tower, stack_first
from oncopolis.design.required import Programme

GAP_M = 30.0  # structure: between buildings that stand in a row, because no site plan is given
ROUNDS = 50  # structure: improvements a search may make; it ends by itself long before
SIDES = (1, -1)
LOBBY = 3  # structure: a lift lobby is three corridor widths long


@dataclass(frozen=True)
class Layout:
    """A concept of the whole centre."""

    programme: Programme
    storeys: tuple[DrawnStorey, ...]
    """By building, from below."""
    score: Score

    @property
    def drawn_m2(self) -> float:
        """Department area as drawn, m2."""
        return sum(part.outline.area for storey in self.storeys for part in storey.parts)


@dataclass(frozen=True)
class Spot:
    """Where a piece stands along the street of its storey."""

    department: str
    side: int
    """1 above the street, -1 below."""
    x: float


def make_layout(programme: Programme) -> Layout:
    """Lay out a programme; same programme, same layout.

    Departments go to the storeys the definition states, bunkers to the ground, the rest wherever the search
    finds the best score: it tries every swap of two departments of a building and every move to another
    storey, keeps the best, and stops when none is better.
    """
    plate, scorer = programme.get("layout.plate"), Scorer(programme)
    towers = [raise_tower(programme, building) for building in programme.blocks]
    stacks = search(towers, [stack_first(tower, plate) for tower in towers], scorer, plate)
    storeys: list[DrawnStorey] = []
    x = 0.0
    for tower, stack in zip(towers, stacks, strict=True):
        drawn = list(draw_tower(programme, tower, stack, x))
        x = max(storey.outline.x1 for storey in drawn) + GAP_M
        storeys.extend(drawn)
    return Layout(programme, tuple(storeys), compute_score(towers, stacks, scorer))


def search(towers: Sequence[Tower], stacks: list[Stack], scorer: Scorer, plate: float) -> list[Stack]:
    """Improve stackings one change at a time."""
    best = compute_score(towers, stacks, scorer).percent
    for _ in range(ROUNDS):
        before = best
        for i, tower in enumerate(towers):
            for change in list_changes(tower, stacks[i], plate):
                tried = [*stacks[:i], change, *stacks[i + 1 :]]
                score = compute_score(towers, tried, scorer).percent
                if score > best:
                    best, stacks = score, tried
        if best == before:
            break
    return stacks


def compute_score(towers: Sequence[Tower], stacks: Sequence[Stack], scorer: Scorer) -> Score:
    """Score a stacking of all buildings."""
    entries: dict[str, list[Entry]] = {}
    ground: dict[str, int] = {}
    for tower, stack in zip(towers, stacks, strict=True):
        floors = stack.list_floors(tower)
        ground[tower.building.id] = find_entrance([level for level, _ in floors])
        for level, names in floors:
            for spot in list_spots(tower, stack, level, names):
                entry = Entry(tower.building.id, level, spot.x)
                entries.setdefault(spot.department, []).append(entry)
    return scorer.compute(entries, ground)


def find_entrance(levels: Sequence[int]) -> int:
    """Return the storey a building is entered on: the ground floor, or the one nearest to it."""
    return min(levels, key=lambda level: (abs(level), -level))


def list_spots(tower: Tower, stack: Stack, level: int, names: Sequence[str]) -> Iterator[Spot]:
    """Yield where pieces stand: each on the side of the street that is shorter so far."""
    lengths = dict.fromkeys(SIDES, 0.0)
    for name in names:
        side = min(SIDES, key=lambda side: (lengths[side], -side))
        yield Spot(name, side, lengths[side])
        lengths[side] += stack.find_piece(tower, name, level).block.width


def draw_tower(programme: Programme, tower: Tower, stack: Stack, x: float) -> Iterator[DrawnStorey]:
    """Yield the storeys of a building whose street starts at x."""
    floors = stack.list_floors(tower)
    levels = [level for level, _ in floors]
    lobby = LOBBY * programme.get("corridor.bed") + programme.get("layout.partition")
    drawings = {
        level: draw_storey(programme, tower, stack, level, names, find_entrance(levels))
        for level, names in floors
    }
    heights = {level: find_height(programme, drawing) for level, (drawing, _) in drawings.items()}
    for level in levels:
        drawing, parts = drawings[level]
        moved = drawing.move(x + lobby, 0)
        yield DrawnStorey(
            building=tower.building.id,
            level=level,
            elevation_m=find_elevation(level, heights, programme.get("height.storey")),
            height_m=heights[level],
            outline=find_outline(moved),
            parts=tuple(
                replace(
                    part,
                    outline=part.outline.move(x + lobby, 0),
                    entry=(part.entry[0] + x + lobby, part.entry[1]),
                )
                for part in parts
            ),
            drawing=moved,
            is_entrance=level == find_entrance(levels),
            is_lowest=level == levels[0],
        )


def find_height(programme: Programme, drawing: Drawing) -> float:
    """Return the height of a storey: what its highest room takes with slab and services."""
    highest = max(space.height_m for space in drawing.spaces)
    return max(programme.get("height.storey"), highest + programme.get("height.above_ceiling"))


def find_elevation(level: int, heights: Mapping[int, float], usual: float) -> float:
    """Return how far a floor is above the ground floor, m; empty storeys are of usual height."""
    if level >= 0:
        return sum((heights.get(below, usual) for below in range(level)), 0.0)
    return -sum(heights.get(below, usual) for below in range(level, 0))


def find_outline(drawing: Drawing) -> Rect:
    """Return the rectangle round everything drawn."""
    rects = [rect for space in drawing.spaces for rect in space.rects] + [wall.rect for wall in drawing.walls]
    return Rect(
        min(rect.x0 for rect in rects),
        min(rect.y0 for rect in rects),
        max(rect.x1 for rect in rects),
        max(rect.y1 for rect in rects),
    )


def draw_storey(
    programme: Programme, tower: Tower, stack: Stack, level: int, names: Sequence[str], entrance: int
) -> tuple[Drawing, list[DrawnPart]]:
    """Draw a storey: departments on both sides of a street that starts at the lifts, at x = 0."""
    partition, width = programme.get("layout.partition"), programme.get("corridor.bed")
    place = f"{tower.building.id}.{level}"
    street_key, parts, drawings, length = f"street.{place}", [], [], 0.0
    for spot in list_spots(tower, stack, level, names):
        block = stack.find_piece(tower, spot.department, level).block
        key = f"corridor.{spot.department}.{place}"
        drawing = name_corridor(block.drawing, key)
        outline = Rect(0, 0, block.width, block.depth)
        drawing = join([drawing, draw_entry(programme, key, street_key)])
        if spot.side < 0:
            drawing, outline, dy = drawing.flip(), outline.flip(), -partition
        else:
            dy = width + partition
        drawings.append(drawing.move(spot.x, dy))
        entry = (spot.x + width / 2, width if spot.side > 0 else 0.0)
        parts.append(DrawnPart(spot.department, tower.building.id, level, outline.move(spot.x, dy), entry))
        length = max(length, spot.x + block.width)
    drawings.append(draw_ways(programme, place, street_key, length, has_exit=level == entrance))
    return join(drawings), parts


def name_corridor(drawing: Drawing, key: str) -> Drawing:
    """Give the corridor of a block the name it has in the building."""
    spaces = tuple(replace(space, key=key) if space.key == CORRIDOR else space for space in drawing.spaces)
    return replace(drawing, spaces=spaces).rename({CORRIDOR: key})


def draw_entry(programme: Programme, key: str, street: str) -> Drawing:
    """Draw the double door between the corridor of a department and the street below it."""
    partition, corridor = programme.get("layout.partition"), programme.get("corridor.bed")
    half = programme.get("corridor.staff") / 2
    rect = Rect(corridor / 2 - half, -partition, corridor / 2 + half, 0)
    wall_rect = Rect(0, -partition, corridor, 0)
    wall = DrawnWall(f"wall:{key}", "partition", wall_rect, True, programme.get("height.general"), "")
    return Drawing((), (wall,), (DrawnDoor(f"{key}|{street}", (key, street), wall.key, rect, True),))


def draw_ways(programme: Programme, place: str, street: str, length: float, *, has_exit: bool) -> Drawing:
    """Draw the street of a storey, the lift lobby at its start and, on the entrance storey, the way out."""
    partition, width = programme.get("layout.partition"), programme.get("corridor.bed")
    height, half = programme.get("height.general"), programme.get("corridor.staff") / 2
    lobby = f"lobby.{place}"
    spaces = (
        DrawnSpace(street, "street", "", "", (Rect(0, 0, length, width),), height),
        DrawnSpace(lobby, "lobby", "", "", (Rect(-LOBBY * width - partition, 0, -partition, width),), height),
    )
    walls, doors = [], []
    ends = [(-partition, lobby, (street, lobby)), (length, "out", (street, ""))]
    for x, name, joins in ends if has_exit else ends[:1]:
        wall = DrawnWall(
            f"wall:{street}:{name}", "partition", Rect(x, 0, x + partition, width), False, height, ""
        )
        rect = Rect(x, width / 2 - half, x + partition, width / 2 + half)
        walls.append(wall)
        doors.append(DrawnDoor(f"{street}|{name}", joins, wall.key, rect, False))
    return Drawing(spaces, tuple(walls), tuple(doors))
