"""Both databases enter every kind of search by its index, and values are never part of the SQL."""

from typing import Any

import pytest
from tests.records import make_observation, make_patient
from tests.unit.record.search.conftest import put_all

from oncopolis.record.access import EVERYTHING
from oncopolis.record.search import read_question
from oncopolis.record.search.nodes import Node
from oncopolis.record.search.sql import Sql
from oncopolis.record.store import Store
from oncopolis.record.store.reading import Reading

EVIL = "zzz'; DROP TABLE resource; --"


@pytest.fixture(scope="module")
def some(shared: Store) -> Store:
    put_all(shared, (make_patient(f"p{n}") for n in range(20)))
    put_all(shared, (make_observation(str(n), patient=f"p{n}", id_=f"o{n}") for n in range(20)))
    return shared


def explain(store: Store, sql: Sql) -> str:
    """How the database would go about it, were the tables large."""

    def look(reading: Reading) -> str:
        if reading.session.dialect == "sqlite":
            return "\n".join(row[3] for row in reading.session.query(f"EXPLAIN QUERY PLAN {sql[0]}", sql[1]))
        reading.session.query("SET enable_seqscan = off")
        try:
            return "\n".join(row[0] for row in reading.session.query(f"EXPLAIN {sql[0]}", sql[1]))
        finally:
            reading.session.query("RESET enable_seqscan")

    return store.ask(look)


def read_nodes(type_: str, *pairs: tuple[str, str]) -> tuple[Node, ...]:
    return read_question((type_,), pairs).nodes


@pytest.mark.parametrize(
    ("type_", "pairs", "indexes"),
    [
        ("Observation", [("code", "718-7")], ["index_token_value"]),
        ("Observation", [("code", "http://loinc.org|718-7,x")], ["index_token_value"]),
        ("Patient", [("family", "kar")], ["index_string_value"]),
        ("Patient", [("family:exact", "Karimova")], ["index_string_value"]),
        ("Observation", [("patient", "p1")], ["index_reference_value"]),
        ("Observation", [("subject", "http://x/Patient/1")], ["index_reference_url"]),
        ("Observation", [("date", "2026-01")], ["index_date_value"]),
        (
            "Observation",
            [("date", "ge2026-01"), ("date", "lt2026-02")],
            ["index_date_value", "index_date_long"],
        ),
        ("Observation", [("date", "eb2026-01")], ["index_date_value"]),
        ("RiskAssessment", [("probability", "gt0.8")], ["index_number_value", "index_number_long"]),
        ("Observation", [("value-quantity", "gt5||mg")], ["index_quantity_value", "index_quantity_long"]),
        (
            "Observation",
            [("code-value-quantity", "718-7$gt70")],
            ["index_compound_value", "index_compound_long"],
        ),
        ("Observation", [("code-value-concept", "a$b")], ["index_compound_value"]),
        ("ValueSet", [("url", "http://a")], ["index_uri_value"]),
        ("ValueSet", [("url:below", "http://a")], ["index_uri_value"]),
        ("Observation", [("_lastUpdated", "gt2026")], ["index_date_value"]),
        (
            "Observation",
            [("subject:Patient.family", "kar")],
            ["index_string_value", "index_reference_value"],
        ),
        ("Patient", [("_has:Observation:subject:code", "718-7")], ["index_token_value"]),
    ],
)
def test_searches_enter_by_their_index(
    some: Store, type_: str, pairs: list[tuple[str, str]], indexes: list[str]
) -> None:
    node = next(node for node in read_nodes(type_, *pairs) if node.drive(EVERYTHING) is not None)
    drive = node.drive(EVERYTHING)
    assert drive is not None
    plan = explain(some, drive)
    assert all(index in plan for index in indexes), plan
    assert "SCAN i" not in plan and "Seq Scan" not in plan, plan  # noqa: PT018 - one plan


@pytest.mark.parametrize("pairs", [[("code", "x")], [("date", "2026")], [("subject:Patient.family", "k")]])
def test_one_record_is_checked_by_its_own_rows(some: Store, pairs: list[tuple[str, str]]) -> None:
    (node,) = read_nodes("Observation", *pairs)
    sql, values = node.check("r", EVERYTHING)
    plan = explain(some, (f"SELECT r.rk FROM resource r WHERE r.rk = ? AND {sql}", (1, *values)))
    assert "Seq Scan" not in plan, plan
    assert "SCAN" not in plan, plan


@pytest.mark.parametrize(
    "name",
    [
        "code",
        "code:text",
        "value-string",
        "subject",
        "_profile",
        "code-value-string",
        "_id",
        "subject:Patient.name",
    ],
)
def test_what_is_asked_is_a_value_never_sql(name: str) -> None:
    value = f"a${EVIL}" if name == "code-value-string" else EVIL.replace("/", "")
    parts: list[Any] = []
    for node in read_nodes("Observation", (name, value)):
        parts += [part for part in (node.check("r", EVERYTHING), node.drive(EVERYTHING)) if part is not None]
    assert parts
    for sql, values in parts:
        assert "drop" not in sql.lower()
        assert "zzz" not in sql
        assert sql.count("?") == len(values)
