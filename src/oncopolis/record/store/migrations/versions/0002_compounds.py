"""Rows of composite parameters, indexes for searching and sorting."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
CHANGES_INDEX_ROWS = True

DOUBLE = sa.Float(precision=53)  # structure: bits of a double
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SORTED_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
SORTED_COLUMNS = (("index_token", "code"), ("index_string", "normalised"), ("index_uri", "value"))
PARTS = (
    ("reference", "url", ["url", "parameter", "rk"], "url IS NOT NULL"),
    ("date", "long", ["parameter", "high_ms", "rk"], "high_ms - low_ms >= 86400000"),
    ("number", "long", ["parameter", "high", "rk"], "high > low"),
    ("quantity", "long", ["parameter", "high", "rk"], "high > low"),
    ("compound", "long", ["parameter", "code", "second_high", "rk"], "second_high > second_low"),
)


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "index_compound",
        sa.Column("parameter", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("second_system", sa.String(), nullable=True),
        sa.Column("second_code", SORTED_TEXT, nullable=True),
        sa.Column("second_low", DOUBLE, nullable=True),
        sa.Column("second_high", DOUBLE, nullable=True),
        sa.Column("third_low", DOUBLE, nullable=True),
        sa.Column("third_high", DOUBLE, nullable=True),
        sa.Column("rk", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rk"], ["resource.rk"]),
        sa.PrimaryKeyConstraint("rk", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "index_compound_value",
        "index_compound",
        ["parameter", "code", "second_low", "second_code", "rk"],
        unique=False,
    )
    _change_indexes()
    if op.get_context().dialect.name == "postgresql":
        for table, column in SORTED_COLUMNS:
            op.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE VARCHAR COLLATE "C"')


def _change_indexes() -> None:
    op.drop_index("index_token_value", "index_token")
    op.create_index("index_token_value", "index_token", ["parameter", "code", "rk", "system"], unique=False)
    op.drop_index("index_reference_value", "index_reference")
    op.create_index(
        "index_reference_value", "index_reference", ["id", "type", "parameter", "rk", "url"], unique=False
    )
    op.create_index("resource_type_rk", "resource", ["type", "rk"], unique=False)
    for kind, name, columns, where in PARTS:
        op.create_index(
            f"index_{kind}_{name}",
            f"index_{kind}",
            columns,
            unique=False,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
