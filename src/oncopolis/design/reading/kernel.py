"""The geometry kernel, asked in a process of its own: a body it cannot bear ends that, not the review."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Face = list[tuple[float, float, float]]

_MOST_CRASHES = 20  # structure: bodies that may end the kernel before it is no longer asked
_THREE = 3  # structure: coordinates of a point, corners of a triangle
_TIMEOUT_S = 300  # structure: five minutes for all bodies of a file


def list_faces(path: Path, lines: Sequence[int]) -> dict[int, list[Face]]:
    """Return the faces of bodies in metres, in the coordinates of the project.

    Parameters
    ----------
    path
        IFC file.
    lines
        Lines of the objects in the file. Those whose bodies the kernel cannot make are left out.
    """
    found: dict[int, list[Face]] = {}
    left = list(lines)
    for _ in range(_MOST_CRASHES):
        if not left:
            break
        asked = json.dumps({"path": str(path), "lines": left})
        try:
            done = subprocess.run(  # noqa: S603 - our own module
                [sys.executable, "-m", __name__],
                input=asked,
                capture_output=True,
                text=True,
                timeout=_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            break
        answered = [json.loads(line) for line in done.stdout.splitlines() if line.endswith("]]")]
        found |= {line: [[(x, y, z) for x, y, z in face] for face in faces] for line, faces in answered}
        # The body after the last answer is the one that ended the process.
        left = left[len(answered) + 1 :] if done.returncode else []
    return found


def _list_answers(path: str, lines: Sequence[int]) -> Iterator[tuple[int, list[Any]]]:
    from ifcopenshell import geom

    from oncopolis.design.reading.opening import open_model

    kernel: Any = geom  # its answers are of many types, of which one comes
    settings = kernel.settings()
    settings.set("use-world-coords", True)
    model = open_model(Path(path))
    for line in lines:
        try:
            shape = kernel.create_shape(settings, model.by_id(line)).geometry
        except RuntimeError:
            yield line, []
            continue
        numbers, corners = shape.verts, shape.faces
        points = [list(numbers[i : i + _THREE]) for i in range(0, len(numbers), _THREE)]
        triangles = [corners[i : i + _THREE] for i in range(0, len(corners), _THREE)]
        yield line, [[points[k] for k in triangle] for triangle in triangles]


def main() -> None:
    """Answer what is asked on standard input: one line of JSON a body, as soon as it is known."""
    asked = json.load(sys.stdin)
    for answer in _list_answers(asked["path"], asked["lines"]):
        sys.stdout.write(json.dumps([answer[0], answer[1] or [[]]]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
