"""What can be searched, told from the code: for the CapabilityStatement and for the documentation."""

from collections.abc import Iterator
from functools import cache

from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.search.asking import LARGEST_PAGE, MOST_PARAMETERS, PAGE, RESULT_PARAMETERS
from oncopolis.record.search.criteria import MOST_IDS, MOST_LINKS, MOST_VALUES, UNSUPPORTED
from oncopolis.record.search.including import MOST_INCLUDED
from oncopolis.record.search.ordering import MOST_KEYS
from oncopolis.record.search.parameters import (
    KEY_COLUMNS,
    MODIFIERS,
    NEEDS_TERMINOLOGY,
    PREFIXES,
    WITH_PREFIXES,
    Parameter,
    list_modifiers,
    list_parameters,
    list_targets,
)


def describe(parameter: Parameter) -> str:
    """Modifiers and prefixes of a parameter in one line; empty if it has none."""
    names = [name for name in list_modifiers(parameter) if not name[0].isupper()]
    if parameter.kind == "reference":
        names.append("[type]")
    parts = [f":{name}" for name in names]
    if parameter.kind in WITH_PREFIXES:
        parts += PREFIXES
    return " ".join(parts)


def list_includes(type_: str) -> list[str]:
    """What ``_include`` may name of a type."""
    return [f"{type_}:{one.code}" for one in list_parameters(type_) if one.kind == "reference"]


@cache
def list_reverse_includes(type_: str) -> tuple[str, ...]:
    """What ``_revinclude`` may name for a type."""
    return tuple(
        f"{source}:{one.code}"
        for source in get_definitions().resource_types
        for one in list_parameters(source)
        if one.kind == "reference" and type_ in list_targets(one)
    )


def make_reference_page() -> str:
    """The page of the documentation that says what can be searched and what cannot, as Markdown."""
    return "\n".join(_write_page()) + "\n"


def _write_page() -> Iterator[str]:
    yield "# FHIR search"
    yield ""
    yield (
        "What a search of the record understands. This page is made from the code; the CapabilityStatement "
        "(`GET /fhir/metadata`) says the same for programs. How results are ordered, paged and counted is "
        "told in [How search works](../explanation/how_search_works.md)."
    )
    yield ""
    yield "## Kinds of parameters"
    yield ""
    yield "| Kind | Modifiers | Prefixes | Sorts |"
    yield "| --- | --- | --- | --- |"
    for kind, names in MODIFIERS.items():
        shown = " ".join(f"`:{name}`" for name in names) or "none"
        prefixes = " ".join(f"`{name}`" for name in PREFIXES) if kind in WITH_PREFIXES else "none"
        yield f"| {kind} | {shown} | {prefixes} | {'yes' if kind in KEY_COLUMNS else 'no'} |"
    yield ""
    yield "`:of-type` is for identifiers. Chains (`subject:Patient.name`) and `_has` go over every reference."
    yield ""
    yield "## Parameters about the answer"
    yield ""
    yield " ".join(f"`{name}`" for name in RESULT_PARAMETERS) + " `_format` `_pretty`"
    yield ""
    yield "## Not supported"
    yield ""
    yield "| Asked | Instead |"
    yield "| --- | --- |"
    for name, instead in UNSUPPORTED.items():
        yield f"| `{name}` | {instead} |"
    terms = " ".join(f"`:{name}`" for name in sorted(NEEDS_TERMINOLOGY))
    yield f"| {terms} of tokens | codes one by one: there is no terminology server |"
    yield "| `_contained=true` | containers only |"
    yield "| compartments other than that of a Patient | the parameters that name the record |"
    yield ""
    yield "## Limits"
    yield ""
    yield "| What | At most |"
    yield "| --- | --- |"
    for what, most in _LIMITS:
        yield f"| {what} | {most} |"
    yield ""
    yield "## Parameters by type"
    for type_ in get_definitions().resource_types:
        yield ""
        yield f"### {type_}"
        yield ""
        yield ", ".join(f"`{one.code}` ({one.kind})" for one in list_parameters(type_))


_LIMITS = (
    ("parameters of a question", MOST_PARAMETERS),
    ("values of a parameter", MOST_VALUES),
    ("values of `_id`", MOST_IDS),
    ("links of a chain, `_has` among them", MOST_LINKS),
    ("keys of an order", MOST_KEYS),
    (f"matches of a page ({PAGE} unless `_count` says otherwise)", LARGEST_PAGE),
    ("records that come along with a page", MOST_INCLUDED),
)
