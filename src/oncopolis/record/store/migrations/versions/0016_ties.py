"""Who is tied to which patient, beside the records that tie."""

import sqlalchemy as sa
from alembic import op

from oncopolis.record.access.tying import Tying, list_tying

revision = "0016"
down_revision = "0015"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEHIND = 1_000_000  # structure: number of a row that is behind all others of its record


def upgrade() -> None:
    """Make their table, and fill it by the index rows that are there."""
    op.create_table(
        "index_tie",
        sa.Column("parameter", sa.Integer(), nullable=False),
        sa.Column("patient", sa.String(), nullable=True),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("id", sa.String(), nullable=True),
        sa.Column("rk", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rk"], ["resource.rk"]),
        sa.PrimaryKeyConstraint("rk", "n"),
        sqlite_with_rowid=False,
    )
    for type_, tying in list_tying().items():
        op.execute(_fill(type_, tying))
    op.create_index("index_tie_value", "index_tie", ["patient", "rk", "type", "id"], unique=False)


def _fill(type_: str, tying: Tying) -> str:
    named = " OR ".join(
        f"e.parameter = {number} AND e.type IN ({_quote(types)})" for number, types in tying.parties.items()
    )
    return (
        "INSERT INTO index_tie (parameter, patient, type, id, rk, n) "  # noqa: S608 - names of the policy
        f"SELECT e.parameter, r.patient, e.type, e.id, e.rk, {BEHIND} + e.n "
        "FROM resource r JOIN index_reference e ON e.rk = r.rk "
        f"WHERE r.type = '{type_}' AND r.deleted = 0 AND r.patient IS NOT NULL AND e.url IS NULL "
        f"AND ({named}) AND EXISTS (SELECT 1 FROM index_token k WHERE k.rk = r.rk "
        f"AND k.parameter = {tying.status} AND k.code IN ({_quote(tying.open)}))"
    )


def _quote(names: frozenset[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
