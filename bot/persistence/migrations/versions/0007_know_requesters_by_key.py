"""Know who asked across accounts, whatever becomes of his address."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column; of requests before it the account alone is known."""
    op.add_column("change_requests", sa.Column("requester_key", sa.String(), nullable=True))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("change_requests", "requester_key")
