"""Answers how endpoints do over a period: at once for one asker, and for digests."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from bot.domain.figures import MINUTE, NO_FIGURES, Figures, Reading, Sample, sample_of, with_latest
from bot.domain.health import (
    Change,
    EndpointHealth,
    HealthReport,
    Observation,
    changes_between,
    health_of,
    standings_of,
)
from bot.domain.health_record import PostedDigest
from bot.domain.ledger import alias_place, endpoint_place
from bot.domain.messages import CardKind
from bot.domain.names import AliasName, CardKey, EndpointName, SlackUserId
from bot.domain.people import Action
from bot.domain.ports import Clock
from bot.domain.refusal import Refusal
from bot.domain.serving import ServingEndpoint
from bot.domain.store import Store, UnitOfWork
from bot.services.access import Access
from bot.services.card_keys import CardKeys
from bot.services.endpoints import matching
from bot.services.look import Look, Seen
from bot.services.opened_card import unknown_card

PERIOD = timedelta(hours=24)
"""What ``health`` looks back upon when nobody says otherwise."""
AT_ONCE = timedelta(hours=2)


class Health:
    """Makes reports."""

    def __init__(self, look: Look, store: Store, clock: Clock, champion: AliasName) -> None:
        self._look = look
        self._store = store
        self._clock = clock
        self._champion = champion

    async def of_words(self, words: tuple[str, ...]) -> HealthReport:
        """Return the report of the last day on endpoints that match every word."""
        endpoints = matching(words, await self._look.overview())
        since = self._clock.now() - PERIOD
        return replace(await self._report(endpoints, since), words=words)

    async def of_models(self, pattern: str) -> HealthReport:
        """Return the report since the latest digest on endpoints whose models fit a pattern."""
        async with self._store.transaction() as work:
            latest = await work.digests.latest()
        overview = await self._look.overview()
        endpoints = tuple(each for each in overview if _fits(each, pattern))
        since = latest.slot if latest else self._clock.now() - PERIOD
        report = await self._report(endpoints, since)
        return replace(report, words=() if pattern == "*" else (pattern,))

    async def _report(
        self, endpoints: tuple[ServingEndpoint, ...], since: datetime
    ) -> HealthReport:
        hour = since.replace(minute=0, second=0, microsecond=0)
        seen = await self._look.closely(endpoints)
        stored = await self._figures(hour)
        async with self._store.transaction() as work:
            began = await work.samples.began()
            observed = {o.sample.endpoint: o for o in await work.samples.observed()}
            waiting = await work.requests.waiting()
            latest = await work.digests.latest()
        healths = tuple(_health(each, seen, stored, observed) for each in seen.endpoints)
        now = self._clock.now()
        return HealthReport(
            since=max(hour, began) if began else now - MINUTE,
            at=now,
            endpoints=healths,
            changes=await self._changes(latest, healths),
            waiting=waiting,
            unread=seen.unread,
        )

    async def _figures(self, since: datetime) -> Mapping[EndpointName, Figures]:
        """Return the figures from an hour on, read in short transactions: clicks want in too."""
        totals: dict[EndpointName, Figures] = {}
        now = self._clock.now()
        while since <= now:
            async with self._store.transaction() as work:
                found = await work.samples.figures(since, since + AT_ONCE)
            for name, figures in found.items():
                totals[name] = totals.get(name, NO_FIGURES).plus(figures)
            since += AT_ONCE
        return totals

    async def _changes(
        self, latest: PostedDigest | None, healths: tuple[EndpointHealth, ...]
    ) -> tuple[Change, ...] | None:
        if latest is None:
            return None
        found = changes_between(latest.standings, standings_of(healths))
        async with self._store.transaction() as work:
            return tuple([await self._explained(work, change, latest.slot) for change in found])

    async def _explained(self, work: UnitOfWork, change: Change, since: datetime) -> Change:
        """Return a change with the request that made it, if the ledger knows of one.

        What a request wrote since explains nothing when something else stands now.
        """
        endpoint, champion = change.endpoint, alias_place(self._champion)
        place = champion if endpoint is None else endpoint_place(endpoint)
        entries = await work.ledger.of(change.model, place)
        last = entries[-1] if entries else None
        is_explained = last is not None and last.at >= since and last.versions == change.after
        return replace(change, request=last.request if last and is_explained else None)


class AskHealth:
    """Answers one asker how endpoints do."""

    def __init__(self, access: Access, health: Health, cards: CardKeys) -> None:
        self._access = access
        self._health = health
        self._cards = cards

    async def report(self, words: tuple[str, ...], asker: SlackUserId) -> HealthReport | Refusal:
        """Return the report on endpoints that match every word, with a button to share it."""
        refused = await self._access.refuse(asker, Action.READ, "Nothing is shown")
        if refused:
            return refused
        report = await self._health.of_words(words)
        subject = {"words": " ".join(words)}
        return replace(report, key=await self._cards.new(CardKind.HEALTH, subject))

    async def again(self, key: CardKey, asker: SlackUserId) -> HealthReport | Refusal:
        """Return the report behind a button as it is now, for everybody."""
        refused = await self._access.refuse(asker, Action.READ, "Nothing was shared")
        if refused:
            return refused
        card = await self._cards.open(key)
        if card is None or card.kind is not CardKind.HEALTH:
            return unknown_card()
        report = await self._health.of_words(tuple(str(card.subject["words"]).split()))
        return replace(report, shared_by=asker)


def _health(
    endpoint: ServingEndpoint,
    seen: Seen,
    stored: Mapping[EndpointName, Figures],
    observed: Mapping[EndpointName, Observation],
) -> EndpointHealth:
    reading, last = seen.readings.get(endpoint.name), observed.get(endpoint.name)
    figures = stored.get(endpoint.name, NO_FIGURES)
    if reading is None:
        return health_of(endpoint, seen.champions, figures, "it was not measured")
    live = _live(endpoint.name, last, reading)
    total = with_latest(figures, last.sample if last else None, live)
    return health_of(endpoint, seen.champions, total, reading.problem)


def _live(name: EndpointName, last: Observation | None, reading: Reading) -> Sample:
    return sample_of(name, last.reading if last else None, reading)


def _fits(endpoint: ServingEndpoint, pattern: str) -> bool:
    names: Iterable[str] = (e.model for e in endpoint.entities if e.model is not None)
    return pattern == "*" or any(fnmatchcase(name, pattern) for name in names)
