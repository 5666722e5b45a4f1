"""Two servers and one PostgreSQL: the second serves only once the first is gone, and knows all it did."""

import json
import signal
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.databases import Cluster, cluster
from tests.servers import get, home, project, run, serving

from oncopolis.foundation.units import MS_PER_DAY

__all__ = ["cluster", "home", "project"]


def do(base: str, name: str, **said: Any) -> dict[str, Any]:
    url = f"{base.removesuffix('/fhir')}/api/acts/{name}"
    with urlopen(Request(url, json.dumps(said).encode(), {"Content-Type": "application/json"})) as answer:
        return dict(json.load(answer))


def test_a_second_server_waits_until_the_first_is_gone_and_takes_over_what_it_did(
    project: Path, home: dict[str, str], cluster: Cluster
) -> None:
    where = ("--database", cluster.add_schema())
    with serving(project, *where, home=home) as (base, _, first):
        names = [{"family": "Karimova", "given": ["Dilnoza"]}]
        patient = do(base, "register", names=names, birth_date="1970-02-03")["patient"]
        booked = do(base, "book", patient=patient, activity="consult")
        code, said = run("serve", str(project), "--port", "0", *where, home=home)
        assert (code, "REC-357" in said, "Traceback" in said) == (2, True, False), said
        later_ms = booked["start_ms"] + 7 * MS_PER_DAY
        moved = do(base, "move", booking=booked["booking"], start_ms=later_ms)
        assert moved["start_ms"] == later_ms
        first.send_signal(signal.SIGKILL)
        first.wait()
    with serving(project, *where, home=home) as (base, _, _):
        again = do(base, "book", patient=patient, activity="consult", start_ms=booked["start_ms"])
        assert again["start_ms"] == booked["start_ms"]
        do(base, "cancel", booking=booked["booking"], reason="centre")
        units = do(base, "book", patient=patient, activity="consult", start_ms=later_ms)["units"]
        assert units == moved["units"]
        assert get(f"{base}/Appointment/{booked['booking']}")["meta"]["versionId"] == "3"
