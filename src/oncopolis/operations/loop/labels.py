"""Labels that are used once: of containers, and of packages with a serial number."""

from typing import Final

from oncopolis.operations.elements import PREFIX
from oncopolis.operations.floor import Floor
from oncopolis.operations.loop.codes import Read

CONTAINER: Final = PREFIX + "container"
"""System of the identifier of a specimen's container."""
_MOST: Final = 1


def name_label(read: Read) -> str:
    """Return what makes a label one of its kind; empty if it is none that is used once."""
    if read.kind == "container":
        return read.value
    serial = read.facts.get("serial", "")
    return f"{read.value} {serial}" if read.kind == "package" and serial else ""


def tell_use(floor: Floor, label: str, type_: str, parameter: str, system: str, *, is_here: bool) -> str:
    """Tell whether a label was given to something before; empty for a code that is no such label.

    Parameters
    ----------
    type_, parameter, system
        Record that has it, and how it is found.
    is_here
        Whether something on the floor has it.
    """
    if not label:
        return ""
    nothing: list[str] = []
    known = floor.look(lambda reading: reading.find_token(type_, parameter, system, label, _MOST), nothing)
    return "used" if is_here or known else "unused"
