"""`Foreseeing`: tells the watcher of tanks when the places run out, before they do."""

from contextlib import suppress
from typing import Final

from oncopolis.biobank.storage.forecasting import forecast, read_intake
from oncopolis.centre import Project
from oncopolis.foundation import OncopolisError
from oncopolis.operations import House
from oncopolis.record.biobank.books import Books
from oncopolis.record.store import Store
from oncopolis.web.chore import Chore
from oncopolis.web.tanks.watcher import Watcher

EVERY_S: Final = 600.0  # structure: seconds between two looks; a tank fills in months
_FIRST_S: Final = 2.0
"""Seconds for which the server starts undisturbed."""


class Foreseeing(Chore):
    """Looks ahead while it is entered, in a thread of its own: alarms of tanks do not wait for the plan."""

    def __init__(self, store: Store, project: Project, house: House, watcher: Watcher) -> None:
        self._store, self._project, self._house, self._watcher = store, project, house, watcher
        super().__init__("space of tanks")

    def step(self) -> None:
        """Look how full the tanks are, and when they will be."""
        intake = self._watcher.intake or read_intake(self._project)
        self._watcher.intake = intake
        now_ms = self._watcher.now_ms
        today = self._house.to_local(now_ms).date()
        told = self._store.ask(lambda reading: forecast(Books(reading.session), intake, today, now_ms))
        soon = told.full_on if told.is_warning else None
        self._watcher.note_space(None if soon is None else (soon - today).days)

    def _run(self) -> None:
        wait_s = _FIRST_S
        while not self._stopping.wait(wait_s):
            with suppress(OncopolisError):  # What could not be read is looked at again.
                self.step()
            wait_s = EVERY_S
