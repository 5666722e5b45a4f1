"""`RoomSheets`: what each kind of room has to be like, filled from the evidence in force."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from oncopolis.design.required import Air, Code, Pressure, ShieldingKind, Stated, Walls
from oncopolis.evidence import Evidence
from oncopolis.foundation import Frozen, InputError, load_yaml

OMNICLASS = "OmniClass Table 13"
OWN_CODES = "Oncopolis rooms"
AREA = "space.area."
MAY_BE_NOUGHT = ("design.tolerance.", "design.link.", "equipment.")
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
    gases: tuple[str, ...]
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
        """Return a row of the evidence as a number of the brief.

        Raises
        ------
        InputError
            DES-002 if a project set a number to nought that something is drawn with or divided by.
        """
        row = self.evidence.get_row(key, "design")
        if row.value <= 0 and not key.startswith(MAY_BE_NOUGHT):
            raise InputError(
                code="DES-002",
                where=key,
                got=f"{row.value:g}",
                expected="a number above 0",
                fix="mend the value in `evidence` of the project, or on the command line",
            )
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

    def state_word(self, group: str, word: str) -> Stated:
        """Return the number that a word of a sheet stands for."""
        return self.state(f"design.{group}.{word}")

    def list_gases(self, word: str) -> Mapping[str, Stated]:
        """Return the outlets of a set of gases."""
        keys = {gas: f"design.gas.{word}.{gas}" for gas in self.file.gases} if word else {}
        return {gas: self.state(key) for gas, key in keys.items() if key in self.evidence.rows}

    def find_air(self, word: str) -> Air | None:
        """Return the ventilation that a word stands for."""
        return Air(self.state_word("air", word), self.file.air[word]) if word else None

    def find_walls(self, word: str) -> Walls | None:
        """Return the shielding walls that a word stands for."""
        if not word:
            return None
        primary = self.state(f"design.wall.{word}.primary")
        return Walls(primary, self.state(f"design.wall.{word}.secondary"), self.state(DENSITY))

    def list_codes(self, sheet: Sheet, kind: str) -> tuple[Code, ...]:
        """Return the classes of a kind of room."""
        own = (Code(OWN_CODES, kind, kind.replace("_", " ")),)
        if not sheet.code:
            return own
        return (Code(OMNICLASS, sheet.code, self.file.codes[sheet.code]), *own)
