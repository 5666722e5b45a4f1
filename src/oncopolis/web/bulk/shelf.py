"""Where exports lie, for how long, and what writes them."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oncopolis.record.access import Caller
from oncopolis.record.access.practice import Practice
from oncopolis.record.bulk import Wanted, export
from oncopolis.record.search.demand import make_filters, read_demand
from oncopolis.record.store import look
from oncopolis.record.store.keys import Keys
from oncopolis.web.callers import find_allowed

KEPT_S = 86_400  # structure: a day; what was exported is fetched within hours, and is a copy of records
_PRIVATE = 0o700  # structure: file mode, its owner only


@dataclass(frozen=True, slots=True, repr=False)
class Shelf:
    """The folder of exports of one record, each in a folder of its own.

    Parameters
    ----------
    url
        The database they come from.
    keys
        What they are encrypted with; None where the record is not encrypted either.
    practice
        What the centre decided about access.
    """

    folder: Path
    url: str
    keys: Keys | None
    practice: Practice

    def make(self, payload: Mapping[str, Any]) -> None:
        """Write an export: the work of a job. Done again, it begins anew."""
        self.folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        wanted = Wanted.from_json(payload["wanted"])
        self.clear()
        caller = None if payload["caller"] is None else Caller.from_json(payload["caller"])
        allowed = find_allowed(caller, "search", self.practice)
        demands = [read_demand(text, "_typeFilter") for text in wanted.filters]
        filters = make_filters(demands, allowed)
        with look(self.url, self.keys) as reading:
            export(reading, wanted, self.find(payload), allowed=allowed, filters=filters, keys=self.keys)

    def find(self, payload: Mapping[str, Any]) -> Path:
        """The folder of an export."""
        return self.folder / str(payload["name"])

    def drop(self, payload: Mapping[str, Any]) -> None:
        """Remove an export."""
        shutil.rmtree(self.find(payload), ignore_errors=True)

    def clear(self) -> None:
        """Remove what is older than `KEPT_S`."""
        if self.folder.is_dir():
            for one in self.folder.iterdir():
                if one.stat().st_mtime < time.time() - KEPT_S:
                    shutil.rmtree(one, ignore_errors=True)
