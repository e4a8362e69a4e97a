"""What Herald says, as values: the views turn each of them into blocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.agreement import Agreement, Decision
from bot.domain.change_request import ChangeRequest
from bot.domain.freezing import Freeze
from bot.domain.metrics import MetricDefinition
from bot.domain.names import (
    AliasName,
    CardKey,
    ChannelId,
    MessageTs,
    ModelName,
    RequestId,
    RoleName,
    SlackUserId,
)
from bot.domain.people import Action, Doubt, RoleMembers, Standing
from bot.domain.plan import Plan
from bot.domain.policy import CheckOutcome
from bot.domain.registry import Dataset, ModelVersion, RegisteredModel
from bot.domain.serving import ServingEndpoint
from bot.domain.steps import JournalEntry
from bot.domain.tagging import TagOffer
from bot.domain.verdict import Verdict


class CardKind(StrEnum):
    """What a stored card is about, and so what its buttons may do."""

    REQUEST = "request"
    COMPARISON = "comparison"
    CHECK = "check"
    HEALTH = "health"
    COMPLIANCE = "compliance"
    TAG = "tag"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCard:
    """What a button's value leads to; a button carries the key and nothing else.

    Attributes:
        subject: JSON values: a request's number, or the model and versions of a comparison.
        revision: The evidence revision that the card showed; 1 where there is only one.
    """

    key: CardKey
    kind: CardKind
    subject: Mapping[str, str | int]
    revision: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """A message in a channel."""

    channel: ChannelId
    ts: MessageTs


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One line of progress.

    Attributes:
        name: The step's name in the journal.
        state: ``pending``, ``in_progress``, ``complete`` or ``error``.
        detail: What it found or waits for; may be empty.
        seconds: How long it took; None while it has not ended.
    """

    name: str
    state: str
    detail: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCard:
    """All that the public card of a change request shows, read from the store at one moment.

    Attributes:
        key: Key for its buttons, of the present evidence revision.
        decisions: Every person's latest decision on the present revision.
        void: Decisions on earlier revisions, which no longer count.
        eligible: Who may still approve, by role; a role that cannot be read is not in it.
        names: Their names, where they are few.
        groups: Ids of the Slack groups behind a role of which many may approve.
        doubts: What is not known of ``eligible``, by role.
        steps: Progress of the execution; empty before it began.
        audit_head: Hash of the audit log's last event when the card closed; empty before.
        is_of_champion: Whether it is about the champion: only that one can be rolled back.
        replaced_by: The newest later request that moved the same alias of the model; None while no
            request of Herald's has moved it since.
        shown_at: When the card is drawn.
    """

    key: CardKey
    request: ChangeRequest
    agreement: Agreement
    decisions: tuple[Decision, ...] = ()
    void: tuple[Decision, ...] = ()
    eligible: Mapping[RoleName, tuple[SlackUserId, ...]] = field(default_factory=dict)
    names: Mapping[SlackUserId, str] = field(default_factory=dict)
    groups: Mapping[RoleName, tuple[str, ...]] = field(default_factory=dict)
    doubts: Mapping[RoleName, frozenset[Doubt]] = field(default_factory=dict)
    steps: tuple[StepView, ...] = ()
    audit_head: str = ""
    is_of_champion: bool = True
    replaced_by: RequestId | None = None
    shown_at: datetime


class Better(StrEnum):
    """How a value of the second version stands against the first."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRow:
    """One line of a comparison.

    Attributes:
        definition: None when the catalogue does not know the metric, so that nothing can be said
            about better or worse.
        base: Value of the version compared against; None for no data.
        other: Value of the version under comparison; None for no data.
        is_same_dataset: None when either was logged without a dataset.
        outcomes: What policies say of this metric of the version under comparison.
    """

    key: str
    definition: MetricDefinition | None
    base: float | None
    other: float | None
    better: Better
    is_same_dataset: bool | None = None
    outcomes: tuple[CheckOutcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value of the base version and of the other; None for absent."""

    key: str
    base: str | None
    other: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two versions of a comparison, with the aliases that name it."""

    version: ModelVersion
    aliases: tuple[AliasName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two versions of a model side by side.

    Attributes:
        key: Key for its buttons; None when it is shared in a channel without buttons.
        base: The version compared against, the champion by default.
        other: The version under comparison, the challenger by default.
        parameters: Those that differ; ``same_parameters`` counts the others.
        tags: Those that differ, without Herald's own.
        signature: Differences of inputs and outputs as JSON text; empty for unchanged.
        is_signature_known: False when either version has no readable signature.
        datasets: Evaluation datasets of base and other.
        unreadable: What could not be read, one line each, for people.
        shared_by: Who shared it in the channel; None in the private answer.
    """

    key: CardKey | None
    model: ModelName
    base: Side
    other: Side
    metrics: tuple[MetricRow, ...]
    parameters: tuple[Difference, ...] = ()
    same_parameters: int = 0
    tags: tuple[Difference, ...] = ()
    signature: tuple[Difference, ...] = ()
    is_signature_known: bool = True
    base_datasets: tuple[Dataset, ...] = ()
    other_datasets: tuple[Dataset, ...] = ()
    trained_by: str = ""
    trained_at: datetime | None = None
    commit: str = ""
    run_id: str = ""
    unreadable: tuple[str, ...] = ()
    shared_by: SlackUserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSheet:
    """One registered model: aliases, versions, endpoints, way back.

    Attributes:
        versions: Newest first.
        selected: The version that was asked for; None for the whole model.
        rollback_to: Where a rollback of the champion would lead; None for nowhere.
        endpoints: None when the serving platform does not answer.
        open_request: A change request that is open for this model.
    """

    model: RegisteredModel
    versions: tuple[ModelVersion, ...]
    selected: ModelVersion | None = None
    endpoints: tuple[ServingEndpoint, ...] | None = ()
    champion: int | None = None
    rollback_to: int | None = None
    open_request: RequestId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelList:
    """Registered models that match some words; ``total`` counts all of them."""

    words: tuple[str, ...]
    models: tuple[RegisteredModel, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What policies would say of a change, without asking for it.

    Attributes:
        plan: What would be written.
        freezes: What would hold it up now, the one that ends last first.
        offers: Tags that can be written by a click.
        holder: The open request that holds the alias, so that nothing else can be asked for.
    """

    key: CardKey | None
    model: ModelName
    alias: AliasName
    version: int
    plan: Plan
    verdict: Verdict
    skew: tuple[str, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    offers: tuple[TagOffer, ...] = ()
    holder: ChangeRequest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestList:
    """Change requests, newest first.

    Attributes:
        scope: ``mine``, ``waiting`` or ``all``.
        total: How many there are, of which ``requests`` shows the newest.
    """

    scope: str
    requests: tuple[ChangeRequest, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDetails:
    """Everything about one change request: the whole evidence, every decision and step."""

    card: RequestCard
    journal: tuple[JournalEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A change request was made; its public card is on the way.

    Attributes:
        request: Denied, pending or already approved by policy.
    """

    request: ChangeRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoAmI:
    """What somebody is and may do, and for which roles he can approve.

    Attributes:
        decides: The policies that ask each of these roles.
        is_asker: Whether it is about whoever asked.
    """

    standing: Standing
    approves_as: tuple[RoleName, ...] = ()
    decides: Mapping[RoleName, tuple[str, ...]] = field(default_factory=dict)
    is_asker: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSheet:
    """Who has a role, what it may do, and what it decides.

    Attributes:
        members: Where its people come from.
        people: Some of them; ``count`` counts all that could be found, full members only unless
            they are too many to be looked at.
        unread: Why some of its people cannot be read now; empty when they can.
        doubts: What is not known of its people.
        gone: Groups that give it and do not exist.
        decides: The policies that ask it.
    """

    role: RoleName
    members: RoleMembers
    people: tuple[SlackUserId, ...] = ()
    count: int = 0
    unread: str = ""
    doubts: frozenset[Doubt] = frozenset()
    gone: tuple[str, ...] = ()
    actions: frozenset[Action] = frozenset()
    decides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A short private answer: the present truth after a click that changed nothing, or a receipt.

    Attributes:
        text: One or two plain sentences; user text in it is already quoted by the view.
    """

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Who gets a private answer, and by which way.

    Attributes:
        channel: Where the answer is shown to him alone; empty when he asked from no channel.
        response_url: Slack's one for this payload; None when it gave none.
        thread: The thread in which he asked; None for the channel itself.
    """

    user: SlackUserId
    channel: ChannelId
    response_url: str | None = None
    thread: MessageTs | None = None

    @property
    def is_alone(self) -> bool:
        """Whether nobody else reads along: the direct conversation with Herald."""
        return self.channel.startswith("D")
