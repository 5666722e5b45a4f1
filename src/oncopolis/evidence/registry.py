"""The evidence as a whole: read, asked by key, overridden by a project."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from oncopolis.evidence.distribution import Distribution
from oncopolis.evidence.row import Row
from oncopolis.foundation import Collector, EvidenceError, InputError, Located, load_yaml
from oncopolis.foundation.faults import to_errors, word
from oncopolis.foundation.located import Segments
from oncopolis.foundation.units import convert

_KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


@dataclass(frozen=True)
class Override:
    """A row that a project replaced by its own."""

    key: str
    before: Row
    after: Row
    where: str


@dataclass(frozen=True)
class Evidence:
    """Rows by key, with the places they were written at and the overrides of a project."""

    rows: Mapping[str, Row]
    places: Mapping[str, str] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()

    def get_row(self, key: str, asked_by: str = "evidence") -> Row:
        """Return the row of `key`.

        Raises
        ------
        EvidenceError
            If there is none; names the nearest keys.
        """
        try:
            return self.rows[key]
        except KeyError:
            raise missing(key, asked_by, self.rows) from None

    def find_row(self, key: str) -> Row | None:
        """Return the row of `key`, or None."""
        return self.rows.get(key)

    def with_rows(self, rows: Mapping[str, Row], places: Mapping[str, str]) -> "Evidence":
        """Return the evidence with further rows registered; none may exist already."""
        return replace(self, rows={**self.rows, **rows}, places={**self.places, **places})

    def with_override(self, key: str, row: Row, where: str) -> "Evidence":
        """Return the evidence with the row of `key` replaced and the replacement on record."""
        before = self.get_row(key, where)
        if before == row:
            return self
        entry = Override(key, before, row, where)
        return replace(self, rows={**self.rows, key: row}, overrides=(*self.overrides, entry))

    def with_value(self, key: str, value: float, where: str) -> "Evidence":
        """Return the evidence with one value set by hand, as an exact, unsourced assumption."""
        row = self.get_row(key, where)
        fields = row.model_dump() | {
            "value": value,
            "low": None,
            "high": None,
            "source": "project",
            "locator": where,
            "status": "assumption",
            "opened": False,
            "note": "set on the command line",
        }
        try:
            return self.with_override(key, Row.model_validate(fields), where)
        except ValidationError as error:
            message = word(error.errors()[0]["msg"])
            raise InputError(
                code="EVI-004",
                where=f"{where} {key}",
                got=f"{value:g}",
                expected=message,
                fix="mend the value",
            ) from error


def missing(key: str, asked_by: str, rows: Mapping[str, Any]) -> EvidenceError:
    """Say that a key is not in evidence, and which come near."""
    topic = key.split(".", maxsplit=1)[0]
    near = get_close_matches(key, [row for row in rows if row.startswith(topic)])
    return EvidenceError(
        code="EVI-001",
        where=asked_by,
        got=f"the evidence key {key!r}",
        expected="a key of the evidence" + (f", such as {', '.join(near)}" if near else ""),
        fix="add the row, or use an existing key (`oncopolis evidence list`)",
    )


def read_rows(located: Located, faults: Collector) -> Iterator[tuple[str, Row, str]]:
    """Yield (key, row, place) of one evidence file: a list of blocks with `defaults` and `rows`."""
    for i, block in enumerate(located.data or []):
        defaults = block.get("defaults", {})
        for unknown in set(block) - {"defaults", "rows"}:
            where = located.where((i, unknown))
            faults.add(
                InputError(
                    code="EVI-002",
                    where=where,
                    got=f"the key {unknown!r}",
                    expected="`defaults` or `rows`",
                    fix="remove it",
                )
            )
        for key, fields in block.get("rows", {}).items():
            path = (i, "rows", key)
            row = read_row(key, defaults | (fields or {}), located, path, faults)
            if row is not None:
                yield key, row, str(located.find_place(path))


def read_row(
    key: str, fields: dict[str, Any], located: Located, path: Segments, faults: Collector
) -> Row | None:
    """Check one row; faults are gathered, and None comes back for a row that cannot be used."""
    if not _KEY.fullmatch(key):
        expected = "dot-separated words of a-z, 0-9 and _"
        faults.add(
            InputError(
                code="EVI-002",
                where=located.where(path),
                got=f"the key {key!r}",
                expected=expected,
                fix="rename it",
            )
        )
        return None
    try:
        return Row.model_validate(expand(key, fields))
    except ValidationError as error:
        for fault in to_errors(error, located, path, code="EVI-002", model=Row):
            faults.add(fault)
        return None


def expand(key: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Write out what a row may abbreviate: ``{last}`` in the label and ``spread`` for the range."""
    fields = dict(fields)
    if isinstance(label := fields.get("label"), str):
        fields["label"] = label.replace("{last}", key.rsplit(".", 1)[-1].replace("_", " "))
    spread, value = fields.pop("spread", None), fields.get("value")
    if (
        isinstance(spread, int | float)
        and isinstance(value, int | float)
        and "low" not in fields
        and "high" not in fields
    ):
        low, high = value - abs(value) * spread, value + abs(value) * spread
        is_share = fields.get("unit") == "share"
        fields["low"] = max(low, 0.0) if is_share else low
        fields["high"] = min(high, 1.0) if is_share else high
    return fields


def read_override(key: str, fields: Any, evidence: Evidence, located: Located, path: Segments) -> Row:
    """Read a project's own row for `key`: what it leaves out stays, except value, source and sign-off.

    Raises
    ------
    InputError
        If the fields do not make a row, or the unit does not fit that of the row replaced.
    """
    before = evidence.get_row(key, located.where(path))
    if not isinstance(fields, dict) or not {"value", "source"} <= set(fields):
        raise InputError(
            code="EVI-003",
            where=located.where(path),
            got=repr(fields),
            expected="a mapping with at least `value` and `source`",
            fix="state the project's value and where it comes from",
        )
    kept = {
        "label": before.label,
        "unit": before.unit,
        "per": before.per,
        "status": "published",
        "opened": True,
    }
    given = expand(key, kept | fields)
    unit = given["unit"]
    try:
        row = Row.model_validate(given)
    except ValidationError as error:
        faults = Collector()
        for fault in to_errors(error, located, path, code="EVI-003", model=Row):
            faults.add(fault)
        faults.raise_if_any()
        raise
    if unit == before.unit:
        return row
    where = located.where(path)

    def to_unit(model: Row | Distribution, *names: str) -> dict[str, float]:
        return {
            name: convert(number, unit, before.unit, where)
            for name in names
            if (number := getattr(model, name)) is not None
        }

    changes: dict[str, Any] = {**to_unit(row, "value", "low", "high"), "unit": before.unit}
    if row.distribution is not None:
        spread = to_unit(row.distribution, "sd", "low", "high")
        changes["distribution"] = row.distribution.model_copy(update=spread)
    return row.model_copy(update=changes)


@cache
def load_evidence() -> Evidence:
    """Return the evidence that comes with the package.

    Raises
    ------
    InputErrors
        With every row that does not fit, as `file:line: key: got X, expected Y, do Z`.
    """
    faults = Collector()
    rows: dict[str, Row] = {}
    places: dict[str, str] = {}
    folder = files("oncopolis.evidence").joinpath("data")
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".yaml"):
            continue
        located = load_yaml(Path(str(entry)), f"evidence/data/{entry.name}")
        for key, row, place in read_rows(located, faults):
            if key in rows:
                faults.add(
                    InputError(
                        code="EVI-005",
                        where=f"{place}: {key}",
                        got="the key a second time",
                        expected=f"each key once (first at {places[key]})",
                        fix="keep one of the two",
                    )
                )
            rows[key], places[key] = row, place
    faults.raise_if_any()
    return Evidence(rows, places)
