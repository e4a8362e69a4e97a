"""What Herald writes down, and where: one transaction over small repositories."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.agreement import Decision
from bot.domain.audit import AuditLog
from bot.domain.automatic import Proposals
from bot.domain.change_request import ChangeRequest, Evidence, RequestState
from bot.domain.freezing import Freezes
from bot.domain.health import Waiting
from bot.domain.health_record import Digests, Samples
from bot.domain.ledger import Ledger
from bot.domain.messages import StoredCard
from bot.domain.names import AliasName, CardKey, ModelName, RequestId, SlackUserId
from bot.domain.outbox import Outbox
from bot.domain.steps import JournalEntry


class Requests(Protocol):
    """Stored change requests."""

    async def next_id(self) -> RequestId:
        """Return a number that no request had before."""
        ...

    async def add(self, request: ChangeRequest) -> None:
        """Store a new request with its evidence."""
        ...

    async def get(self, request: RequestId) -> ChangeRequest | None:
        """Return a request, or None."""
        ...

    async def get_to_change(self, request: RequestId) -> ChangeRequest | None:
        """Return a request, or None; others who ask for it so wait until this transaction ends."""
        ...

    async def store(self, request: ChangeRequest) -> None:
        """Store a changed request; ``StaleWriteError`` when ``row_version`` is not the stored one.

        A new evidence revision is added beside the earlier ones, which are never changed.
        """
        ...

    async def count(self) -> Mapping[RequestState, int]:
        """Return how many requests there are in each state that has any."""
        ...

    async def waiting(self) -> Waiting:
        """Return how many requests wait for approval, and since when."""
        ...

    async def find(self, query: "RequestQuery") -> tuple[ChangeRequest, ...]:
        """Return matching requests, newest first unless the query says otherwise."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestQuery:
    """Which change requests to return; None for any.

    Attributes:
        expires_before: Only those that expire at or before this moment.
        after: Only those with a higher number, and the oldest of them first.
    """

    states: frozenset[RequestState] | None = None
    model: ModelName | None = None
    version: int | None = None
    alias: AliasName | None = None
    requester: SlackUserId | None = None
    expires_before: datetime | None = None
    after: RequestId | None = None
    limit: int = 50


class Decisions(Protocol):
    """Stored decisions: one per request, evidence revision and person; the latest replaces."""

    async def record(self, decision: Decision) -> None:
        """Store a decision in place of the same person's earlier one on that revision."""
        ...

    async def of(self, request: RequestId) -> tuple[Decision, ...]:
        """Return all decisions on a request, of every revision, oldest first."""
        ...

    async def evidence_of(self, request: RequestId) -> tuple[Evidence, ...]:
        """Return every revision of a request's evidence, oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One replica's right to execute one request for a while.

    Attributes:
        fence: Rises with each claim; a replica that finds a higher one has lost its right.
        journal: What this revision's execution has done so far, in the order of starting.
    """

    request: ChangeRequest
    owner: str
    fence: int
    journal: tuple[JournalEntry, ...] = ()


class Claims(Protocol):
    """Leases on requests and locks on resources."""

    async def claim(self, owner: str, lease: timedelta) -> Claim | None:
        """Claim the oldest request that is runnable, awake and unleased, locking its resources.

        A request whose resources another one holds is passed over: it moves to ``queued`` and its
        note names the holder. Resources are locked all or none.
        """
        ...

    async def renew(self, claim: Claim, lease: timedelta) -> int:
        """Lengthen a lease and return the request's row version.

        Raises:
            LostLeaseError: The fence has risen.
        """
        ...

    async def pause(self) -> timedelta | None:
        """Return how long until a wait or a lease ends, None when no request waits for a time."""
        ...

    async def release(self, claim: Claim) -> None:
        """Give the lease back; locks go too unless the stored request holds them."""
        ...

    async def holder(self, resource: str) -> RequestId | None:
        """Return the request that holds a resource, or None."""
        ...

    async def free(self, request: RequestId) -> None:
        """Give back all locks of a request."""
        ...


class Journal(Protocol):
    """The steps of executions, by name."""

    async def put(self, entry: JournalEntry) -> None:
        """Store an entry in place of the earlier one of the same request, revision and step."""
        ...

    async def of(self, request: RequestId, revision: int) -> tuple[JournalEntry, ...]:
        """Return the entries of one execution in the order in which steps started."""
        ...


class Cards(Protocol):
    """What buttons lead to."""

    async def add(self, card: StoredCard) -> None:
        """Store a card; the same key again changes nothing."""
        ...

    async def get(self, key: CardKey) -> StoredCard | None:
        """Return what a key stands for, or None."""
        ...

    async def of_request(self, request: RequestId, revision: int) -> StoredCard | None:
        """Return the card of one revision of a request's evidence, or None."""
        ...


class UnitOfWork(Protocol):
    """One transaction over everything that Herald stores."""

    @property
    def requests(self) -> Requests:
        """Change requests."""
        ...

    @property
    def decisions(self) -> Decisions:
        """Decisions."""
        ...

    @property
    def claims(self) -> Claims:
        """Leases and locks."""
        ...

    @property
    def journal(self) -> Journal:
        """Steps."""
        ...

    @property
    def ledger(self) -> Ledger:
        """Values over time."""
        ...

    @property
    def audit(self) -> AuditLog:
        """What happened."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Messages."""
        ...

    @property
    def cards(self) -> Cards:
        """What buttons lead to."""
        ...

    @property
    def samples(self) -> Samples:
        """What endpoints did."""
        ...

    @property
    def digests(self) -> Digests:
        """Reports that were posted."""
        ...

    @property
    def freezes(self) -> Freezes:
        """Freezes that people declared."""
        ...

    @property
    def proposals(self) -> Proposals:
        """What policies proposed by themselves."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def transaction(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a transaction: committed when the block ends, rolled back when it raises.

        Transactions that write are serialised on SQLite (``BEGIN IMMEDIATE``).
        """
        ...
