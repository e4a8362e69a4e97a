"""The tables; migrations under ``migrations/versions`` bring a database to this form."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from bot.domain.change_request import OPEN, Resolution
from bot.domain.freezing import FreezeNews
from bot.domain.health import Observation, Standing
from bot.domain.names import RoleName
from bot.domain.plan import Plan
from bot.domain.verdict import Verdict
from bot.persistence.column_types import BucketsJson, CanonicalJson, Document, UtcDateTime

metadata = MetaData()

_STILL_OPEN = text(f"state IN ({', '.join(repr(state.value) for state in sorted(OPEN))})")


def _request_key(name: str = "request_id", *, key: bool = True) -> "Column[int]":
    return Column(
        name, Integer, ForeignKey("change_requests.id"), primary_key=key, nullable=not key
    )


change_requests = Table(
    "change_requests",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("model", String, nullable=False),
    Column("alias", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("requester", String, nullable=False),
    Column("requester_key", String),
    Column("reason", Text, nullable=False),
    Column("channel", String, nullable=False),
    Column("state", String, nullable=False),
    Column("evidence_revision", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("began_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("note", Text, nullable=False),
    Column("standing", Document(tuple[str, ...]), nullable=False),
    Column("wake_at", UtcDateTime),
    Column("resolution", Document(Resolution)),
    Column("row_version", Integer, nullable=False),
    Column("lease_owner", String),
    Column("lease_until", UtcDateTime),
    Column("fence", Integer, nullable=False, server_default="0"),
    Index("ix_change_requests_state", "state", "expires_at"),
    Index("ix_change_requests_requester", "requester"),
    Index("ix_change_requests_model", "model", "alias"),
    Index(
        "uq_change_requests_open",
        "model",
        "alias",
        unique=True,
        sqlite_where=_STILL_OPEN,
        postgresql_where=_STILL_OPEN,
    ),
)

evidence = Table(
    "evidence",
    metadata,
    _request_key(),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("plan", Document(Plan), nullable=False),
    Column("verdict", Document(Verdict), nullable=False),
    Column("content", CanonicalJson, nullable=False),
    Column("content_hash", String, nullable=False),
    Column("collected_at", UtcDateTime, nullable=False),
    Column("differences", Document(tuple[str, ...]), nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("request_id", Integer, primary_key=True, autoincrement=False),
    Column("evidence_revision", Integer, primary_key=True, autoincrement=False),
    Column("person", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("person_key", String),
    Column("roles", Document(frozenset[RoleName]), nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    ForeignKeyConstraint(
        ["request_id", "evidence_revision"], ["evidence.request_id", "evidence.revision"]
    ),
)

locks = Table(
    "locks",
    metadata,
    Column("resource", String, primary_key=True),
    Column("request_id", Integer, ForeignKey("change_requests.id"), nullable=False),
    Index("ix_locks_request", "request_id"),
)

journal = Table(
    "journal",
    metadata,
    _request_key(),
    Column("evidence_revision", Integer, primary_key=True, autoincrement=False),
    Column("step", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("output", Text, nullable=False),
    Column("error", Text, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("model", String, nullable=False),
    Column("place", String, nullable=False),
    Column("value", String),
    Column("cause", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    _request_key(key=False),
    Index("ix_ledger_place", "model", "place", "number"),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("details", CanonicalJson, nullable=False),
    Column("previous_hash", String, nullable=False),
    Column("hash", String, nullable=False),
    Index("ix_audit_log_subject", "subject", "number"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("key", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("request_id", Integer, ForeignKey("change_requests.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("addressee", String),
    Column("attempts", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
)

card_messages = Table(
    "card_messages",
    metadata,
    _request_key(),
    Column("channel", String, nullable=False),
    Column("ts", String, nullable=False),
)

cards = Table(
    "cards",
    metadata,
    Column("key", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject", Document(Mapping[str, str | int]), nullable=False),
    _request_key(key=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_cards_request", "request_id", "revision"),
)

sample_turns = Table("sample_turns", metadata, Column("minute", UtcDateTime, primary_key=True))


def _figures() -> "list[Column[Any]]":
    return [
        Column("requests", Integer),
        Column("client_errors", Integer),
        Column("server_errors", Integer),
        Column("latency", BucketsJson),
    ]


endpoint_minutes = Table(
    "endpoint_minutes",
    metadata,
    Column("endpoint", String, primary_key=True),
    Column("minute", UtcDateTime, primary_key=True),
    *_figures(),
    Index("ix_endpoint_minutes_minute", "minute"),
)

endpoint_hours = Table(
    "endpoint_hours",
    metadata,
    Column("endpoint", String, primary_key=True),
    Column("hour", UtcDateTime, primary_key=True),
    Column("judged", Integer, nullable=False),
    *_figures(),
    Index("ix_endpoint_hours_hour", "hour"),
)

endpoint_observations = Table(
    "endpoint_observations",
    metadata,
    Column("endpoint", String, primary_key=True),
    Column("observation", Document(Observation), nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("slot", UtcDateTime, primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("free_at", UtcDateTime, nullable=False),
    Column("posted_at", UtcDateTime),
    Column("standings", Document(tuple[Standing, ...])),
)

freezes = Table(
    "freezes",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("models", Document(tuple[str, ...]), nullable=False),
    Column("begins_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime),
    Column("declared_by", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("lifted_at", UtcDateTime),
    Column("lifted_by", String),
    Index("ix_freezes_lifted_at", "lifted_at"),
)

freeze_news = Table(
    "freeze_news",
    metadata,
    Column("key", String, primary_key=True),
    Column("news", Document(FreezeNews), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
)

automatic_proposals = Table(
    "automatic_proposals",
    metadata,
    Column("model", String, primary_key=True),
    Column("alias", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("policy", String, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("request_id", Integer),
    Index("ix_automatic_proposals_policy", "policy", "taken_at"),
)

automatic_watches = Table(
    "automatic_watches",
    metadata,
    Column("policy", String, primary_key=True),
    Column("alias", String, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

switches = Table(
    "switches",
    metadata,
    Column("name", String, primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("moved_by", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("moved_at", UtcDateTime),
)
