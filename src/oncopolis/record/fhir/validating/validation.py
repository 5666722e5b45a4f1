"""Everything that is checked about one resource."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from oncopolis.record.fhir.checking import check_resource
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.validating.bindings import check_bindings
from oncopolis.record.fhir.validating.coding import check_coding
from oncopolis.record.fhir.validating.conformance import check_profile
from oncopolis.record.fhir.validating.invariants import check_invariants
from oncopolis.record.fhir.validating.profiles import CANONICAL, get_profiles
from oncopolis.record.fhir.validating.remarks import Remark
from oncopolis.record.fhir.validating.targets import check_targets
from oncopolis.record.fhir.validating.walking import Spot, walk

__all__ = ["is_known", "validate"]

_BASE: Final = "http://hl7.org/fhir/StructureDefinition/"
_ORDER: Final = ("error", "warning", "information")


def validate(resource: Mapping[str, Any], profiles: Sequence[str] = ()) -> list[Remark]:
    """Remarks about a resource as `text.parse` gives it, the worst first.

    Parameters
    ----------
    profiles
        URLs of profiles it has to conform to, beside those it says it does.
    """
    issues = check_resource(resource)
    remarks = [
        Remark("error", issue.code, issue.path, "base", f"got {issue.got}, expected {issue.expected}")
        for issue in issues
    ]
    if any(issue.code == "structure" for issue in issues):
        text = "rules and profiles are not checked before the structure is mended"
        return [*remarks, Remark("information", "not-supported", remarks[0].path, "base", text)]
    spots = list(walk(resource))
    remarks += check_bindings(spots)
    remarks += check_targets(spots)
    remarks += check_coding(spots)
    remarks += check_invariants(spots)
    remarks += _check_profiles(spots, profiles)
    remarks += _check_extensions(spots)
    return sorted(dict.fromkeys(remarks), key=lambda remark: _ORDER.index(remark.severity))


def _check_profiles(spots: Iterable[Spot], asked: Sequence[str]) -> Iterator[Remark]:
    """Check every resource by the profiles it claims, the outermost by those that were asked for, too."""
    for number, spot in enumerate(spots):
        if spot.value is None or not isinstance(spot.value, dict) or "resourceType" not in spot.value:
            continue
        claimed = spot.value.get("meta", {}).get("profile", ())
        for url in dict.fromkeys([*(asked if not number else ()), *filter(None, claimed)]):
            yield from _check_profile(url, spot)


def is_known(url: str) -> bool:
    """Whether a URL is that of a profile that can be checked, or of a resource type itself."""
    return get_profiles().find(url) is not None or _find_type(url) is not None


def _find_type(url: str) -> str | None:
    """Return the resource type whose definition a URL names."""
    name = url.partition("|")[0].removeprefix(_BASE)
    return name if get_definitions().is_resource_type(name) else None


def _check_profile(url: str, spot: Spot) -> Iterator[Remark]:
    profiles = get_profiles()
    profile, type_ = profiles.find(url), _find_type(url)
    known = profiles.provenance["version"]
    if type_ is not None:
        if type_ != spot.type:
            yield Remark("error", "structure", spot.place, type_, f"got {spot.type}, expected {type_}")
    elif profile is None:
        yield Remark(
            "information", "not-supported", spot.place, url, "not checked: the profile is not known here"
        )
    elif profile.type != spot.type:
        text = f"got {spot.type}, expected {profile.type}: the profile is for that type"
        yield Remark("error", "structure", spot.place, profile.name, text)
    else:
        version = url.partition("|")[2]
        if version and version != known:
            text = f"checked by version {known}, not by {version}"
            yield Remark("information", "not-supported", spot.place, profile.name, text)
        yield from check_profile(profile, spot)


def _check_extensions(spots: Iterable[Spot]) -> Iterator[Remark]:
    """Check extensions of mCODE wherever they stand."""
    for spot in spots:
        if spot.type != "Extension" or not isinstance(spot.value, dict):
            continue
        url = spot.value.get("url", "")
        profile = get_profiles().find(url)
        if profile is not None and profile.type == "Extension":
            yield from check_profile(profile, spot)
        elif url.startswith(CANONICAL):
            yield Remark(
                "error", "value", f"{spot.place}.url", "mcode", f"got {url}, expected an extension of mCODE"
            )
