"""Biobank and collections by the profiles of MIABIS on FHIR."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from oncopolis.interop.miabis.codes import ICD10, MEMBER, make_concept, make_extension, name_profile
from oncopolis.interop.miabis.description import Biobank, Collection, Described
from oncopolis.interop.miabis.telling import make_id

_STANDARD = "miabis-quality-management-standard-extension"


@dataclass(slots=True)
class Content:
    """What is in a collection, as it is told.

    Parameters
    ----------
    donors
        Ids of those who gave.
    samples
        Ids of its samples.
    ages
        Youngest and oldest at collection, years; None while no age is known.
    """

    donors: set[int] = field(default_factory=set)
    samples: list[str] = field(default_factory=list)
    sexes: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    temperatures: set[str] = field(default_factory=set)
    diagnoses: set[str] = field(default_factory=set)
    conditions: set[str] = field(default_factory=set)
    ages: tuple[int, int] | None = None

    def add_age(self, years: int) -> None:
        """Count an age."""
        low, high = self.ages or (years, years)
        self.ages = (min(low, years), max(high, years))


def to_biobank(bank: Biobank) -> list[dict[str, Any]]:
    """Who answers for the biobank by law, and the biobank."""
    person = make_id("juristic person", bank.juristic_person)
    extensions = [
        *_list_concepts("infrastructural-capabilities", bank.infrastructure),
        *_list_concepts("organisational-capabilities", bank.organisation),
        *_list_concepts("bioprocessing-and-analytical-capabilities", bank.processing),
        *(make_extension(_STANDARD, "String", one) for one in bank.standards),
        _describe(bank),
    ]  # fmt: skip
    return [
        {
            "resourceType": "Organization", "id": person,
            "meta": {"profile": [name_profile("miabis-juristic-person")]},
            "identifier": [{"value": bank.juristic_person}], "name": bank.juristic_person,
        },
        _make_organization("miabis-biobank", bank, extensions) | {
            "partOf": {"reference": f"Organization/{person}"},
        },
    ]  # fmt: skip


def to_collection(
    bank: Biobank, one: Collection, content: Content, n_donors: int | None
) -> list[dict[str, Any]]:
    """A collection: its Organization, and the Group with what is in it.

    Parameters
    ----------
    n_donors
        How many gave; None for too few to be told.
    """
    prefix = "miabis-"
    extensions = [
        make_extension(
            "miabis-collection-dataset-type-extension", "CodeableConcept",
            make_concept("miabis-collection-dataset-typeCS", kind),
        )
        for kind in one.dataset_types
    ]  # fmt: skip
    extensions += _list_concepts("sample-source", ("Human",))
    extensions += _list_concepts("sample-collection-setting", (one.setting,))
    extensions += _list_concepts("collection-design", one.designs)
    extensions += _list_concepts("use-and-access-conditions", sorted(content.conditions))
    extensions += [
        make_extension(f"{prefix}publications-extension", "String", text) for text in one.publications
    ]
    extensions.append(_describe(one))
    organization = _make_organization("miabis-collection-organization", one, extensions, of_collection=True)
    organization["partOf"] = {"reference": f"Organization/{bank.id}"}
    group: dict[str, Any] = {
        "resourceType": "Group", "id": one.id, "meta": {"profile": [name_profile("miabis-collection")]},
        "extension": [*_list_concepts("inclusion-criteria", one.criteria)],
        "identifier": [{"value": one.id}], "active": True, "type": "person", "actual": True, "name": one.name,
        "managingEntity": {"reference": f"Organization/{organization['id']}"},
        "characteristic": list(_list_characteristics(content)),
    }  # fmt: skip
    if n_donors is not None:
        group["extension"].append(make_extension("miabis-number-of-subjects-extension", "Integer", n_donors))
    group["extension"] += [
        {"url": MEMBER, "valueReference": {"reference": f"Specimen/{id_}"}} for id_ in content.samples
    ]
    return [organization, group]


def _list_characteristics(content: Content) -> Iterator[dict[str, Any]]:
    if content.ages is not None:
        low, high = ({"value": years, "unit": "years"} for years in content.ages)
        yield _characterize("Age") | {"valueRange": {"low": low, "high": high}}
    for name, system, codes in (
        ("Sex", "http://hl7.org/fhir/administrative-gender", content.sexes),
        ("StorageTemperature", "miabis-storage-temperature-cs", content.temperatures),
        ("MaterialType", "miabis-collection-sample-type-cs", content.types),
        ("Diagnosis", ICD10, content.diagnoses),
    ):
        for code in sorted(codes):
            yield _characterize(name) | {"valueCodeableConcept": make_concept(system, code)}


def _characterize(name: str) -> dict[str, Any]:
    return {"code": make_concept("miabis-characteristicCS", name), "exclude": False}


def _list_concepts(name: str, codes: Iterable[str]) -> list[dict[str, Any]]:
    return [
        make_extension(f"miabis-{name}-extension", "CodeableConcept", make_concept(f"miabis-{name}-cs", code))
        for code in codes
    ]


def _describe(one: Described) -> dict[str, Any]:
    return make_extension("miabis-organization-description-extension", "String", one.description)


def _make_organization(
    profile: str, one: Described, extensions: Sequence[dict[str, Any]], *, of_collection: bool = False
) -> dict[str, Any]:
    contact = one.contact
    telecom = [{"system": "email", "value": contact.email}]
    telecom += [{"system": "phone", "value": contact.phone}] if contact.phone else []
    told: dict[str, Any] = {
        "resourceType": "Organization", "id": f"{one.id}-org" if of_collection else one.id,
        "meta": {"profile": [name_profile(profile)]}, "extension": list(extensions),
        "identifier": [{"value": one.id}], "active": True, "name": one.name,
        "address": [{"country": one.country}],
        "contact": [{"name": {"family": contact.family, "given": [contact.given]}, "telecom": telecom}],
    }  # fmt: skip
    if one.acronym:
        told["alias"] = [one.acronym]
    if one.url:
        told["telecom"] = [{"system": "url", "value": one.url}]
    return told
