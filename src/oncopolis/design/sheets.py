"""`RoomSheets`: what each kind of room has to be like, filled from the evidence in force."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from oncopolis.design.required import Air, Code, Pressure, ShieldingKind, Stated, Walls
from oncopolis.evidence import Evidence
from oncopolis.foundation import Frozen, load_yaml

OMNICLASS = "OmniClass Table 13"
OWN_CODES = "Oncopolis rooms"
AREA = "space.area."
DENSITY = "shielding.density.concrete"


class Neighbour(Frozen):
    """A kind of room that shares a wall with this one."""

    to: str
    door: bool = False
    way_in: bool = False
    private: bool = False


class Sheet(Frozen):
    """Words that name what a kind of room has to be like."""

    door: str = ""
    height: str = ""
    load: str = ""
    air: str = ""
    gases: str = ""
    shielding: ShieldingKind = ""
    walls: str = ""
    shielding_area: str = ""
    places: str = ""
    code: str = ""
    zone: Literal["", "clean", "dirty"] = ""
    beside: tuple[Neighbour, ...] = ()


class SheetFile(Frozen):
    """The file of all kinds."""

    default: Sheet
    air: dict[str, Pressure]
    codes: dict[str, str]
    kinds: dict[str, Sheet]
    rooms: dict[str, Sheet]


def read_data(name: str) -> Any:
    """Read a packaged data file of this room."""
    path = Path(str(files("oncopolis.design").joinpath("data", name)))
    return load_yaml(path, f"design/data/{name}").data


@cache
def read_sheets() -> SheetFile:
    """Read the packaged sheets."""
    return SheetFile.model_validate(read_data("room_sheets.yaml"))


class RoomSheets:
    """Sheets of rooms with the numbers of a project's evidence.

    Parameters
    ----------
    evidence
        Rows in force, overrides of the project included.
    """

    def __init__(self, evidence: Evidence) -> None:
        self.evidence, self.file = evidence, read_sheets()

    def state(self, key: str) -> Stated:
        """Return a row of the evidence as a number of the brief."""
        row = self.evidence.get_row(key, "design")
        return Stated(row.value, row.unit, key, row.source, row.locator or "", row.is_verified)

    def find_kind(self, room_id: str, area_key: str) -> str:
        """Return the kind of a room, empty where no sheet knows it."""
        kind = area_key.removeprefix(AREA) if area_key.startswith(AREA) else ""
        if room_id in self.file.rooms:
            return room_id
        return kind if kind in self.file.kinds else ""

    def find_sheet(self, kind: str) -> Sheet:
        """Return the sheet of a kind; what it leaves out is that of every room."""
        given = self.file.rooms.get(kind) or self.file.kinds.get(kind) or Sheet()
        return given.model_copy(
            update={
                name: getattr(self.file.default, name)
                for name in ("door", "height", "load")
                if not getattr(given, name)
            }
        )

    def list_gases(self, word: str) -> Mapping[str, Stated]:
        """Return the outlets of a set of gases."""
        start = f"design.gas.{word}."
        if not word:
            return {}
        return {
            key.removeprefix(start): self.state(key) for key in self.evidence.rows if key.startswith(start)
        }

    def find_air(self, word: str) -> Air | None:
        """Return the ventilation that a word stands for."""
        return Air(self.state(f"design.air.{word}"), self.file.air[word]) if word else None

    def find_walls(self, word: str) -> Walls | None:
        """Return the shielding walls that a word stands for."""
        if not word:
            return None
        start = f"design.wall.{word}"
        return Walls(self.state(f"{start}.primary"), self.state(f"{start}.secondary"), self.state(DENSITY))

    def list_codes(self, sheet: Sheet, kind: str) -> tuple[Code, ...]:
        """Return the classes of a kind of room."""
        own = (Code(OWN_CODES, kind, kind.replace("_", " ")),)
        if not sheet.code:
            return own
        return (Code(OMNICLASS, sheet.code, self.file.codes[sheet.code]), *own)
