"""The copy at a second place that a server keeps while it runs, and what it says about it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeAlias

from oncopolis.foundation import InputError, OncopolisError
from oncopolis.record.care.shipping import Shipment, Shipper
from oncopolis.record.store.keys import Keys

Say: TypeAlias = Callable[[str], None]

EVERY_S = 1.0
"""Seconds between two steps; about what can be lost with the machine."""
TELL_S = 60.0  # structure: between two lines about the same, so that a log can be read


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """Where the record of a server is copied to.

    Parameters
    ----------
    folder
        On another machine's disk; made if missing.
    tell_s
        Seconds between two lines about how it goes; its beginning and its faults are told at once.
    """

    folder: Path
    every_s: float = EVERY_S
    tell_s: float = TELL_S


class Shipping:
    """Ships from `start` to the end of the block, and once more then: all that was answered is there.

    Raises
    ------
    InputError
        The database has no keys, or is none that is shipped.
    """

    def __init__(self, url: str, keys: Keys | None, place: SecondPlace, say: Say) -> None:
        if keys is None:
            raise InputError(
                code="REC-170",
                where="--ship-to",
                got="a database without a key file",
                expected="one with a key, which the copy is encrypted by",
                fix="name the key file with --keys; make one by beginning a new database with it",
            )
        self._shipper, self._place, self._say = Shipper(url, keys, place.folder), place, say
        self._news = _News(place, say)
        self._is_begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._shipper.close()
        if not self._is_begun:
            return
        try:
            shipment = self._shipper.ship()
        except (OSError, OncopolisError) as error:
            self._say(f"{self._place.folder}: what came last is not there: {error}")
        else:
            self._say(f"{self._place.folder}: {shipment.n_entries} last audit entries; all of it is there")

    def start(self) -> None:
        """Ship in a thread of its own; the tables are made by now."""
        self._is_begun = True
        self._shipper.start(self._place.every_s, self._news.hear, self._news.warn)


class _News:
    """What is worth a line: the beginning, a fault, its end, and how it went for a while."""

    def __init__(self, place: SecondPlace, say: Say) -> None:
        self._place, self._say = place, say
        self._rpo_s, self._n_entries = 0.0, 0
        self._told = self._reached = 0.0
        self._is_failing = False

    def hear(self, shipment: Shipment) -> None:
        self._reached = time.monotonic()
        self._n_entries += shipment.n_entries
        self._rpo_s = max(self._rpo_s, shipment.exposed_s or 0.0)
        if self._is_failing or not self._told or (self._n_entries and self._is_time()):
            exposed = "first copy" if shipment.exposed_s is None else f"RPO {self._rpo_s:.2f} s"
            self._tell(f"{self._n_entries} audit entries shipped; {exposed}")
            self._is_failing, self._rpo_s, self._n_entries = False, 0.0, 0

    def warn(self, error: Exception) -> None:
        if not self._is_failing or self._is_time():
            since = f"for {time.monotonic() - self._reached:.0f} s" if self._reached else "yet"
            self._tell(f"nothing could be shipped {since}, it is tried again: {error}")
            self._is_failing = True

    def _is_time(self) -> bool:
        return time.monotonic() - self._told >= self._place.tell_s

    def _tell(self, line: str) -> None:
        self._say(f"{self._place.folder}: {line}")
        self._told = time.monotonic()
