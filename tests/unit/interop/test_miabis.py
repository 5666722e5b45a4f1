"""MIABIS on FHIR: what is told has the profiles' elements, of those who agree only, and comes back."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.banks import NOON_MS, act, keep, make_room, make_tissue
from tests.unit.web.calling import Client

from oncopolis.biobank.importing.bringing import import_rows
from oncopolis.biobank.performing import Bank
from oncopolis.cli.entry import oncopolis
from oncopolis.foundation import OncopolisError
from oncopolis.interop.miabis.codes import (
    find_collection_type,
    find_kind,
    find_temperature,
    find_type,
    get_codes,
)
from oncopolis.interop.miabis.description import load_description
from oncopolis.interop.miabis.listing import list_records
from oncopolis.interop.miabis.reading import read_resources, read_samples
from oncopolis.record.biobank.specimens import Consent, Donor, Form
from oncopolis.record.fhir.text import parse, to_text
from oncopolis.record.fhir.validating import validate
from oncopolis.record.store import open_store

EARLY_MS = 1_600_000_000_000
PASSED: dict[str, Any] = {"collected_ms": EARLY_MS, "made_ms": EARLY_MS, "frozen_ms": EARLY_MS}
BARE: dict[str, Any] = {"site": "", "diagnosis": "", **PASSED}
BASE = "https://fhir.bbmri-eric.eu"
ABOUT = """
id: onco-bank
name: Biobank of the centre
acronym: OB
url: https://bank.example.org
country: UZ
contact: {given: Aida, family: Karimova, email: bank@example.org}
description: Tissues of patients with cancer
juristic_person: Cancer Centre
standards: [ISO 20387]
collections:
  - id: col-breast
    name: Breast
    country: UZ
    contact: {given: Aida, family: Karimova, email: bank@example.org}
    description: Breast cancer
    gathers: [breast]
    dataset_types: [Clinical]
    designs: [DiseaseSpecificCohort]
  - id: col-rest
    name: All else
    country: UZ
    contact: {given: Aida, family: Karimova, email: bank@example.org}
    description: Whatever was left
    gathers: [""]
    dataset_types: [Other]
"""


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    """Eleven donors who agree and one who does not; an aliquot, and one for diagnosis."""
    (tmp_path / "about.yaml").write_text(ABOUT, "utf-8")
    with open_store(f"sqlite:///{tmp_path / 'bank.db'}?synchronous=OFF") as store:
        room = make_room(4, 2)
        donors = [Donor(n, f"D{n:04d}", None, "female" if n % 2 else "male", 1950 + n) for n in range(1, 13)]
        consents = [Consent(n, n, 1, 3, 0) for n in range(1, 12)]
        tissues = [
            make_tissue(n, 102 if n < 7 else 103, n % 6, donor=n, collection="breast", **PASSED)
            for n in range(1, 13)
        ]
        keep(store, [*room, *donors, Form(1, "broad", 1, 7, "0" * 64, 0), *consents, *tissues])
        keep(store, [
            make_tissue(20, 202, 0, donor=1, parent=1, root=1, kind="PL1", unit="nl", **BARE),
            make_tissue(21, None, None, donor=2, inventory="diagnostic"),
        ])  # fmt: skip
        yield Bank(store)


def list_all(
    bank: Bank, tmp_path: Path, *, with_samples: bool = True, with_events: bool = False
) -> list[Any]:
    found: list[dict[str, Any]] = []
    about = load_description(tmp_path / "about.yaml")
    bank.ask(
        lambda books: list_records(
            books, about, with_samples=with_samples, with_events=with_events, add=found.append
        )
    )
    return found


def of(records: list[Any], profile: str) -> list[Any]:
    address = f"{BASE}/StructureDefinition/{profile}"
    return [one for one in records if address in one.get("meta", {}).get("profile", ())]


REQUIRED: dict[str, tuple[Callable[[Any], object], ...]] = {
    "miabis-sample": (
        lambda one: one["accessionIdentifier"]["value"],
        lambda one: one["type"]["coding"][0]["code"] in get_codes()["types"].values(),
        lambda one: one["subject"]["reference"].startswith("Patient/"),
    ),
    "miabis-sample-donor": (lambda one: len(one["identifier"]) == 1, lambda one: one["gender"]),
    "miabis-observation": (
        lambda one: len(one["identifier"]) == 1, lambda one: one["subject"],
        lambda one: one["valueCodeableConcept"]["coding"][0]["system"] == "http://hl7.org/fhir/sid/icd-10",
    ),
    "miabis-collection": (
        lambda one: len(one["identifier"]) == 1, lambda one: one["name"], lambda one: one["type"] == "person",
        lambda one: one["managingEntity"]["reference"] == f"Organization/{one['id']}-org",
        lambda one: {"Sex", "MaterialType"}
        <= {each["code"]["coding"][0]["code"] for each in one["characteristic"]} or one["id"] == "col-rest",
    ),
    "miabis-collection-organization": (
        lambda one: one["partOf"]["reference"] == "Organization/onco-bank", lambda one: one["name"],
        lambda one: one["contact"][0]["name"]["family"], lambda one: one["contact"][0]["name"]["given"],
        lambda one: one["contact"][0]["telecom"], lambda one: one["address"][0]["country"] == "UZ",
    ),
    "miabis-biobank": (
        lambda one: len(one["identifier"]) == 1, lambda one: one["name"], lambda one: one["alias"] == ["OB"],
        lambda one: one["contact"][0]["telecom"], lambda one: one["address"][0]["country"] == "UZ",
    ),
}  # fmt: skip
"""What the published profiles require: profile -> what each record of it must have."""


def test_what_is_told_has_what_the_profiles_require(bank: Bank, tmp_path: Path) -> None:
    records = list_all(bank, tmp_path)
    for profile, rules in REQUIRED.items():
        found = of(records, profile)
        assert found, profile
        assert all(rule(one) for one in found for rule in rules), profile
    for one in records:
        told = [each for each in validate(parse(to_text(one))) if each.severity == "error"]
        assert told == [], (one["resourceType"], told)
    known = {f"{one['resourceType']}/{one['id']}" for one in records}
    assert len(known) == len(records)
    assert {one["subject"]["reference"] for one in of(records, "miabis-sample")} <= known


def test_nobody_is_told_who_does_not_agree_nor_what_is_for_diagnosis(bank: Bank, tmp_path: Path) -> None:
    text = json.dumps(list_all(bank, tmp_path), default=str)
    assert "D0012" not in text
    assert "S00012" not in text
    assert "S00021" not in text
    keep(bank.store, [Consent(1, 1, 1, 3, 0, NOON_MS)])
    assert "D0001" not in json.dumps(list_all(bank, tmp_path), default=str)


def test_a_collection_tells_counts_and_none_of_few_donors(bank: Bank, tmp_path: Path) -> None:
    groups = {one["id"]: one for one in of(list_all(bank, tmp_path, with_samples=False), "miabis-collection")}
    n = next(
        one
        for one in groups["col-breast"]["extension"]
        if one["url"].endswith("number-of-subjects-extension")
    )
    assert n["valueInteger"] == 11
    assert not any("number-of-subjects" in one["url"] for one in groups["col-rest"].get("extension", ()))
    values = {
        (one["code"]["coding"][0]["code"], one["valueCodeableConcept"]["coding"][0]["code"])
        for one in groups["col-breast"]["characteristic"]
        if "valueCodeableConcept" in one
    }
    assert values == {
        ("Sex", "female"), ("Sex", "male"), ("StorageTemperature", "LN"), ("MaterialType", "TissueFrozen"),
        ("Diagnosis", "C50.9"),
    }  # fmt: skip
    age = next(one for one in groups["col-breast"]["characteristic"] if "valueRange" in one)
    assert (age["valueRange"]["low"]["value"], age["valueRange"]["high"]["value"]) == (59, 69)


def test_events_are_told_by_day(bank: Bank, tmp_path: Path) -> None:
    bank.perform("bank_take", {"barcodes": ["S00003"]}, act(), at_ms=NOON_MS).result()
    events = [
        one for one in list_all(bank, tmp_path, with_events=True)
        if one.get("code", {}).get("coding", [{}])[0].get("system") == "urn:oncopolis:custody"
    ]  # fmt: skip
    assert {one["code"]["coding"][0]["code"] for one in events} == {"taken"}
    assert events[0]["effectiveDateTime"] == "2027-03-01"


@pytest.mark.parametrize("form", ["bundle.json", "lines"])
def test_what_is_told_comes_in_elsewhere_and_is_told_the_same_there(
    bank: Bank, tmp_path: Path, form: str
) -> None:
    bank.store.close()
    out, invoke = str(tmp_path / form), CliRunner().invoke
    database = ("--database", f"sqlite:///{tmp_path / 'bank.db'}")
    about = ("--description", str(tmp_path / "about.yaml"), "--samples")
    told = invoke(oncopolis, ["biobank", "miabis", out, *database, *about])
    assert told.exit_code == 0, told.output
    other = f"sqlite:///{tmp_path / 'other.db'}"
    read = invoke(oncopolis, ["biobank", "miabis", out, "--database", other, "--read", "--preview"])
    assert "12 samples of 11 new donors would come in" in read.output, read.output
    invoke(oncopolis, ["biobank", "miabis", out, "--database", other, "--read", "--by", "Anna"])
    with open_store(other) as store:
        donors = range(1, 12)
        keep(store, [Form(1, "broad", 1, 7, "0" * 64, 0), *(Consent(n, n, 1, 3, 0) for n in donors)])
    again = str(tmp_path / f"again-{form}")
    renamed = ABOUT.replace("[breast]", "[col-breast]").replace('[""]', "[col-rest]")
    (tmp_path / "renamed.yaml").write_text(renamed, "utf-8")
    invoke(oncopolis, [
        "biobank", "miabis", again, "--database", other, "--samples",
        "--description", str(tmp_path / "renamed.yaml"),
    ])  # fmt: skip
    before, after = (
        {f"{one['resourceType']}/{one['id']}": forget_place(one) for one in read_resources(Path(path))}
        for path in (out, again)
    )
    assert {key for key in before if not key.startswith(("Group", "Organization"))} <= after.keys()
    for key, one in before.items():
        if one["resourceType"] in ("Specimen", "Patient", "Observation"):
            assert after[key] == one


def forget_place(one: dict[str, Any]) -> dict[str, Any]:
    """A record without what follows from where it stands, which does not travel."""
    return {name: value for name, value in one.items() if name not in ("processing", "effectiveDateTime")}


THEIRS: list[dict[str, Any]] = [
    {"resourceType": "Patient", "id": "p", "identifier": [{"value": "donorId"}], "gender": "female"},
    {
        "resourceType": "Specimen", "id": "s", "identifier": [{"value": "sampleId"}],
        "subject": {"reference": "Patient/p"}, "collection": {"collectedDateTime": "2011-04-05T13:00:00Z"},
        "type": {"coding": [{"system": f"{BASE}/CodeSystem/miabis-detailed-samply-type-cs", "code": "DNA"}]},
        "extension": [{
            "url": f"{BASE}/StructureDefinition/miabis-sample-collection-extension",
            "valueIdentifier": {"value": "theirs"},
        }],
    },
]  # fmt: skip


def test_a_sample_of_the_published_example_comes_in(bank: Bank) -> None:
    brought = import_rows(bank.store, lambda tell: read_samples(THEIRS, tell), act())
    assert brought.n_specimens == 1
    one = bank.ask(lambda books: books.find_specimen("sampleId"))
    assert one is not None
    assert (one.kind, one.amount, one.unit, one.collection, one.state) == ("DNA", 1, "pcs", "theirs", "out")
    assert one.collected_ms == 1_302_008_400_000


@pytest.mark.parametrize(
    "change",
    [
        {"subject": {"reference": "Patient/x"}}, {"identifier": []}, {"type": None}, {"type": {"coding": []}},
        {"collection": {}}, {"collection": {"collectedDateTime": "soon"}}, {"subject": 5},
        {"container": [{"specimenQuantity": {"value": 5, "code": "stone"}}]},
        {"identifier": [{"value": "x" * 65}]},
    ],
)  # fmt: skip
def test_what_is_no_sample_is_told_and_nothing_comes_in(bank: Bank, change: dict[str, Any]) -> None:
    with pytest.raises(OncopolisError, match=r"sample 1.*BIO-172"):
        import_rows(bank.store, lambda tell: read_samples([THEIRS[0], THEIRS[1] | change], tell), act())
    assert bank.ask(lambda books: books.find_specimen("sampleId")) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"resourceType": "Bundle", "entry": [{}]}', "\x00"])
def test_what_is_no_bundle_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, "utf-8")
    with pytest.raises(OncopolisError, match="BIO-171"):
        list(read_resources(tmp_path / "x.json"))


def test_a_wrong_description_names_line_and_key(tmp_path: Path) -> None:
    (tmp_path / "about.yaml").write_text(ABOUT.replace("[Clinical]", "[Clincal]"), "utf-8")
    with pytest.raises(OncopolisError, match=r"about.yaml:18.*BIO-170"):
        load_description(tmp_path / "about.yaml")


def test_every_type_has_a_name_there_and_comes_back_as_one_of_its_kind() -> None:
    for kind in get_codes()["types"]:
        assert find_type(find_kind(find_type(kind))) == find_type(kind)
        assert find_collection_type(kind)
    assert find_temperature(-190) == find_temperature(-150) == "LN"
    assert [find_temperature(one) for one in (-80, -20, 4, 20, -120, None)] == [
        "-60to-85", "-18to-35", "2to10", "RT", "Other", None,
    ]  # fmt: skip


def test_samples_are_told_over_fhir_page_by_page(bank: Bank) -> None:
    client = Client(bank.store)
    seen: list[str] = []
    path = "/Specimen/$miabis?_count=5"
    while path:
        answered = client.call("GET", path)
        assert answered.status_code == 200, answered.text
        told = answered.json()
        seen += [
            one["resource"]["identifier"][0]["value"]
            for one in told["entry"] if one["resource"]["resourceType"] == "Specimen"
        ]  # fmt: skip
        links = {one["relation"]: one["url"] for one in told["link"]}
        path = links["next"].partition("/fhir")[2] if "next" in links else ""
    assert seen == [*(f"S{n:05d}" for n in range(1, 12)), "S00020"]
    assert client.call("GET", "/Specimen/$miabis?_after=x").status_code == 400
