"""What codes are called: from the user's own licensed file, never from us."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from oncopolis.foundation.errors import Collector, InputError

__all__ = ["Descriptions", "load_descriptions"]

_COLUMNS: Final = ("code", "display")


@dataclass(frozen=True, slots=True)
class Descriptions:
    """Code -> what it is called."""

    displays: Mapping[str, str] = field(repr=False)

    def find(self, code: str) -> str | None:
        """Return what a code is called, None where the file does not say."""
        return self.displays.get(code)


def load_descriptions(path: Path) -> Descriptions:
    """Read a CSV file (UTF-8) with the columns code and display; others are left alone.

    Raises
    ------
    InputErrors, InputError
        Naming every row without a code or display, and every code that is called two things (REC-224).
    """
    faults, displays = Collector(), dict[str, str]()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := set(_COLUMNS) - set(reader.fieldnames or ()):
                raise _bad(
                    f"{path}:1", f"no column {', '.join(sorted(missing))}", "the columns code and display"
                )
            for row in reader:
                code, display = ((row[name] or "").strip() for name in _COLUMNS)
                where = f"{path}:{reader.line_num}"
                if not code or not display:
                    faults.add(_bad(where, f"code {code!r}, display {display!r}", "both of them"))
                elif displays.setdefault(code, display) != display:
                    faults.add(
                        _bad(where, f"{code} once more, called {display!r}", f"{displays[code]!r} as before")
                    )
    except (UnicodeDecodeError, csv.Error) as error:
        raise _bad(str(path), str(error), "CSV in UTF-8") from None
    faults.raise_if_any()
    return Descriptions(displays)


def _bad(where: str, got: str, expected: str) -> InputError:
    return InputError(code="REC-224", where=where, got=got, expected=expected, fix="mend the file")
