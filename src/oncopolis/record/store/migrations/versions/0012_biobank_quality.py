"""Quality of the biobank: evidence, what does not conform, audits by sample; export permits and payments."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOUBLE = sa.Float(53)  # structure: bits of a double


def upgrade() -> None:
    """Make their tables; a shipment says where it goes, and by which permit."""
    _make_quality()
    _make_audits()
    _make_uses()


def _make_quality() -> None:
    op.create_table(
        "bank_evidence",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("requirement", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("at_ms", NUMBER, nullable=False),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_evidence_turn", "bank_evidence", ["turn"], unique=False)
    op.create_table(
        "bank_nonconformity",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("requirement", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("found_by", sa.String(), nullable=False),
        sa.Column("found_ms", NUMBER, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("due_ms", NUMBER, nullable=True),
        sa.Column("closed_ms", NUMBER, nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_nonconformity_turn", "bank_nonconformity", ["turn"], unique=False)


def _make_audits() -> None:
    op.create_table(
        "bank_audit",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("n_population", NUMBER, nullable=False),
        sa.Column("n_sample", NUMBER, nullable=False),
        sa.Column("confidence", DOUBLE, nullable=False),
        sa.Column("share", DOUBLE, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("begun_ms", NUMBER, nullable=False),
        sa.Column("n_wrong", NUMBER, nullable=True),
        sa.Column("most_wrong", NUMBER, nullable=True),
        sa.Column("done_ms", NUMBER, nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_audit_turn", "bank_audit", ["turn"], unique=False)
    op.create_table(
        "bank_audited",
        sa.Column("audit", NUMBER, autoincrement=False, nullable=False),
        sa.Column("n", NUMBER, autoincrement=False, nullable=False),
        sa.Column("specimen", NUMBER, nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("found_by", sa.String(), nullable=False),
        sa.Column("at_ms", NUMBER, nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("audit", "n"),
    )
    op.create_index("bank_audited_turn", "bank_audited", ["turn"], unique=False)


def _make_uses() -> None:
    op.create_table(
        "bank_permit",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("from_ms", NUMBER, nullable=False),
        sa.Column("until_ms", NUMBER, nullable=False),
        sa.Column("n_most", NUMBER, nullable=False),
        sa.Column("n_used", NUMBER, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("bank_permit_turn", "bank_permit", ["turn"], unique=False)
    op.create_table(
        "bank_payment",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("request", NUMBER, nullable=False),
        sa.Column("amount", DOUBLE, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("at_ms", NUMBER, nullable=False),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_payment_request", "bank_payment", ["request"], unique=False)
    op.create_index("bank_payment_turn", "bank_payment", ["turn"], unique=False)
    op.add_column("bank_shipment", sa.Column("country", sa.String(), nullable=False, server_default=""))
    op.add_column("bank_shipment", sa.Column("permit", NUMBER, nullable=True))
