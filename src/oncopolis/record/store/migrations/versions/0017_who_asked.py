"""Who asked for specimens, so that nobody decides on their own request."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add a column; of requests that were asked before, nobody is known."""
    op.add_column("bank_request", sa.Column("asked_by", sa.String(), nullable=False, server_default=""))
