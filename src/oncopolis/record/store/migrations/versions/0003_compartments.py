"""Whose record it is beside each record, and the audit by patient and by agent."""

import sqlalchemy as sa
from alembic import op

from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.store.compartment import rank_parameters

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_OF_ENTRIES = {
    "sqlite": """
        INSERT INTO audit_patient (patient, chain, seq)
        SELECT DISTINCT r.patient, a.chain, a.seq FROM audit a, json_each(a.entry, '$.versions') j
        JOIN resource r ON r.type = json_extract(j.value, '$[0]') AND r.id = json_extract(j.value, '$[1]')
        WHERE r.patient IS NOT NULL
    """,
    "postgresql": """
        INSERT INTO audit_patient (patient, chain, seq)
        SELECT DISTINCT r.patient, a.chain, a.seq
        FROM audit a CROSS JOIN LATERAL jsonb_array_elements(a.entry::jsonb -> 'versions') j
        JOIN resource r ON r.type = j ->> 0 AND r.id = j ->> 1
        WHERE r.patient IS NOT NULL
    """,
}
_AGENT = {
    "sqlite": "json_extract(entry, '$.who[0]') || '/' || json_extract(entry, '$.who[1]')",
    "postgresql": "(entry::jsonb -> 'who' ->> 0) || '/' || (entry::jsonb -> 'who' ->> 1)",
}


def upgrade() -> None:
    """Add them, and fill them for what is there."""
    op.add_column("resource", sa.Column("patient", sa.String(), nullable=True))
    _tell_patients()
    op.create_index("resource_patient", "resource", ["patient", "type"], unique=False)
    op.add_column("audit", sa.Column("agent", sa.String(), nullable=True))
    op.create_table(
        "audit_patient",
        sa.Column("patient", sa.String(), nullable=False),
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("patient", "chain", "seq"),
        sqlite_with_rowid=False,
    )
    dialect = op.get_context().dialect.name
    op.execute(_OF_ENTRIES[dialect])
    op.execute(f"UPDATE audit SET agent = {_AGENT[dialect]}")  # noqa: S608 - one of the two above
    op.create_index("audit_agent", "audit", ["agent", "at_ms"], unique=False)
    op.create_index("audit_at", "audit", ["at_ms"], unique=False)


def _tell_patients() -> None:
    """Whom each record is about: by its index rows, those that are gone by the key that seals them."""
    op.execute("UPDATE resource SET patient = id WHERE type = 'Patient'")
    for rank in (0, 1):
        numbers = [
            number
            for type_ in get_definitions().resource_types
            for number, found in rank_parameters(type_).items()
            if found == rank
        ]
        op.execute(
            "UPDATE resource SET patient = (SELECT i.id FROM index_reference i "  # noqa: S608 - numbers
            "WHERE i.rk = resource.rk AND i.type = 'Patient' AND i.url IS NULL "
            f"AND i.parameter IN ({', '.join(map(str, numbers))}) ORDER BY i.n LIMIT 1) "
            "WHERE patient IS NULL"
        )
    op.execute(
        "UPDATE resource SET patient = (SELECT k.patient FROM version v JOIN patient_key k "
        "ON k.id = v.key_id WHERE v.rk = resource.rk ORDER BY v.version DESC LIMIT 1) WHERE patient IS NULL"
    )
