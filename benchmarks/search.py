"""How long searches take over many records, with the access policy in every query.

Fills a database through the store with the records of a made-up cancer centre (fixed seed), then asks
questions of each kind many times, each time for something else. Printed are median and 99th percentile of the
time that a question takes and of the CPU time of this process, and the records of an answer. Beside it stands
what one question takes that reads every record. At last everything is exported, alone and beside writes.

Usage: python benchmarks/search.py [--size N] [--database URL] [--repeat N] [--json FILE]

A database that is given is filled if it is empty, and kept.
"""

# ruff: noqa: S311 - the records are made up

import argparse
import gc
import json
import random
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from exporting import measure_export
from oncopolis.record import Act, Who
from oncopolis.record.access import EVERYTHING, Allowed, Caller
from oncopolis.record.access.deciding import Rights
from oncopolis.record.fhir.text import parse
from oncopolis.record.search import Found, Question, read_question, search
from oncopolis.record.store import Store, Transaction, open_store
from oncopolis.record.store.reading import Reading

Json = dict[str, Any]
Pairs = list[tuple[str, str]]

SEED = 20261122
N_CLINICS, N_DOCTORS = 20, 200
OBSERVATIONS_EACH, ENCOUNTERS_EACH, APPOINTMENTS_EACH = 14, 2, 2
"""Of a patient; with the patient and a condition, twenty records."""
PER_COMMAND, WAITING = 250, 8
TESTS = [("718-7", "Hemoglobin", "g/L", 80, 160), ("6690-2", "Leukocytes", "10*9/L", 1, 30)]
TESTS += [(f"{n}-0", f"Test number {n}", "mmol/L", 1, 100) for n in range(1000, 1060)]
FAMILIES = [a + b for a in "Kar Yus Rah Ali Kim Tur Nor Sul".split() for b in ("imova", "upov", "aev", "ov")]
START = datetime(2016, 1, 1, tzinfo=UTC)
DAYS = 3650
ICD = "http://hl7.org/fhir/sid/icd-10"
TYPES = ("Patient", "Observation", "Encounter", "Condition", "Appointment")
ACT = Act("U", "fill", Who("Device", "benchmark"), "benchmark")


def make_records(size: int) -> Iterator[Json]:
    """Records of a centre; the same for the same size."""
    rng = random.Random(SEED)
    for n in range(N_CLINICS):
        yield {"resourceType": "Organization", "id": f"c{n}", "name": f"Clinic {n}"}
    for n in range(N_DOCTORS):
        yield {"resourceType": "Practitioner", "id": f"d{n}", "name": [{"family": rng.choice(FAMILIES)}]}
    each = 2 + OBSERVATIONS_EACH + ENCOUNTERS_EACH + APPOINTMENTS_EACH
    for n in range(max(1, (size - N_CLINICS - N_DOCTORS) // each)):
        yield from make_patient(rng, n)


def make_patient(rng: random.Random, n: int) -> Iterator[Json]:
    """A patient and what belongs to them."""
    subject = {"reference": f"Patient/p{n}"}
    clinic = rng.randrange(N_CLINICS)
    yield {
        "resourceType": "Patient",
        "id": f"p{n}",
        "identifier": [{"system": "urn:mrn", "value": f"{n:07}"}],
        "name": [{"family": f"{rng.choice(FAMILIES)}{n % 997}", "given": [rng.choice("ABCDEFGH") + "ziza"]}],
        "gender": rng.choice(("female", "male")),
        "birthDate": (START - timedelta(days=rng.randrange(7000, 30000))).date().isoformat(),
    }
    yield {
        "resourceType": "Condition",
        "id": f"k{n}",
        "subject": subject,
        "code": {"coding": [{"system": ICD, "code": draw_disease(rng)}]},
        "recordedDate": draw_time(rng)[:10],
    }
    for place in range(ENCOUNTERS_EACH):
        start = draw_time(rng)
        yield {
            "resourceType": "Encounter",
            "id": f"e{n}-{place}",
            "status": "in-progress" if place == 0 else "finished",
            "class": {"code": "AMB"},
            "subject": subject,
            "period": {"start": start},
            "serviceProvider": {"reference": f"Organization/c{clinic}"},
        }
    for place in range(APPOINTMENTS_EACH):
        start = draw_time(rng)
        yield {
            "resourceType": "Appointment",
            "id": f"a{n}-{place}",
            "status": rng.choice(("booked", "fulfilled", "fulfilled", "noshow")),
            "start": start,
            "participant": [
                {"actor": subject, "status": "accepted"},
                {"actor": {"reference": f"Practitioner/d{rng.randrange(N_DOCTORS)}"}, "status": "accepted"},
            ],
        }
    for place in range(OBSERVATIONS_EACH):
        code, display, unit, low, high = rng.choice(TESTS)
        yield {
            "resourceType": "Observation",
            "id": f"o{n}-{place}",
            "status": "final" if rng.random() < 0.99 else "cancelled",
            "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": display}]},
            "subject": subject,
            "encounter": {"reference": f"Encounter/e{n}-{place % ENCOUNTERS_EACH}"},
            "effectiveDateTime": draw_time(rng),
            "valueQuantity": {"value": round(rng.uniform(low, high), 1), "unit": unit, "code": unit},
        }


def draw_disease(rng: random.Random) -> str:
    """A code of ICD-10."""
    return f"C{rng.randrange(10, 90)}.{rng.randrange(10)}"


def draw_time(rng: random.Random) -> str:
    """An instant of ten years."""
    return (START + timedelta(seconds=rng.randrange(DAYS * 86_400))).strftime("%Y-%m-%dT%H:%M:%SZ")


def fill(store: Store, size: int) -> int:
    """Store the records, if there are none; how many there are."""
    if store.count("Patient"):
        return sum(store.count(type_) for type_ in TYPES)
    records, waiting, n = make_records(size), deque[Future[int]](), 0
    while part := list(islice(records, PER_COMMAND)):
        waiting.append(store.submit(partial(put_all, part), ACT))
        if len(waiting) > WAITING:
            n += waiting.popleft().result()
            if n % 50_000 == 0:
                print(f"{n} records stored", file=sys.stderr, flush=True)
    return n + sum(one.result() for one in waiting)


def put_all(records: list[Json], transaction: Transaction) -> int:
    """The command that stores some records; how many."""
    return len([transaction.put(one) for one in records])


def draw_day(rng: random.Random) -> datetime:
    """The beginning of a day of ten years."""
    return START + timedelta(days=rng.randrange(DAYS))


def make_questions(rng: random.Random, n_patients: int) -> dict[str, tuple[str, Callable[[], Pairs]]]:
    """Questions of each kind: the type that is searched, and the parameters, other ones each time."""

    def patient() -> str:
        return f"p{rng.randrange(n_patients)}"

    def record_number() -> str:
        return f"urn:mrn|{rng.randrange(n_patients):07}"

    def code() -> str:
        return rng.choice(TESTS)[0]

    def name() -> str:
        return f"{rng.choice(FAMILIES)}{rng.randrange(997)}"

    def day() -> str:
        return f"{draw_day(rng):%Y-%m-%d}"

    def between(days: int) -> Pairs:
        start = draw_day(rng)
        end = start + timedelta(days=days)
        return [("date", f"ge{start:%Y-%m-%d}"), ("date", f"lt{end:%Y-%m-%d}")]

    def low() -> str:
        return f"lt{rng.randrange(81, 90)}"

    observations: dict[str, Callable[[], Pairs]] = {
        "token, many matches": lambda: [("code", f"http://loinc.org|{code()}")],
        "token, nearly all": lambda: [("status", "final")],
        "token :not": lambda: [("status:not", "final"), ("patient", patient())],
        "token :text": lambda: [("code:text", "hemo"), ("patient", patient())],
        "reference": lambda: [("patient", patient())],
        "reference and token": lambda: [("subject", f"Patient/{patient()}"), ("code", code())],
        "date, one day": lambda: [("date", day())],
        "date, since": lambda: [("date", f"ge{day()}")],
        "quantity": lambda: [("code", "718-7"), ("value-quantity", low())],
        "composite": lambda: [("code-value-quantity", f"718-7${low()}||g/L")],
        "sorted, few": lambda: [("patient", patient()), ("_sort", "-date")],
        "sorted, many": lambda: [("code", code()), ("_sort", "-date")],
        "sorted, all": lambda: [("_sort", "-date")],
        "last updated": lambda: [("_sort", "-_lastUpdated"), ("_count", "20")],
        "chained": lambda: [("subject:Patient.identifier", record_number())],
        "chained, many": lambda: [("subject:Patient.gender", "female"), ("code", code())],
        "chained twice": lambda: [("encounter:Encounter.subject:Patient.name", name())],
    }
    others: dict[str, tuple[str, Callable[[], Pairs]]] = {
        "token, one match": ("Patient", lambda: [("identifier", record_number())]),
        "token, two values": ("Condition", lambda: [("code", f"{draw_disease(rng)},C50.2")]),
        "string": ("Patient", lambda: [("name", name())]),
        "string, short": ("Patient", lambda: [("name", rng.choice("kayrtns"))]),
        "date, from and to": ("Appointment", lambda: between(2)),
        "date of a period": ("Encounter", lambda: [("date", day()), ("status", "finished")]),
        "_has": ("Patient", lambda: [("_has:Condition:subject:code", draw_disease(rng))]),
        "_include": ("Appointment", lambda: [*between(1), ("_include", "Appointment:actor")]),
        "_revinclude": ("Patient", lambda: [("_id", patient()), ("_revinclude", "Observation:patient")]),
    }
    return others | {title: ("Observation", draw) for title, draw in observations.items()}


def answer_one(question: Question, reading: Reading) -> Found:
    """One question."""
    return search(reading, question)


def measure(
    store: Store, allowed: Allowed, questions: dict[str, tuple[str, Callable[[], Pairs]]], repeat: int
) -> dict[str, dict[str, float]]:
    """Times of each kind, milliseconds."""
    found = {}
    for name, (type_, draw) in questions.items():
        walls, spent, rows = [], [], []
        for _ in range(repeat):
            pairs = draw()
            began, cpu = time.perf_counter(), time.process_time()
            answer = store.ask(partial(answer_one, read_question((type_,), pairs)), allowed)
            spent.append((time.process_time() - cpu) * 1000)
            walls.append((time.perf_counter() - began) * 1000)
            rows.append(len(answer.matches) + len(answer.included))
        found[name] = {
            "p50": statistics.median(walls),
            "p99": find_last(walls),
            "cpu": statistics.median(spent),
            "cpu99": find_last(spent),
            "rows": statistics.mean(rows),
        }
    return found


def find_last(times: list[float]) -> float:
    """The 99th percentile."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]


def show(title: str, found: dict[str, dict[str, float]]) -> None:
    """Print one table."""
    print(f"\n{title}\n{'':28}{'p50 ms':>9}{'p99 ms':>9}{'CPU p50':>9}{'CPU p99':>9}{'rows':>8}")
    for name, one in found.items():
        print(
            f"{name:28}{one['p50']:9.2f}{one['p99']:9.2f}{one['cpu']:9.2f}{one['cpu99']:9.2f}{one['rows']:8.1f}"
        )


def compare_with_reading_all(store: Store) -> None:
    """The same question by the index and by reading every record, which must find the same."""
    question = read_question(
        ("Observation",), [("code-value-quantity", "718-7$lt90||g/L"), ("_total", "accurate")]
    )
    began = time.perf_counter()
    answer = store.ask(partial(answer_one, question))
    took = (time.perf_counter() - began) * 1000
    began, n, after = time.perf_counter(), 0, ""
    while page := store.list_current("Observation", limit=1000, after=after):
        for version in page:
            one = parse(version.body or b"")
            n += one["code"]["coding"][0]["code"] == "718-7" and one["valueQuantity"]["value"] < 90
        after = page[-1].id
    naive = (time.perf_counter() - began) * 1000
    assert n == answer.total, (n, answer.total)
    print(f"\n{n} haemoglobins below 90 g/L, counted: {took:.1f} ms, by reading every record {naive:.0f} ms")


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--database")
    parser.add_argument("--repeat", type=int, default=200)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="oncopolis-search-"))
    url = given.database or f"sqlite:///{folder / 'record.db'}"
    with open_store(url) as store:
        began, cpu = time.perf_counter(), time.process_time()
        n = fill(store, given.size)
        took, spent = time.perf_counter() - began, time.process_time() - cpu
        print(f"{n} records; {took:.0f} s and {spent:.0f} s of CPU to fill")
        n_patients = store.count("Patient")
        gc.collect()
        gc.freeze()  # As a server does.
        caller = Caller(
            Who("Practitioner", "d1"), roles=frozenset({"physician"}), practitioner="d1", purpose="TREAT",
            clinics=frozenset({"c1", "c2", "c3", "c4"}),
        )  # fmt: skip
        physician = Rights(caller, "search", int(time.time() * 1000))
        results: dict[str, Any] = {}
        for title, allowed in (
            ("Everything allowed", EVERYTHING),
            ("Physician of 4 of 20 clinics", physician),
        ):
            questions = make_questions(random.Random(SEED), n_patients)
            results[title] = measure(store, allowed, questions, given.repeat)
            show(title, results[title])
        compare_with_reading_all(store)
        results["Export"] = measure_export(store, url, folder)
    if given.json:
        given.json.write_text(json.dumps(results, indent=1), "utf-8")


if __name__ == "__main__":
    main()
