"""Who may see what, decided the slow way: record by record, from the JSON and the policy's own file.

Shares no code with the conditions it checks.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.resources import files
from typing import Any

import yaml

from oncopolis.record.access import Caller
from oncopolis.record.fhir.moments import find_stretch_ms

Record = Mapping[str, Any]
POLICY = yaml.safe_load((files("oncopolis.record.access") / "policy.yaml").read_text("utf-8"))
LAY = {"patient", "carer"}


class House:
    """Every record there is, and what follows from them."""

    def __init__(self, records: Mapping[tuple[str, str], Record], now_ms: int, default: str) -> None:
        self.records, self.now_ms, self.default = records, now_ms, default
        self._told: dict[tuple[Caller, str | None, str], bool] = {}
        """Answers that are the same for every record of a patient."""

    def _once(self, what: str, caller: Caller, patient: str | None, work: Callable[[], bool]) -> bool:
        key = (caller, patient, what)
        if key not in self._told:
            self._told[key] = work()
        return self._told[key]

    def see(self, caller: Caller, right: str, type_: str, glass: str | None = None) -> set[str]:
        return {
            id_
            for (t, id_), one in self.records.items()
            if t == type_ and self._may(caller, right, one, glass)
        }

    def _may(self, caller: Caller, right: str, record: Record, glass: str | None) -> bool:
        for label in POLICY["labels"]:
            closed = not set(label["roles"]) & caller.roles
            if closed and (label["system"], label["code"]) in set(list_codes(record.get("meta", {}))):
                return False
        return any(self._applies(rule, caller, right, record, glass) for rule in POLICY["rules"])

    def _applies(
        self, rule: Mapping[str, Any], caller: Caller, right: str, record: Record, glass: str | None
    ) -> bool:
        roles = set(rule["roles"]) & caller.roles
        types = {t for name in rule["types"] for t in POLICY["types"].get(name, [name])}
        purposes = rule.get("purposes", [])
        if not roles or right not in rule["may"] or record["resourceType"] not in types:
            return False
        if caller.purpose and purposes and caller.purpose not in purposes:
            return False
        if "program" in rule["roles"] and caller.scopes is None:
            return False
        if "only" in rule and tuple(rule["only"][1:]) not in set(list_codes(record.get("code", {}))):
            return False
        patient = get_patient(record)
        near = self._is_near(rule["whose"], caller, record, patient)
        if rule["whose"] == "clinic" and glass is not None and patient == glass:
            near = near or bool(roles & set(POLICY["glass"]))
        if near and set(rule["roles"]) <= LAY:
            return self._is_shown(caller, record, patient)
        return near

    def _is_near(self, whose: str, caller: Caller, record: Record, patient: str | None) -> bool:
        if whose == "any":
            return True
        if whose == "nobody" or patient is None:
            return whose == "nobody" and patient is None
        if whose == "clinic":
            return self._once("tie", caller, patient, lambda: self._is_tied(caller, patient))
        if whose == "own":
            return patient in caller.patients
        if whose == "carer":
            actor = f"{caller.who.kind}/{caller.who.id}"
            return patient in caller.patients and self._consents(patient, "carer", actor)
        agreed = self._once("agreed", caller, patient, lambda: self._consents(patient, "research", None))
        codes = {code for _, code in list_codes(record.get("meta", {}))}
        return agreed and (whose == "consented" or bool(codes & {"PSEUDED", "ANONYED"}))

    def _is_tied(self, caller: Caller, patient: str) -> bool:
        return any(self._ties(caller, one) for one in self.records.values() if get_patient(one) == patient)

    def _ties(self, caller: Caller, tie: Record) -> bool:
        row = next((one for one in POLICY["ties"] if one["type"] == tie["resourceType"]), None)
        if row is None or tie["status"] not in row["open"]:
            return False
        parties = set(list_parties(tie))
        mine = {f"Organization/{clinic}" for clinic in caller.clinics}
        if caller.practitioner:
            mine.add(f"Practitioner/{caller.practitioner}")
        places = {
            f"{type_}/{id_}"
            for (type_, id_), one in self.records.items()
            if type_ in ("Location", "HealthcareService")
            and {get(one, "managingOrganization"), get(one, "providedBy")} & mine
        }
        return bool(parties & (mine | places))

    def _consents(self, patient: str, category: str, actor: str | None) -> bool:
        for (type_, _), one in self.records.items():
            if type_ != "Consent" or get(one, "patient") != f"Patient/{patient}" or one["status"] != "active":
                continue
            codes = {pair for entry in one["category"] for pair in list_codes(entry)}
            provision = one.get("provision", {})
            actors = {get(each, "reference") for each in provision.get("actor", [])}
            if ("urn:oncopolis:consent", category) not in codes or (actor and actor not in actors):
                continue
            if "period" not in provision or self._is_now(provision["period"]):
                return True
        return False

    def _is_now(self, period: Mapping[str, str]) -> bool:
        low, high = find_stretch_ms(period["start"]), find_stretch_ms(period["end"])
        assert low is not None
        assert high is not None
        return low[0] <= self.now_ms <= high[1]

    def _is_shown(self, caller: Caller, record: Record, patient: str | None) -> bool:
        patients = [patient] if patient is not None else sorted(caller.patients)
        known = [one for one in patients if patient is not None or ("Patient", one) in self.records]
        if patients and all(
            self._once("told", caller, one, partial(self._was_told, one, caller)) for one in known
        ):
            return True
        shareable = ("urn:oncopolis:disclosure", "shareable") in set(list_codes(record.get("meta", {})))
        if record["resourceType"] not in POLICY["disclosure"]["harmless"] and not shareable:
            return False
        near = [self.records[key] for key in map(split, list_references(record)) if key in self.records]
        return not any(reveals(one) for one in (record, *near))

    def _was_told(self, patient: str, caller: Caller) -> bool:
        found = set()
        for (type_, _), one in self.records.items():
            if type_ == "Communication" and get(one, "subject") == f"Patient/{patient}":
                codes = {pair for entry in one["category"] for pair in list_codes(entry)}
                to = {each["reference"] for each in one["recipient"]}
                is_it = ("urn:oncopolis:disclosure", "diagnosis") in codes
                if is_it and f"{caller.who.kind}/{caller.who.id}" in to:
                    found.add(one["status"])
        return "completed" in found or (self.default == "disclosed" and "not-done" not in found)


def get(record: Record, name: str) -> str | None:
    found = record.get(name, {})
    return found.get("reference") if isinstance(found, dict) else None


def split(reference: str) -> tuple[str, str]:
    type_, _, id_ = reference.partition("/")
    return type_, id_


def get_patient(record: Record) -> str | None:
    if record["resourceType"] == "Patient":
        return str(record["id"])
    people = [get(record, name) for name in ("subject", "patient", "for", "beneficiary")]
    people += [get(one, "actor") for one in record.get("participant", []) if isinstance(one, dict)]
    return next((one.partition("/")[2] for one in people if one and one.startswith("Patient/")), None)


def list_parties(tie: Record) -> Iterator[str]:
    ends = {
        "EpisodeOfCare": ("managingOrganization", "careManager"),
        "Encounter": ("serviceProvider", "participant", "location"),
        "Appointment": ("participant",),
        "CareTeam": ("participant",),
        "ServiceRequest": ("performer", "requester"),
    }[tie["resourceType"]]
    for name in ends:
        yield from list_references(tie.get(name, {}))


def list_references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("reference"), str):
            yield node["reference"]
        for child in node.values():
            yield from list_references(child)
    elif isinstance(node, list):
        for child in node:
            yield from list_references(child)


def list_codes(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        if isinstance(node.get("code"), str) and isinstance(node.get("system"), str):
            yield node["system"], node["code"]
        for child in node.values():
            yield from list_codes(child)
    elif isinstance(node, list):
        for child in node:
            yield from list_codes(child)


def reveals(record: Record) -> bool:
    for system, code in list_codes(record):
        if (system, code) == ("urn:oncopolis:disclosure", "reveals"):
            return True
        if any(system == s and code.startswith(str(start)) for s, start in POLICY["disclosure"]["revealing"]):
            return True
    return False
