"""One transaction over all repositories."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ports import Clock
from bot.persistence.audit_log import SqlAuditLog
from bot.persistence.cards import SqlCards
from bot.persistence.claims import Records, SqlClaims
from bot.persistence.decisions import SqlDecisions
from bot.persistence.digests import SqlDigests
from bot.persistence.freezes import SqlFreezes
from bot.persistence.journal import SqlJournal
from bot.persistence.ledger import SqlLedger
from bot.persistence.outbox import SqlOutbox
from bot.persistence.proposals import SqlProposals
from bot.persistence.requests import SqlRequests
from bot.persistence.samples import SqlSamples


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlUnitOfWork:
    """Implements ``UnitOfWork``."""

    requests: SqlRequests
    decisions: SqlDecisions
    claims: SqlClaims
    journal: SqlJournal
    ledger: SqlLedger
    audit: SqlAuditLog
    outbox: SqlOutbox
    cards: SqlCards
    samples: SqlSamples
    digests: SqlDigests
    freezes: SqlFreezes
    proposals: SqlProposals


def unit_of_work(connection: AsyncConnection, clock: Clock) -> SqlUnitOfWork:
    """Return the repositories of a connection that is in a transaction."""
    requests, audit = SqlRequests(connection), SqlAuditLog(connection)
    outbox, journal = SqlOutbox(connection, clock), SqlJournal(connection)
    records = Records(requests=requests, audit=audit, outbox=outbox, journal=journal)
    return SqlUnitOfWork(
        requests=requests,
        decisions=SqlDecisions(connection),
        claims=SqlClaims(connection, clock, records),
        journal=journal,
        ledger=SqlLedger(connection),
        audit=audit,
        outbox=outbox,
        cards=SqlCards(connection),
        samples=SqlSamples(connection),
        digests=SqlDigests(connection, clock),
        freezes=SqlFreezes(connection),
        proposals=SqlProposals(connection),
    )
