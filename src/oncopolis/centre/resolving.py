"""From what a definition writes to evidence keys, with every fault gathered."""

from collections.abc import Mapping
from functools import cached_property

from oncopolis.centre.context import Context, fill, find_key
from oncopolis.centre.definition import Centre
from oncopolis.centre.number import KINDS, EvidenceRef, Measured, ParameterRef
from oncopolis.centre.walking import list_numbers
from oncopolis.evidence import Evidence, Row
from oncopolis.evidence.registry import missing
from oncopolis.foundation import Collector, InputError, Located, OncopolisError
from oncopolis.foundation.located import Segments

Coefficient = int | str
"""A structural whole number, or the key of an evidence row."""


class Resolver:
    """Resolves the coefficients of one definition.

    Parameters
    ----------
    centre, evidence, located
        Definition, the evidence in force for it, and where it was written.
    faults
        Where missing keys and units that do not fit are gathered.
    """

    def __init__(self, centre: Centre, evidence: Evidence, located: Located, faults: Collector) -> None:
        self.centre, self.evidence, self.located, self.faults = centre, evidence, located, faults
        self._seen: set[tuple[Segments, str]] = set()
        self._settled: dict[Segments, str] = {}
        """Keys without placeholders that fit, by place."""

    @cached_property
    def measured(self) -> dict[Segments, Measured]:
        """What each place of the definition asks for."""
        return {path: measured for path, _, measured in list_numbers(self.centre) if measured}

    def resolve(
        self,
        number: int | EvidenceRef | ParameterRef | Row,
        path: Segments,
        context: Context,
        bindings: Mapping[str, Coefficient] | None = None,
        unit: str | None = None,
    ) -> Coefficient:
        """Return the coefficient written at `path`; faults are gathered and the text is returned.

        Parameters
        ----------
        number
            What is written there.
        path
            Where it stands in the definition.
        context
            Words for its placeholders.
        bindings
            Values of the parameters of the activity or block it stands in.
        unit
            Unit of the parameter it is handed to, if it is.
        """
        if isinstance(number, int):
            return number
        if path in self._settled:
            return self._settled[path]
        if isinstance(number, ParameterRef):
            return self._resolve_parameter(number, path, bindings or {})
        if isinstance(number, Row):
            raise TypeError(f"a row in place was not taken out at {path}")
        key = find_key(number, context, self.evidence.rows)
        if key is None:
            filled = fill(number.evidence, context)
            if (path, filled) not in self._seen:
                self._add_once(path, filled, missing(filled, self.located.where(path), self.evidence.rows))
            return filled
        measured = self.measured.get(path)
        allowed = measured.units if measured else _list_like(unit) if unit else ()
        row = self.evidence.rows[key]
        if allowed and row.unit not in allowed:
            self._add_once(path, key, self._misfit(path, key, row.unit, allowed))
        elif limit := _find_limit(row, measured, unit):
            self._add_once(path, key, self._out_of_range(path, key, row, limit))
        elif key == number.evidence:
            self._settled[path] = key
        return key

    def _resolve_parameter(
        self, number: ParameterRef, path: Segments, bindings: Mapping[str, Coefficient]
    ) -> Coefficient:
        if number.parameter in bindings:
            return bindings[number.parameter]
        fault = InputError(
            code="CEN-020",
            where=self.located.where(path),
            got=f"the parameter {number.parameter!r}",
            expected=f"a declared one ({', '.join(sorted(bindings)) or 'none is declared here'})",
            fix="declare it under `parameters`",
        )
        self._add_once(path, number.parameter, fault)
        return 0

    def _misfit(self, path: Segments, key: str, unit: str, allowed: tuple[str, ...]) -> InputError:
        return InputError(
            code="CEN-021",
            where=self.located.where(path),
            got=f"{key} in {unit!r}",
            expected=f"a coefficient in {' or '.join(allowed)}",
            fix="name a coefficient of that unit, or state the row in it",
        )

    def _out_of_range(self, path: Segments, key: str, row: Row, limit: str) -> InputError:
        return InputError(
            code="CEN-025",
            where=self.located.where(path),
            got=f"{row.lowest:g} {row.unit}" + (" at the low end" if row.is_ranged else "") + f" ({key})",
            expected=f"a number {limit}",
            fix="correct the value or its range",
        )

    def _add_once(self, path: Segments, key: str, fault: OncopolisError) -> None:
        if (path, key) not in self._seen:
            self._seen.add((path, key))
            self.faults.add(fault)


def _find_limit(row: Row, measured: Measured | None, unit: str | None) -> str | None:
    """Return the limit that a row breaks in a place, or None."""
    if measured and measured.above_zero and row.lowest <= 0:
        return "above 0"
    if row.lowest < 0 and unit not in KINDS["rate"] and not (measured and measured.may_be_negative):
        return "of 0 or more"
    return None


def _list_like(unit: str) -> tuple[str, ...]:
    """Units that measure the same as the declared unit of a parameter."""
    return next((units for units in KINDS.values() if unit in units), (unit,))
