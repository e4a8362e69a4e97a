"""Add what endpoints did, and the digests that were posted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "sample_turns",
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("minute"),
    )
    op.create_table(
        "endpoint_minutes",
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=True),
        sa.Column("client_errors", sa.Integer(), nullable=True),
        sa.Column("server_errors", sa.Integer(), nullable=True),
        sa.Column("latency", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("endpoint", "minute"),
    )
    op.create_index("ix_endpoint_minutes_minute", "endpoint_minutes", ["minute"])
    op.create_table(
        "endpoint_hours",
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=True),
        sa.Column("client_errors", sa.Integer(), nullable=True),
        sa.Column("server_errors", sa.Integer(), nullable=True),
        sa.Column("latency", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("endpoint", "hour"),
    )
    op.create_index("ix_endpoint_hours_hour", "endpoint_hours", ["hour"])
    op.create_table(
        "endpoint_observations",
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("observation", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint"),
    )
    op.create_table(
        "digests",
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("standings", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("slot"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("digests")
    op.drop_table("endpoint_observations")
    op.drop_table("endpoint_hours")
    op.drop_table("endpoint_minutes")
    op.drop_table("sample_turns")
