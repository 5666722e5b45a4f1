"""Programs that others wrote walk the server: FHIR clients, and a tester of hospital systems."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fhirpy
import pytest
import yaml
from fhirclient.client import FHIRClient  # type: ignore[import-untyped]
from fhirclient.models.observation import Observation  # type: ignore[import-untyped]
from fhirclient.models.patient import Patient  # type: ignore[import-untyped]
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound
from tests.clinic import build, write
from tests.node import install
from tests.servers import print_a_token, serving

WALK = Path(__file__).parent / "clients" / "walk.mjs"
KIT = ("fhir-kit-client", "2.0.3")
NOT_OURS = {
    "lab_order_peer_fills": "SKIPPED",  # The peer would have to play the laboratory.
    "messaging_adt_orders": "SKIPPED",  # FHIR messaging is not offered, and said so.
    "subscription_backport_roundtrip": "FAILED",  # Topics are of R5; what is offered is the criteria of R4.
}


@dataclass
class Served:
    base: str
    token: str
    folder: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    homes = {"XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
    home = dict(os.environ) | homes | {"PYTHONUNBUFFERED": "1"}
    project = write(folder / "clinic", build())
    with serving(project, home=home) as (base, _, _):
        yield Served(base, print_a_token(project, home=home), folder)


def test_fhirpy_writes_searches_and_turns_pages(served: Served) -> None:
    client = fhirpy.SyncFHIRClient(
        served.base,
        authorization=f"Bearer {served.token}",
        extra_headers={"Prefer": "handling=lenient"},  # It sends a parameter of another server.
    )
    patient = client.resource("Patient", name=[{"family": "Karimova", "given": ["Nodira"]}])
    patient.save()
    for number in range(5):
        client.resource(
            "Observation",
            status="final",
            code={"coding": [{"system": "urn:fhirpy", "code": "x"}]},
            subject=patient.to_reference(),
            valueQuantity={"value": number, "unit": "g"},
        ).save()
    found = client.resources("Observation").search(code="urn:fhirpy|x", subject__Patient__family="karimova")
    assert len(found.limit(2).fetch_all()) == 5
    assert found.count() == 5
    assert len(found.search(value_quantity__ge=3).fetch_all()) == 2
    with_patients = found.include("Observation", "subject").fetch_raw()
    assert [one["resource"]["resourceType"] for one in with_patients["entry"]].count("Patient") == 1
    assert [
        one.id
        for one in client.resources("Patient").has("Observation", "patient", code="urn:fhirpy|x").fetch_all()
    ] == [patient.id]
    patient["birthDate"] = "1970-02-03"
    patient.save()
    assert client.reference("Patient", patient.id).to_resource()["meta"]["versionId"] == "2"
    patient["birthDate"] = "1970-02-30"
    with pytest.raises(OperationOutcome, match="birthDate"):
        patient.save()
    with pytest.raises(ResourceNotFound):
        client.reference("Patient", "nobody").to_resource()


def test_fhirclient_reads_what_it_wrote_as_its_own_classes(served: Served) -> None:
    smart = FHIRClient(settings={"app_id": "test", "api_base": served.base})
    smart.server.session.headers["Authorization"] = f"Bearer {served.token}"
    made = Patient({"name": [{"family": "Юлдашева"}], "birthDate": "1961-04-05"}).create(smart.server)
    for number in range(5):
        Observation(
            {
                "status": "final",
                "code": {"coding": [{"system": "urn:fhirclient", "code": str(number)}]},
                "subject": {"reference": f"Patient/{made['id']}"},
            }
        ).create(smart.server)
    (found,) = Patient.where({"family": "юлдашева"}).perform_resources_iter(smart.server)
    assert found.birthDate.isostring == "1961-04-05"
    search = Observation.where({"subject": f"Patient/{made['id']}", "_count": "2"})
    assert len(list(search.perform_resources_iter(smart.server))) == 5
    found.gender = "female"
    assert found.update(smart.server)["meta"]["versionId"] == "2"


def test_fhir_kit_client_walks_pages_history_and_discovery(served: Served) -> None:
    folder = install(*KIT)
    node = shutil.which("node")
    assert node
    script = shutil.copy(WALK, folder / "walk.mjs")
    done = subprocess.run(
        [node, script, served.base, served.token], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "software": "Oncopolis",
        "smart": ["authorizeUrl", "tokenUrl"],
        "patient": ["3", "1970-02-03", "female", "Нурмагомедова"],
        "first": ["1", None],
        "history": ["PATCH", "PUT", "POST"],
        "transaction": ["201"] * 7,
        "pages": [3, 3, 1],
        "compartment": 7,
        "validate": True,
        "missing": [404, "OperationOutcome"],
    }


class Sekmet:
    """SEKMET, a tester of the FHIR interfaces of hospital systems."""

    def __init__(self, served: Served) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.folder = served.folder
        settings = {
            "base_url": f"http://127.0.0.1:{port}/fhir",
            "host": "127.0.0.1",
            "port": port,
            "data_dir": str(served.folder / "tester"),
            "peers": {"centre": {"base_url": served.base, "auth": {"type": "bearer", "token": served.token}}},
        }
        (served.folder / "settings.yaml").write_text(yaml.safe_dump(settings), "utf-8")

    def run(self, *arguments: str) -> str:
        program = Path(sys.executable).with_name("sekmet")
        done = subprocess.run(
            [program, *arguments, "--peer", "centre", "-c", str(self.folder / "settings.yaml")],
            cwd=self.folder, capture_output=True, text=True, timeout=400, check=False,
        )  # fmt: skip
        return done.stdout + done.stderr


def test_the_scenarios_of_a_tester_of_hospital_systems(served: Served) -> None:
    said = Sekmet(served).run("scenario", "run", "all", "--report-dir", str(served.folder / "reports"))
    (results,) = (served.folder / "reports").glob("*/results.json")
    found: list[dict[str, Any]] = json.loads(results.read_text("utf-8"))
    states = {Path(one["file"]).stem: one["status"].upper() for one in found}
    assert len(states) == 14
    assert {name: state for name, state in states.items() if state != "PASSED"} == NOT_OURS, said


def test_a_tester_fetches_and_validates_an_export(served: Served) -> None:
    client = fhirpy.SyncFHIRClient(served.base, authorization=f"Bearer {served.token}")
    patient = client.resource("Patient", name=[{"family": "Export"}])
    patient.save()
    client.resource(
        "Group", id="exported", type="person", actual=True, member=[{"entity": patient.to_reference()}]
    ).save()
    said = Sekmet(served).run("bulk", "export", "--level", "group", "--group", "exported")
    assert "VALID" in said.split(), said
    assert "invalid=0" in said
