"""A directory, policies and a chat in memory."""

import asyncio
from dataclasses import dataclass, field

from bot.domain.errors import (
    BackEndRefusedError,
    BackEndUnavailableError,
    ChannelClosedError,
    NotFoundError,
    RateLimitedError,
)
from bot.domain.health import HealthReport
from bot.domain.messages import Comparison, MessageRef, RequestCard
from bot.domain.names import ChannelId, MessageTs, RequestId, SlackUserId
from bot.domain.people import Addresses, Person
from bot.domain.policy import PolicySet
from bot.domain.ports import Announced


@dataclass
class FakeDirectory:
    """People and groups; unreachable when ``is_down``, silent until ``hangs`` is set.

    Of the ``hidden`` it tells nothing.
    """

    people: dict[SlackUserId, Person] = field(default_factory=dict)
    groups: dict[str, frozenset[SlackUserId]] = field(default_factory=dict)
    hidden: set[SlackUserId] = field(default_factory=set)
    is_down: bool = False
    hangs: asyncio.Event | None = None

    async def person(self, user: SlackUserId) -> Person:
        if self.hangs is not None:
            await self.hangs.wait()
        self._answer()
        if user in self.hidden:
            raise BackEndRefusedError("Slack", "user_not_visible")
        if user not in self.people:
            raise NotFoundError("Slack", f"there is nobody {user}")
        return self.people[user]

    async def members(self, group: str) -> frozenset[SlackUserId]:
        self._answer()
        if group not in self.groups:
            raise NotFoundError("Slack", f"there is no group {group}")
        return self.groups[group]

    async def group_id(self, group: str) -> str:
        await self.members(group)
        return f"S0{group.upper().replace('-', '')}"

    async def by_email(self, address: str) -> SlackUserId | None:
        self._answer()
        found = [user for user, who in self.people.items() if who.email.lower() == address]
        return found[0] if found else None

    def _answer(self) -> None:
        if self.is_down:
            raise BackEndUnavailableError("Slack", "no answer within 10 s")


@dataclass
class FakeGroups:
    """Groups of the platform by address of their members.

    Unreachable when ``is_down``; says no when it ``refuses``. Groups of groups are ``nested``.
    """

    of: dict[str, frozenset[str]] = field(default_factory=dict)
    nested: set[str] = field(default_factory=set)
    is_down: bool = False
    refuses: bool = False

    async def groups_of(self, email: str) -> frozenset[str]:
        self._answer()
        return self.of.get(email.lower(), frozenset())

    async def members(self, group: str) -> Addresses:
        self._answer()
        found = frozenset(email for email, groups in self.of.items() if group in groups)
        exists = bool(found) or group in self.nested
        return Addresses(found=found, is_whole=group not in self.nested, exists=exists)

    def _answer(self) -> None:
        if self.is_down:
            raise BackEndUnavailableError("Databricks", "no answer within 10 s")
        if self.refuses:
            raise BackEndRefusedError("Databricks", "403")


@dataclass
class FakePolicies:
    """Policies that a test may swap."""

    policies: PolicySet

    def current(self) -> PolicySet:
        return self.policies


@dataclass
class FakeNotifier:
    """A chat that remembers every card as it was drawn last, and loses answers when told to."""

    cards: dict[MessageTs, RequestCard] = field(default_factory=dict)
    replies: dict[str, str] = field(default_factory=dict)
    shared: list[Comparison] = field(default_factory=list)
    drawn: list[RequestCard] = field(default_factory=list)
    news: list[tuple[ChannelId, Announced]] = field(default_factory=list)
    announced_keys: list[str] = field(default_factory=list)
    health: list[tuple[str, HealthReport]] = field(default_factory=list)
    health_channels: list[ChannelId] = field(default_factory=list)
    is_down: bool = False
    says_wait_s: float = 0
    tries: int = 0
    loses_answers: int = 0
    closed: dict[ChannelId, str] = field(default_factory=dict)
    told: list[tuple[SlackUserId, str]] = field(default_factory=list)
    told_keys: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    unreachable: set[SlackUserId] = field(default_factory=set)

    async def post(self, channel: ChannelId, card: RequestCard) -> MessageRef:
        self._answer(channel)
        ts = MessageTs(f"{len(self.cards) + 1}.0")
        self.cards[ts] = card
        self.drawn.append(card)
        if self.loses_answers:
            self.loses_answers -= 1
            raise BackEndUnavailableError("Slack", "the answer was lost")
        return MessageRef(channel=channel, ts=ts)

    async def announce(self, channel: ChannelId, news: Announced, key: str = "") -> None:
        self._answer(channel)
        self.news.append((channel, news))
        self.announced_keys.append(key)
        if self.loses_answers:
            self.loses_answers -= 1
            raise BackEndUnavailableError("Slack", "the answer was lost")

    async def has_announced(self, channel: ChannelId, key: str) -> bool:
        self._answer(channel)
        return key in self.announced_keys

    async def update(self, message: MessageRef, card: RequestCard) -> None:
        self._answer(message.channel)
        if message.ts not in self.cards:
            raise NotFoundError("Slack", "message_not_found")
        self.cards[message.ts] = card
        self.drawn.append(card)

    async def find(self, channel: ChannelId, request: RequestId) -> MessageRef | None:
        self._answer(channel)
        for ts, card in self.cards.items():
            if card.request.id == request:
                return MessageRef(channel=channel, ts=ts)
        return None

    async def reply(self, message: MessageRef, text: str, key: str, ring: str = "") -> None:
        self._answer(message.channel)
        self.replies.setdefault(key, f"<!subteam^{ring}> {text}" if ring else text)

    async def tell(self, user: SlackUserId, text: str, key: str = "", link: str = "") -> None:
        self._answer()
        if user in self.unreachable:
            raise BackEndRefusedError("Slack", "cannot_dm_bot")
        if key and key in self.told_keys:
            return
        self.told_keys.append(key)
        self.told.append((user, text))
        self.links.append(link)
        if self.loses_answers:
            self.loses_answers -= 1
            raise BackEndUnavailableError("Slack", "the answer was lost")

    async def link(self, message: MessageRef) -> str:
        self._answer()
        return f"https://chat.example/archives/{message.channel}/p{message.ts}"

    async def share(self, channel: ChannelId, comparison: Comparison) -> None:
        self._answer(channel)
        self.shared.append(comparison)

    async def post_health(self, channel: ChannelId, report: HealthReport, slot: str) -> MessageRef:
        self._answer(channel)
        self.health.append((slot, report))
        self.health_channels.append(channel)
        if self.loses_answers:
            self.loses_answers -= 1
            raise BackEndUnavailableError("Slack", "the answer was lost")
        return MessageRef(channel=channel, ts=MessageTs(f"{len(self.health)}.5"))

    async def find_health(self, channel: ChannelId, slot: str) -> MessageRef | None:
        self._answer()
        for number, (posted, _) in enumerate(self.health, start=1):
            if posted == slot:
                return MessageRef(channel=channel, ts=MessageTs(f"{number}.5"))
        return None

    def _answer(self, channel: ChannelId | None = None) -> None:
        self.tries += 1
        if self.says_wait_s:
            raise RateLimitedError("Slack", "too many calls", retry_after_s=self.says_wait_s)
        if channel in self.closed:
            raise ChannelClosedError("Slack", self.closed[channel])
        if self.is_down:
            raise BackEndUnavailableError("Slack", "no answer within 10 s")
