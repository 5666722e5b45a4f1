"""Watching the tanks of a project: those its definition has, heard where its settings say."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from oncopolis.biobank.storage.building import find_size
from oncopolis.biobank.watching.limits import read_limits
from oncopolis.biobank.watching.readings import Sensor
from oncopolis.centre import Project
from oncopolis.interop.devices.listening import Listening
from oncopolis.interop.devices.settings import find_devices
from oncopolis.operations import Live
from oncopolis.web.informing import read_gateway
from oncopolis.web.pages.languages import choose
from oncopolis.web.tanks.calling import Calling
from oncopolis.web.tanks.foreseeing import Foreseeing
from oncopolis.web.tanks.inventing import Inventing
from oncopolis.web.tanks.watcher import Watcher

ROOM: Final = "Biobank tank room"
"""As the definition's storage names it."""


@contextmanager
def watch_tanks(
    live: Live, project: Project, folder: Path, is_demo: bool, say: Callable[[str], None]
) -> Iterator[Watcher | None]:  # fmt: skip
    """Watch tanks while the block runs; None for a centre without a biobank.

    Sensors have to speak where it is said where they are heard, or in a demonstration.

    Parameters
    ----------
    folder
        Of the project, with its settings of devices.
    """
    if project.centre.biobank is None:
        yield None
        return
    sensors = list_sensors(find_size(project).n_tanks)
    devices = find_devices(folder)
    is_heard = is_demo or devices is not None
    watcher = Watcher(live.store, sensors if is_heard else (), read_limits(live.house.values.get))
    with ExitStack() as running:
        running.enter_context(watcher)
        language = choose(project.centre.languages)
        running.enter_context(Calling(live.store, read_gateway(folder), language, live.house.zone, say=say))
        running.enter_context(Foreseeing(live.store, project, live.house, watcher))
        if devices is not None:
            running.enter_context(Listening(devices, watcher.take, watcher.park, say))
        if is_demo:
            running.enter_context(Inventing(watcher.take, sensors))
        yield watcher


def list_sensors(n_tanks: int) -> list[Sensor]:
    """The sensors of so many tanks, and of their room."""
    of_tanks: list[Sensor] = [
        (f"T{n + 1:02d}", kind) for n in range(n_tanks) for kind in ("temperature", "level", "lid")
    ]
    return [*of_tanks, (ROOM, "oxygen"), (ROOM, "interlock")]
