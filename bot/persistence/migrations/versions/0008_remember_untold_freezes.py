"""Remember which freezes the channel of releases has not been told of."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "freeze_news",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("news", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("freeze_news")
