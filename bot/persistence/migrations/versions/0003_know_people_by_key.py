"""Know whose word a decision is across accounts, and to whom a message goes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("decisions", sa.Column("person_key", sa.String(), nullable=True))
    op.add_column("outbox", sa.Column("addressee", sa.String(), nullable=True))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("outbox", "addressee")
    op.drop_column("decisions", "person_key")
