"""`Placements`: where things stand in the coordinates of the project, without a geometry kernel."""

from typing import Any, NamedTuple

_DIMENSIONS = 3  # structure: of space
_DEEPEST = 64  # structure: placements relative to placements; a longer chain is a circle

Vector = tuple[float, float, float]
X: Vector = (1.0, 0.0, 0.0)
Y: Vector = (0.0, 1.0, 0.0)
Z: Vector = (0.0, 0.0, 1.0)


class Frame(NamedTuple):
    """Axes and origin, in units of the file."""

    x: Vector
    y: Vector
    z: Vector
    origin: Vector

    def apply(self, point: Vector) -> Vector:
        """Return a point of this frame in the coordinates around it."""
        a, b, c = point
        (x1, x2, x3), (y1, y2, y3), (z1, z2, z3), (o1, o2, o3) = self
        return (
            a * x1 + b * y1 + c * z1 + o1,
            a * x2 + b * y2 + c * z2 + o2,
            a * x3 + b * y3 + c * z3 + o3,
        )

    def turn(self, direction: Vector) -> Vector:
        """Return a direction of this frame in the coordinates around it."""
        return self._replace(origin=(0.0, 0.0, 0.0)).apply(direction)

    def within(self, outer: "Frame") -> "Frame":
        """Return this frame, given in another, in the coordinates around that."""
        if outer is HOME:
            return self
        if self.x is X and self.y is Y and self.z is Z:
            return outer._replace(origin=outer.apply(self.origin))
        return Frame(outer.turn(self.x), outer.turn(self.y), outer.turn(self.z), outer.apply(self.origin))


HOME = Frame(X, Y, Z, (0.0, 0.0, 0.0))


class Placements:
    """Frames of one file, each computed once."""

    def __init__(self) -> None:
        self._known: dict[int, Frame] = {}

    def find(self, placement: Any) -> Frame:
        """Return the frame of an object's placement; the project's own for an object without one."""
        chain: list[Any] = []
        while placement is not None and placement.id() not in self._known and len(chain) < _DEEPEST:
            chain.append(placement)
            placement = placement.get_argument(0) if placement.is_a() == "IfcLocalPlacement" else None
        frame = (
            self._known[placement.id()] if placement is not None and placement.id() in self._known else HOME
        )
        for one in reversed(chain):
            if one.is_a() == "IfcLocalPlacement":
                frame = to_frame(one.get_argument(1)).within(frame)
            self._known[one.id()] = frame
        return frame


def to_frame(placement: Any) -> Frame:
    """Return the frame of an axis placement of two or three dimensions, or of a transformation."""
    if placement is None:
        return HOME
    kind = placement.is_a()
    if kind == "IfcAxis2Placement2D":
        x = _normalise(_to_vector(placement.get_argument(1)) or X) or X
        return Frame(x, (-x[1], x[0], 0.0), Z, _to_point(placement.get_argument(0)))
    if kind == "IfcAxis2Placement3D":
        location, axis, reference = (placement.get_argument(i) for i in range(3))  # structure: its attributes
        if axis is None and reference is None:
            return Frame(X, Y, Z, _to_point(location))
        return _make_frame(axis, reference, _to_point(location))
    if placement.is_a("IfcCartesianTransformationOperator3D"):
        frame = _make_frame(placement.Axis3, placement.Axis1, _to_point(placement.LocalOrigin))
        scale = float(placement.Scale or 1)
        return Frame(_scale(frame.x, scale), _scale(frame.y, scale), _scale(frame.z, scale), frame.origin)
    return HOME


def _make_frame(axis: Any, reference: Any, origin: Vector) -> Frame:
    z = _normalise(_to_vector(axis) or Z) or Z
    wished = _to_vector(reference) or (X if abs(z[0]) < 1 else Y)
    along = _dot(wished, z)
    x = _normalise((wished[0] - along * z[0], wished[1] - along * z[1], wished[2] - along * z[2])) or X
    return Frame(x, _cross(z, x), z, origin)


def _to_point(point: Any) -> Vector:
    return _fill(point.get_argument(0)) if point is not None else (0.0, 0.0, 0.0)


def _to_vector(direction: Any) -> Vector | None:
    return _fill(direction.get_argument(0)) if direction is not None else None


def _fill(numbers: Any) -> Vector:
    if len(numbers) == _DIMENSIONS:
        return float(numbers[0]), float(numbers[1]), float(numbers[2])
    x, y, z = (*map(float, numbers), 0.0, 0.0, 0.0)[:_DIMENSIONS]
    return x, y, z


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _scale(a: Vector, by: float) -> Vector:
    return a[0] * by, a[1] * by, a[2] * by


def _normalise(a: Vector) -> Vector | None:
    length = _dot(a, a) ** 0.5  # structure: square root
    return _scale(a, 1 / length) if length else None
