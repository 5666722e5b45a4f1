"""Accounts, sessions, and what programs were granted."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make their tables."""
    op.create_table(
        "account",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("clinics", sa.String(), nullable=False),
        sa.Column("practitioner", sa.String(), nullable=True),
        sa.Column("patients", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("disabled", sa.SmallInteger(), nullable=False),
        sa.Column("made_ms", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("login"),
        sa.UniqueConstraint("subject"),
    )
    op.create_table(
        "app",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("redirects", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=True),
        sa.Column("jwks", sa.String(), nullable=True),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("clinics", sa.String(), nullable=False),
        sa.Column("disabled", sa.SmallInteger(), nullable=False),
        sa.Column("made_ms", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made_ms", NUMBER, nullable=False),
        sa.Column("used_ms", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("passkey_account", "passkey", ["account"], unique=False)
    op.create_table(
        "login_session",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("opened_ms", NUMBER, nullable=False),
        sa.Column("seen_ms", NUMBER, nullable=False),
        sa.Column("until_ms", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"]),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("login_session_account", "login_session", ["account"], unique=False)
    op.create_table(
        "app_grant",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("app", sa.String(), nullable=True),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("clinics", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("patient", sa.String(), nullable=True),
        sa.Column("made_ms", NUMBER, nullable=False),
        sa.Column("until_ms", NUMBER, nullable=False),
        sa.Column("used_ms", NUMBER, nullable=True),
        sa.Column("revoked_ms", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"]),
        sa.ForeignKeyConstraint(["app"], ["app.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("app_grant_account", "app_grant", ["account"], unique=False)
    op.create_index("app_grant_until", "app_grant", ["until_ms"], unique=False)
    op.create_table(
        "secret",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("until_ms", NUMBER, nullable=False),
        sa.Column("used_ms", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("secret_owner", "secret", ["owner"], unique=False)
    op.create_index("secret_until", "secret", ["until_ms"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_ms", NUMBER, nullable=False),
        sa.Column("until_ms", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "signing_key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("stored", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.SmallInteger(), nullable=False),
        sa.Column("made_ms", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
