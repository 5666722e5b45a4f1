"""Reading parts of FHIR resources as a form needs them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = [
    "Resource",
    "find_code",
    "find_date",
    "find_extension",
    "is_reference_to",
    "list_codings",
    "list_profiles",
    "show_concept",
]

Resource = Mapping[str, Any]

_DATES = ("performed", "effective", "onset", "occurrence")


def list_codings(concept: Resource | None) -> Iterator[tuple[str, str, str]]:
    """Yield (system, code, display) of a CodeableConcept."""
    for coding in (concept or {}).get("coding", ()):
        if "code" in coding:
            yield coding.get("system", ""), coding["code"], coding.get("display", "")


def find_code(concept: Resource | None, systems: Sequence[str]) -> str | None:
    """Return the first code of one of some systems."""
    return next((code for system, code, _ in list_codings(concept) if system in systems), None)


def show_concept(concept: Resource | None) -> str:
    """Return a concept as a cell shows it: ``system|code``, else its text, else nothing."""
    coded = next((f"{system}|{code}" for system, code, _ in list_codings(concept)), "")
    return coded or str((concept or {}).get("text", ""))


def find_extension(element: Resource, url: str) -> Resource | None:
    """Return the first extension of an element with a URL."""
    return next((one for one in element.get("extension", ()) if one.get("url") == url), None)


def list_profiles(resource: Resource) -> set[str]:
    """Names of the mCODE profiles a resource claims, without ``mcode-``."""
    claimed = resource.get("meta", {}).get("profile", ())
    marker = "/us/mcode/StructureDefinition/mcode-"
    return {url.partition(marker)[2].partition("|")[0] for url in claimed if marker in url}


def find_date(resource: Resource) -> str | None:
    """Return when something was done or seen, its start where it lasted."""
    for name in _DATES:
        if f"{name}DateTime" in resource:
            return str(resource[f"{name}DateTime"])
        start = resource.get(f"{name}Period", {}).get("start")
        if start:
            return str(start)
    authored = resource.get("authoredOn") or resource.get("period", {}).get("start")
    return str(authored) if authored else None


def is_reference_to(reference: Resource, resource: Resource) -> bool:
    """Tell whether a reference means a resource of the same bundle."""
    text = str(reference.get("reference", "")).partition("/_history/")[0]
    name = f"{resource.get('resourceType')}/{resource.get('id')}"
    return text == name or text.endswith(f"/{name}")
