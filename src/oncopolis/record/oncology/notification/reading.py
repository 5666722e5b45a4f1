"""From the records of a patient to the values of the form."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from oncopolis.record.oncology.icdo3 import parse_morphology
from oncopolis.record.oncology.notification.tumours import find_incidence_date, list_tumours
from oncopolis.record.oncology.notification.values import (
    Resource,
    find_code,
    find_date,
    find_extension,
    is_reference_to,
    list_codings,
    list_profiles,
    show_concept,
)
from oncopolis.record.oncology.systems import BASIS, ICD10, ICDO3, IDENTIFIERS, normalise_identifier
from oncopolis.record.oncology.tnm import Category, parse_stage, parse_tnm

__all__ = ["Case", "read_cases"]

_MCODE: Final = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
_ICDO3: Final = (ICDO3, "http://hl7.org/fhir/sid/icd-o-3")
_DAY: Final = len("2000-01-01")
_SIDES: Final = {"24028007": "right", "7771000": "left", "51440002": "both sides", "399488007": "midline"}
_BASES: Final = {
    "399537006": "clinical",
    "21908-9": "clinical",
    "399588009": "pathological",
    "21902-2": "pathological",
}
_CATEGORIES: Final = {
    "t": "tnm-primary-tumor-category",
    "n": "tnm-regional-nodes-category",
    "m": "tnm-distant-metastases-category",
}
_TREATMENTS: Final = {
    "surgery": ("cancer-related-surgical-procedure",),
    "radiotherapy": ("radiotherapy-course-summary",),
    "systemic": ("cancer-related-medication-administration", "cancer-related-medication-request"),
}
_NOT_DONE: Final = ("entered-in-error", "not-done", "cancelled")


@dataclass(frozen=True, slots=True)
class Case:
    """One primary cancer of one patient.

    Parameters
    ----------
    values
        Item -> value; items the record does not have are not there.
    used
        Records the values are from, the patient and the condition first.
    """

    values: Mapping[str, str]
    used: tuple[Resource, ...] = field(repr=False)


def read_cases(resources: Sequence[Resource]) -> list[Case]:
    """Read every primary cancer of the one patient whose records these are."""
    patient = next((one for one in resources if one.get("resourceType") == "Patient"), {})
    return [
        _Reader(patient, condition, resources).read(number)
        for number, condition in enumerate(list_tumours(resources), start=1)
    ]


class _Reader:
    """One condition among the records of its patient."""

    def __init__(self, patient: Resource, condition: Resource, resources: Sequence[Resource]) -> None:
        self.patient, self.condition = patient, condition
        self.resources = [one for one in resources if one.get("status") not in _NOT_DONE]
        self.used: list[Resource] = [patient, condition]

    def read(self, sequence: int) -> Case:
        """Return the case; ``sequence`` is its place among the patient's cancers."""
        found = dict(
            pair
            for part in (
                self._person,
                self._tumour,
                self._stage,
                self._treatment,
                self._follow_up,
                self._source,
            )
            for pair in part()
        )
        values = {key: value for key, value in found.items() if value} | {"sequence": str(sequence)}
        return Case(values, tuple({id(one): one for one in self.used if one}.values()))

    def _person(self) -> Iterator[tuple[str, str | None]]:
        patient = self.patient
        name: Resource = next(iter(patient.get("name", ())), {})
        yield "family_name", name.get("family") or name.get("text")
        yield "given_names", " ".join(filter(None, name.get("given", ())))
        for one in patient.get("identifier", ()):
            is_national = one.get("system") in IDENTIFIERS
            value = normalise_identifier(one.get("system"), one.get("value", ""))
            yield "personal_number" if is_national else "record_number", value
        yield "sex", patient.get("gender")
        yield "birth_date", patient.get("birthDate")
        yield "address", _show_address(next(iter(patient.get("address", ())), {}))
        yield "ethnic_group", _find_ethnic_group(patient)

    def _tumour(self) -> Iterator[tuple[str, str | None]]:
        condition = self.condition
        yield "incidence_date", find_incidence_date(condition)
        evidence = [code for one in condition.get("evidence", ()) for code in one.get("code", ())]
        basis = next(filter(None, (find_code(one, (BASIS,)) for one in evidence)), None)
        yield "basis", basis or show_concept(next(iter(evidence), None))
        yield "icd10", find_code(condition.get("code"), (ICD10,))
        site = next(iter(condition.get("bodySite", ())), None)
        yield "topography", find_code(site, _ICDO3) or show_concept(site)
        side = find_extension(site or {}, f"{_MCODE}laterality-qualifier") or {}
        codes = [code for _, code, _ in list_codings(side.get("valueCodeableConcept"))]
        yield "laterality", next((_SIDES[code] for code in codes if code in _SIDES), None)
        told = (find_extension(condition, f"{_MCODE}histology-morphology-behavior") or {}).get(
            "valueCodeableConcept"
        )
        code = find_code(told, _ICDO3)
        morphology = parse_morphology(code or "")
        yield "morphology", (str(morphology) if morphology else code) or show_concept(told)
        yield "behaviour", morphology.behaviour if morphology else None
        graded = self._find(("histologic-grade",))
        yield (
            "grade",
            (morphology.grade if morphology else "")
            or show_concept((graded or {}).get("valueCodeableConcept")),
        )

    def _stage(self) -> Iterator[tuple[str, str | None]]:
        for key, profile in _CATEGORIES.items():
            found = self._find((profile,))
            if found:
                yield key, _show_category(key, found["valueCodeableConcept"])
        group = self._find(("tnm-stage-group",))
        summary = next((one.get("summary") for one in self.condition.get("stage", ())), None)
        yield "stage", _show_stage(group.get("valueCodeableConcept") if group else summary)
        codes = [code for _, code, _ in list_codings((group or {}).get("code"))]
        yield "stage_basis", next((_BASES[code] for code in codes if code in _BASES), None)
        yield "metastases", "; ".join(dict.fromkeys(self._list_metastases()))

    def _list_metastases(self) -> Iterator[str]:
        """Yield where the cancer has spread to, by the secondary cancers that name it or no other."""
        for one in self.resources:
            if "secondary-cancer-condition" in list_profiles(one):
                related = find_extension(one, f"{_MCODE}related-condition") or {}
                reference = related.get("valueReference")
                if reference is None or is_reference_to(reference, self.condition):
                    self.used.append(one)
                    site = next(iter(one.get("bodySite", ())), None)
                    yield find_code(site, _ICDO3) or show_concept(site) or show_concept(one.get("code"))

    def _treatment(self) -> Iterator[tuple[str, str | None]]:
        for key, profiles in _TREATMENTS.items():
            for profile in profiles:
                done = [
                    one for one in self.resources if profile in list_profiles(one) and self._is_of_it(one)
                ]
                first = min(done, key=lambda one: find_date(one) or "9", default=None)
                if first is not None:
                    self.used.append(first)
                    yield key, (find_date(first) or "")[:_DAY]
                    break

    def _follow_up(self) -> Iterator[tuple[str, str | None]]:
        patient = self.patient
        death = str(patient.get("deceasedDateTime", ""))[:_DAY]
        yield "death_date", death
        is_dead = bool(death) or patient.get("deceasedBoolean") is True
        yield (
            "vital_status",
            "dead" if is_dead else "alive" if patient.get("deceasedBoolean") is False else None,
        )
        dates = [date[:_DAY] for one in self.resources if (date := find_date(one))]
        yield "last_contact", death or max(dates, default=None)

    def _source(self) -> Iterator[tuple[str, str | None]]:
        yield "institution", self._name(self.patient.get("managingOrganization"))
        yield "doctor", self._name(self.condition.get("asserter") or self.condition.get("recorder"))
        yield "registration_date", str(self.condition.get("recordedDate", ""))[:_DAY]

    def _find(self, profiles: Iterable[str]) -> Resource | None:
        """Return the latest observation of a profile that is about the condition."""
        wanted = set(profiles)
        found = [
            one
            for one in self.resources
            if wanted & list_profiles(one) and "valueCodeableConcept" in one and self._is_of_it(one)
        ]
        latest = max(found, key=lambda one: find_date(one) or "", default=None)
        if latest is not None:
            self.used.append(latest)
        return latest

    def _is_of_it(self, resource: Resource) -> bool:
        """Tell whether something is about the condition, or says of no other that it is."""
        named = [
            one
            for one in (*resource.get("focus", ()), *resource.get("reasonReference", ()))
            if "Condition/" in one.get("reference", "")
        ]
        return not named or any(is_reference_to(one, self.condition) for one in named)

    def _name(self, reference: Resource | None) -> str | None:
        """Return what a reference is called: as it says, as the record says, else the reference."""
        if reference is None:
            return None
        found = next((one for one in self.resources if is_reference_to(reference, one)), None)
        if found is not None:
            self.used.append(found)
        name = (found or {}).get("name")
        if isinstance(name, list):
            name = " ".join([*name[0].get("given", ()), name[0].get("family", "")]).strip()
        return reference.get("display") or name or reference.get("reference")


def _show_address(address: Resource) -> str:
    parts = [
        *address.get("line", ()),
        *(address.get(name) for name in ("city", "district", "state", "postalCode", "country")),
    ]
    return str(address.get("text") or ", ".join(filter(None, parts)))


def _find_ethnic_group(patient: Resource) -> str | None:
    """Return the text of an extension whose address ends in ``ethnicity`` or ``nationality``."""
    for one in patient.get("extension", ()):
        if str(one.get("url", "")).lower().endswith(("ethnicity", "nationality")):
            texts = [
                part.get("valueString") for part in one.get("extension", ()) if part.get("url") == "text"
            ]
            return (
                next(iter(texts), None)
                or one.get("valueString")
                or show_concept(one.get("valueCodeableConcept"))
            )
    return None


def _list_words(concept: Resource | None) -> Iterator[str]:
    """Yield what may say a category or stage: codes, the text, words of displays."""
    for _, code, display in list_codings(concept):
        yield code
        yield from display.split()
    yield str((concept or {}).get("text", ""))


def _show_category(key: str, concept: Resource) -> str:
    for word in _list_words(concept):
        tnm = parse_tnm(word)
        category: Category | None = getattr(tnm, key) if tnm else None
        if category:
            return str(category)
    return show_concept(concept)


def _show_stage(concept: Resource | None) -> str:
    words = list(_list_words(concept))
    return next((stage for word in words if word and (stage := parse_stage(word))), "") or show_concept(
        concept
    )
