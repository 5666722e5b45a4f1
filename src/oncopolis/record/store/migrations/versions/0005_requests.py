"""Idempotency keys by caller, numbered in their order."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Move them to a table of the new form; whose the old ones are is not known."""
    op.rename_table("request", "request_before")
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER INDEX request_pkey RENAME TO request_before_pkey")
    op.create_table(
        "request",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("at_ms", NUMBER, nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("who", "key", name="request_who_key"),
        sqlite_autoincrement=True,
    )
    op.execute(
        "INSERT INTO request (who, key, fingerprint, at_ms, result) "
        "SELECT '', key, fingerprint, at_ms, result FROM request_before ORDER BY at_ms, key"
    )
    op.drop_table("request_before")
