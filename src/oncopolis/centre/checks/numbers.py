"""Every coefficient must exist and measure what its place asks for."""

from oncopolis.centre.context import Context, make_context
from oncopolis.centre.definition import Centre
from oncopolis.centre.number import Measured, ParameterRef
from oncopolis.centre.resolving import Resolver
from oncopolis.centre.walking import list_numbers
from oncopolis.foundation import InputError
from oncopolis.foundation.located import Segments

_READ_BY_ROUTES = ("activities", "blocks", "pathways", "cohorts", "flows")
"""Sections whose coefficients are resolved patient by patient when the routes are made."""


def check_numbers(centre: Centre, resolver: Resolver) -> None:
    """Resolve every coefficient outside the pathways; check declared units of parameters.

    Faults are gathered by the resolver. Practice sets that are not in force are left alone.
    """
    context = make_context(centre)
    for path, number, measured in list_numbers(centre):
        if path[0] in ("activities", "blocks") and isinstance(number, ParameterRef) and measured:
            _check_declared(centre, resolver, path, number, measured)
        if path[0] in _READ_BY_ROUTES or (path[0] == "practices" and path[1] != centre.practice):
            continue
        resolver.resolve(number, path, _context_at(path, context))


def _context_at(path: Segments, context: Context) -> Context:
    """Referral is stated by site; everything else holds for all."""
    is_of_site = path[:3] == ("catchment", "referral", "sites")
    return {**context, "site": str(path[3])} if is_of_site else context


def _check_declared(
    centre: Centre, resolver: Resolver, path: Segments, number: ParameterRef, measured: Measured
) -> None:
    owner = getattr(centre, str(path[0]))[path[1]]
    unit = owner.parameters.get(number.parameter)
    if unit is not None and unit not in measured.units:
        resolver.faults.add(
            InputError(
                code="CEN-024",
                where=resolver.located.where(path),
                got=f"the parameter {number.parameter!r} in {unit!r}",
                expected=f"one in {' or '.join(measured.units)}",
                fix=f"declare {number.parameter!r} in such a unit",
            )
        )
