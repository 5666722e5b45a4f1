"""Whose record it is beside each record, and the audit by patient."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Nothing yet."""
