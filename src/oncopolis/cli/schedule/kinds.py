"""Which kind of instance a file is.

Each kind is a room of `oncopolis.scheduling` whose door has ``is_instance(path) -> bool`` and
``check_files(instance, solution) -> Verdict``.
"""

from importlib import import_module
from pathlib import Path
from types import ModuleType

from oncopolis.foundation import InputError

KINDS = ("theatres", "chairs", "rosters")


def get_kind(instance: Path) -> ModuleType:
    """Return the room that an instance is of.

    Raises
    ------
    InputError
        SCH-003: none of them knows it.
    """
    for name in KINDS:
        room = import_module(f"oncopolis.scheduling.{name}")
        if room.is_instance(instance):
            return room
    raise InputError(
        code="SCH-003",
        where=str(instance),
        got="no instance that is known, or no file",
        expected=f"an instance of {', '.join(KINDS)}",
        fix="check the path, and see how-to: schedule theatres and wards",
    )
