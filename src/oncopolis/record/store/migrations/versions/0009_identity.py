"""Keys by which patients who may be the same are found, and whom merged ones were replaced by."""

revision = "0009"
down_revision = "0008"
CHANGES_INDEX_ROWS = True


def upgrade() -> None:
    """Change no table: they are index rows of patients, which are made anew."""
