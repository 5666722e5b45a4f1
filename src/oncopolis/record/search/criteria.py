"""One parameter of a question: its name may walk along references, forwards (chains) or back (``_has``)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.search.composites import make_composite
from oncopolis.record.search.leaves import make_node
from oncopolis.record.search.nodes import Chain, Has, Node
from oncopolis.record.search.parameters import Parameter, find_parameter, list_codes, list_targets
from oncopolis.record.search.refusing import (
    SearchRefused,
    refuse_cost,
    refuse_unsupported,
    refuse_value,
    show,
    show_name,
)
from oncopolis.record.search.splitting import split

MOST_LINKS: Final = 5  # structure: links of a chain, forwards and back together
MOST_VALUES: Final = 200  # structure: values of a parameter
MOST_IDS: Final = 1000  # structure: values of `_id`, which cost least
HAS: Final = "_has"
_HAS_PARTS: Final = 3  # structure: type, reference parameter, and what is asked of it

UNSUPPORTED: Final = {
    "_text": "no full text of narratives is kept; ask :text or :contains of a parameter",
    "_content": "no full text of records is kept; ask :text or :contains of a parameter",
    "_filter": "ordinary parameters, which can say the same in most cases",
    "_query": "ordinary parameters: there are no named queries",
    "_containedType": "containers only: contained resources are not found by themselves",
    "near": "address parameters: there is no search by distance",
}
"""What FHIR knows and this server does not do, and what to ask instead."""


class UnknownParameter(SearchRefused):
    """A name that no search parameter of the type has; who asks leniently may have it left out."""

    def __init__(self, name: str, where: str, types: tuple[str, ...]) -> None:
        known = ", ".join(list_codes(types))
        shown = types[0] if len(types) == 1 else "all types that are searched"
        super().__init__(
            code="REC-200",
            where=show_name(where),
            got=f"the parameter {show(name)}",
            expected=f"one of {shown}: {known}",
            fix="correct the name or leave it out",
            issue="not-supported",
        )

    def __reduce__(self) -> tuple[object, ...]:
        return SearchRefused, (), self.__dict__


@dataclass(frozen=True, slots=True)
class Criterion:
    """A parameter with its values, as far as one record is concerned.

    Parameters
    ----------
    where
        The name as it was written.
    values
        Still escaped; any of them may match.
    """

    parameter: Parameter
    modifier: str
    values: tuple[str, ...]
    where: str

    def make_node(self) -> Node:
        """The demand."""
        if self.parameter.kind == "composite":
            return make_composite(self.parameter, self.modifier, self.values, self.where)
        return make_node(self.parameter, self.modifier, self.values, self.where)


def read_criterion(types: tuple[str, ...], name: str, value: str, base: str) -> Criterion | Node:
    """Read a parameter; what walks along references is a node already.

    Parameters
    ----------
    types
        Types that are searched.
    base
        Our own address, which a reference may begin with.

    Raises
    ------
    SearchRefused
        It is not known, not supported or not understood.
    """
    return _read(types, name, value, base, name, MOST_LINKS)


def _read(
    types: tuple[str, ...], name: str, value: str, base: str, where: str, links: int
) -> Criterion | Node:
    if links < 0:
        raise refuse_cost(where, "a longer chain", f"at most {MOST_LINKS} links", "ask in two steps")
    if name.startswith(f"{HAS}:"):
        return _read_has(types, name, value, base, where, links)
    head, point, rest = name.partition(".")
    code, _, modifier = head.partition(":")
    if code in UNSUPPORTED:
        raise refuse_unsupported(where, f"the parameter {code}", UNSUPPORTED[code])
    if code == "_list" and not point and not modifier:
        if value.startswith("$"):
            raise refuse_unsupported(where, show(value), "the id of a List: functional lists are not kept")
        return _read_has(types, "_has:List:item:_id", value, base, where, links)
    parameter = find_parameter(types, code)
    if parameter is None:
        raise UnknownParameter(code, where, types)
    if point:
        return _read_chain(parameter, modifier, rest, value, base, where, links)
    return Criterion(parameter, modifier, _read_values(parameter, value, base, where), where)


def _read_values(parameter: Parameter, value: str, base: str, where: str) -> tuple[str, ...]:
    values = split(value, ",")
    most = MOST_IDS if parameter.code == "_id" else MOST_VALUES
    if len(values) > most:
        raise refuse_cost(where, f"{len(values)} values", f"at most {most}", "ask in parts")
    if not all(values):
        raise refuse_value(where, value, "a value, or several with commas between them")
    if parameter.kind == "reference":
        return tuple(one.removeprefix(f"{base}/") if base else one for one in values)
    return tuple(values)


def _make(found: Criterion | Node) -> Node:
    return found.make_node() if isinstance(found, Criterion) else found


def _read_chain(
    parameter: Parameter, modifier: str, rest: str, value: str, base: str, where: str, links: int
) -> Node:
    if parameter.kind != "reference":
        raise _refuse_chain(
            where, f"a point after {parameter.code}, a {parameter.kind}", "a reference before it"
        )
    targets = _list_chained(parameter, modifier, rest, where)
    return Chain(parameter.numbers, targets, _make(_read(targets, rest, value, base, where, links - 1)))


def _list_chained(parameter: Parameter, modifier: str, rest: str, where: str) -> tuple[str, ...]:
    """Types a link leads to: the one that is named, or all that have what is asked next."""
    targets = list_targets(parameter)
    if modifier:
        if modifier not in targets:
            raise _refuse_chain(where, f":{modifier[:40]}", f"one of {', '.join(targets)}")
        return (modifier,)
    if rest.startswith(f"{HAS}:"):
        return tuple(targets)
    code = rest.partition(".")[0].partition(":")[0]
    known = [(target, found) for target in targets if (found := find_parameter((target,), code)) is not None]
    if not known:
        raise UnknownParameter(code, where, tuple(targets))
    if len({found.kind for _, found in known}) > 1:
        raise _refuse_chain(
            where, f"{code} of several types, which differ", f"{parameter.code}:Type.{code}, naming the type"
        )
    return tuple(target for target, _ in known)


def _read_has(types: tuple[str, ...], name: str, value: str, base: str, where: str, links: int) -> Node:
    parts = name.split(":", _HAS_PARTS)[1:]
    if len(parts) < _HAS_PARTS or not get_definitions().is_resource_type(parts[0]):
        raise _refuse_chain(where, show(name), "_has:Type:reference:parameter")
    source, code, rest = parts
    link = find_parameter((source,), code)
    if link is None:
        raise UnknownParameter(code, where, (source,))
    if link.kind != "reference" or not _may_point(link, types):
        raise _refuse_chain(where, f"{source}:{code}", f"a reference of {source} to {types[0]}")
    node = _make(_read((source,), rest, value, base, where, links - 1))
    return Has(types, link.numbers, (source,), node)


def _may_point(link: Parameter, types: Sequence[str]) -> bool:
    return not link.targets or any(type_ in link.targets for type_ in types)


def _refuse_chain(where: str, got: str, expected: str) -> SearchRefused:
    return SearchRefused(
        code="REC-207", where=show_name(where), got=got, expected=expected, fix="correct the chain"
    )
