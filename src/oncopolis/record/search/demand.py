"""A search as one text, such as ``Observation?code=718-7``: the condition that one record meets it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from oncopolis.record.access import Allowed
from oncopolis.record.access.conditions import TRUE, both, either
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.search.asking import MOST_PARAMETERS
from oncopolis.record.search.criteria import Criterion, read_criterion
from oncopolis.record.search.nodes import Node
from oncopolis.record.search.refusing import SearchRefused, show
from oncopolis.record.search.sql import Sql


@dataclass(frozen=True, slots=True)
class Demand:
    """What a record must be.

    Parameters
    ----------
    type
        Its resource type.
    nodes
        All of them are met.
    """

    type: str
    nodes: tuple[Node, ...]

    def restrict(self, alias: str, allowed: Allowed) -> Sql:
        """The condition on a row of ``resource`` of this type, called ``alias``; it may be seen besides."""
        return both(
            (allowed.restrict(self.type, alias), *(node.check(alias, allowed) for node in self.nodes))
        )


def read_demand(text: str, where: str) -> Demand:
    """Read a type and its parameters; those of results (``_sort``, ``_count``, ...) have no place here.

    Raises
    ------
    SearchRefused
        It is not known, not supported or not understood.
    """
    type_, mark, query = text.partition("?")
    if not get_definitions().is_resource_type(type_):
        raise _refuse(where, text, "Type?parameter=value, of a resource type of FHIR R4")
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, strict_parsing=bool(query), errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )  # fmt: skip
    except ValueError:
        raise _refuse(where, text, "Type?parameter=value&...") from None
    if mark and not pairs:
        raise _refuse(where, text, "parameters after the question mark, or none")
    found = (read_criterion((type_,), name, value, "") for name, value in pairs)
    return Demand(type_, tuple(one.make_node() if isinstance(one, Criterion) else one for one in found))


def make_filters(demands: Sequence[Demand], allowed: Allowed) -> Callable[[str], Sql]:
    """The condition on records ``r`` of a type: any of the demands on it; of a type without demands all."""
    types = {demand.type for demand in demands}

    def restrict(type_: str) -> Sql:
        if type_ not in types:
            return TRUE
        return either(one.restrict("r", allowed) for one in demands if one.type == type_)

    return restrict


def _refuse(where: str, got: str, expected: str) -> SearchRefused:
    return SearchRefused(
        code="REC-215", where=where, got=show(got), expected=expected, fix="correct it", issue="invalid"
    )
