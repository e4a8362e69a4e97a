"""Remember since when each policy has proposed what gets an alias."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table; what got its alias before this moment is not proposed any more."""
    op.create_table(
        "automatic_watches",
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("policy"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("automatic_watches")
