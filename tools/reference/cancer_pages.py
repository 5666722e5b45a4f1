"""What `$validate` checks and does not, the codes and numbers it knows, and the form of the notification."""

from collections import Counter
from collections.abc import Iterable, Iterator

from oncopolis.record.fhir.validating.exclusions import EXCLUSIONS
from oncopolis.record.fhir.validating.natively import NATIVE, REWORDED
from oncopolis.record.fhir.validating.profiles import Node, Profile, get_profiles
from oncopolis.record.fhir.validating.rules import get_rules
from oncopolis.record.oncology import IDENTIFIERS, SYSTEMS
from oncopolis.record.oncology.identifiers import korea, russia, uzbekistan
from oncopolis.record.oncology.notification import ITEMS, VARIANTS, items
from reference.markdown import to_code, to_page, to_table

_ABOUT = """
`$validate` tells what is wrong with a resource, sent or stored, without storing anything. Writes are checked
against the base definitions only (types, cardinality, formats, required codes of `code` elements);
invariants, references and profiles are checked on request.
"""
_FORM = """
`GET Patient/[id]/$cancer-notification` answers with a document of this form, one part for each primary
cancer; `oncopolis.record.oncology.notification` gives the same as rows. Items that the record lacks are
findings: errors where the item is essential, warnings where it is recommended, notes where it is optional.
"""
_NATIONAL = """
None of the national forms below was opened. Compare the mapping with the form in force before sending one.
"""


def list_pages() -> Iterator[tuple[str, str]]:
    """Yield the pages of validation of records and of the notification."""
    yield "validating_records.md", _to_validating_page()
    yield "cancer_notification.md", _to_notification_page()


def _to_validating_page() -> str:
    rules, profiles = get_rules(), get_profiles()
    keys = {rule.key for of_path in rules.invariants.values() for rule in of_path}
    found = [profile for url in profiles.urls if (profile := profiles.find(url))]
    source = "{name} {version} ({license})"
    return to_page(
        "What is validated",
        _ABOUT,
        "## Base definitions",
        f"{len(keys)} invariants of {source.format(**rules.provenance)}, by fhirpathpy; of them "
        f"{_list(NATIVE)} in Python and {_list(REWORDED)} with types named as fhirpathpy knows them.",
        f"{len(rules.bindings)} required bindings beyond those of writes; types that references mean.",
        "## Profiles",
        f"{len(found)} profiles and extensions of {source.format(**profiles.provenance)}.",
        to_table(("profile", "type", "rules it adds", "must support"), map(_to_row, found)),
        "## What is not checked",
        to_table(("what", "it would take", "instead"), ((e.what, e.why, e.instead) for e in EXCLUSIONS)),
        "## Codes whose form is checked (warnings)",
        to_table(("system", "check"), ((to_code(url), to_code(f.__name__)) for url, f in SYSTEMS.items())),
        "## National numbers (warnings)",
        to_table(
            ("system", "check"), ((to_code(url), to_code(f.__name__)) for url, f in IDENTIFIERS.items())
        ),
        *(module.__doc__ or "" for module in (uzbekistan, russia, korea)),
        "Numbers may be written with spaces and hyphens; their normal form is digits alone. Messages never "
        "repeat a number.",
    )


def _list(keys: Iterable[str]) -> str:
    return ", ".join(map(to_code, sorted(keys)))


def _to_row(profile: Profile) -> tuple[object, ...]:
    counts: Counter[str] = Counter()
    _count(profile.root, counts)
    return profile.title, profile.type, counts["rules"], counts["supported"]


def _count(node: Node, counts: Counter[str]) -> None:
    told = (node.min, node.max is not None, node.types, node.fixed, node.pattern, node.targets, node.binding)
    counts["rules"] += sum(map(bool, told)) + len(node.invariants)
    counts["supported"] += node.is_supported
    for child in node.children:
        _count(child, counts)


def _to_notification_page() -> str:
    rows = ((to_code(i.key), i.section, i.label, i.need, i.source, i.place) for i in ITEMS)
    forms = (
        (v.code, v.name, v.rule, "yes" if v.is_opened else "no", v.source, ", ".join(v.by_hand))
        for v in VARIANTS.values()
    )
    labels = ((to_code(i.key), *(v.labels.get(i.key, "") for v in VARIANTS.values())) for i in ITEMS)
    return to_page(
        "The notification of a cancer",
        _FORM,
        (items.__doc__ or "").partition("\n\n")[2],
        to_table(("item", "part", "label", "need", "source", "where the record has it"), rows),
        "## National forms",
        _NATIONAL,
        to_table(("country", "form", "rule", "opened", "items from", "by hand"), forms),
        to_table(("item", *VARIANTS), labels),
    )
