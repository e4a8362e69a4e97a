"""Compares two versions of a model for one asker, and shares the comparison in a channel."""

from dataclasses import dataclass, replace

from bot.domain.comparing import (
    metric_rows,
    people_tags,
    signature_differences,
    value_differences,
)
from bot.domain.errors import NotFoundError
from bot.domain.evidence import VersionEvidence
from bot.domain.exemptions import approvers_of
from bot.domain.messages import CardKind, Comparison, MetricRow, Side
from bot.domain.names import AliasName, CardKey, ChannelId, SlackUserId, short_name
from bot.domain.people import Action
from bot.domain.planning import AliasNames
from bot.domain.policy import ChangeKind
from bot.domain.ports import PolicySource
from bot.domain.refusal import Refusal
from bot.domain.registry import Dataset, RegisteredModel, case_variant
from bot.domain.verdict import judge
from bot.services.access import Access
from bot.services.card_keys import CardKeys
from bot.services.evidence_reader import EvidenceReader
from bot.services.targets import Targets, named_by

COMMIT_TAG = "mlflow.source.git.commit"
TRAINING = "training"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What is to be compared, in the asker's words.

    Attributes:
        first: The version under comparison when it stands alone; the base when ``second`` is
            given too. None for the challenger against the champion.
    """

    model: str
    first: int | AliasName | None = None
    second: int | AliasName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Versions:
    base: int
    other: int


class Compare:
    """Reads two versions and sets them side by side."""

    def __init__(
        self,
        access: Access,
        targets: Targets,
        judged: "Judged",
        cards: CardKeys,
        names: AliasNames,
    ) -> None:
        self._access = access
        self._targets = targets
        self._judged = judged
        self._cards = cards
        self._names = names

    async def compare(
        self, pair: Pair, asker: SlackUserId, channel: ChannelId
    ) -> Comparison | Refusal:
        """Return two versions side by side: by default the challenger against the champion."""
        refused = await self._access.refuse(asker, Action.READ, "Nothing is compared")
        if refused:
            return refused
        model = await self._targets.model(pair.model)
        if isinstance(model, Refusal):
            return model
        versions = self._pick(model, pair)
        if isinstance(versions, Refusal):
            return versions
        try:
            seen = await self._judged.read(model, versions.base, versions.other, asker)
        except NotFoundError:
            return await self._missing(model, versions)
        return await self._keyed(seen, model, versions, channel)

    async def again(
        self, key: CardKey, asker: SlackUserId, channel: ChannelId
    ) -> Comparison | Refusal:
        """Return the comparison behind a button as it is now, for everybody."""
        card = await self._cards.open(key)
        if card is None or card.kind is not CardKind.COMPARISON:
            return Refusal(
                what="Herald does not know this comparison any more",
                remedies=("Ask again: `/model compare NAME`",),
            )
        subject = card.subject
        pair = Pair(
            model=str(subject["model"]), first=int(subject["base"]), second=int(subject["other"])
        )
        seen = await self.compare(pair, asker, channel)
        if isinstance(seen, Refusal):
            return seen
        return replace(seen, key=None, shared_by=asker)

    def _pick(self, model: RegisteredModel, pair: Pair) -> _Versions | Refusal:
        base, other = _selectors(pair, self._names)
        if base == self._names.champion and base not in model.aliases:
            return _no_champion(model, self._names)
        if pair.first is None and other not in model.aliases:
            return _no_challenger(model, self._names)
        chosen = (named_by(model, base), named_by(model, other))
        for choice in chosen:
            if isinstance(choice, Refusal):
                return choice
        one, two = (int(choice) for choice in chosen if not isinstance(choice, Refusal))
        return _Versions(base=one, other=two) if one != two else _same(model, one)

    async def _missing(self, model: RegisteredModel, versions: _Versions) -> Refusal:
        """Say which version there is not; looked for only now, to spare all others the wait."""
        for version in (versions.base, versions.other):
            found = await self._targets.version(model, version)
            if isinstance(found, Refusal):
                return found
        return Refusal(
            what=f"A version of {short_name(model.name)} changed while it was read",
            remedies=(f"Ask again: `/model compare {short_name(model.name)}`",),
        )

    async def _keyed(
        self, seen: Comparison, model: RegisteredModel, versions: _Versions, channel: ChannelId
    ) -> Comparison:
        subject: dict[str, str | int] = {
            "model": model.name,
            "base": versions.base,
            "other": versions.other,
            "alias": self._names.champion,
            "channel": channel,
        }
        key = await self._cards.new(CardKind.COMPARISON, subject)
        return replace(seen, key=key)


class Judged:
    """Reads both sides of a comparison together with what policies say of the second."""

    def __init__(
        self, access: Access, reader: EvidenceReader, policies: PolicySource, names: AliasNames
    ) -> None:
        self._access = access
        self._reader = reader
        self._policies = policies
        self._names = names

    async def read(
        self, model: RegisteredModel, base: int, other: int, asker: SlackUserId
    ) -> Comparison:
        """Return the comparison as rules come out for whoever asks, without a key for buttons."""
        in_force, champion = self._policies.current(), self._names.champion
        needs = in_force.needs_of(ChangeKind.PROMOTE, model.name, champion)
        facts = await self._reader.pair(model, champion, base, other, needs)
        one, two = facts.current or facts.candidate, facts.candidate
        matching = in_force.matching(ChangeKind.PROMOTE, model.name, champion)
        named = approvers_of((e for policy in matching for e in policy.exemptions), model.name)
        own = await self._access.accounts_of(await self._access.person(asker), named)
        outcomes = judge(ChangeKind.PROMOTE, matching, facts, frozenset(), own).outcomes
        rows = metric_rows(one, two, in_force.metrics, outcomes)
        return _comparison(model, one, two, rows)


def _selectors(pair: Pair, names: AliasNames) -> tuple[int | AliasName, int | AliasName]:
    if pair.first is None:
        return names.champion, names.challenger
    if pair.second is None:
        return names.champion, pair.first
    return pair.first, pair.second


def _comparison(
    model: RegisteredModel,
    base: VersionEvidence,
    other: VersionEvidence,
    metrics: tuple[MetricRow, ...],
) -> Comparison:
    parameters = value_differences(base.parameters(), other.parameters())
    signature = signature_differences(base, other)
    run = other.run
    return Comparison(
        key=None,
        model=model.name,
        base=_side(model, base),
        other=_side(model, other),
        metrics=metrics,
        parameters=parameters,
        same_parameters=len({*base.parameters(), *other.parameters()}) - len(parameters),
        tags=value_differences(people_tags(base), people_tags(other)),
        signature=signature or (),
        is_signature_known=signature is not None,
        base_datasets=_evaluated_on(base),
        other_datasets=_evaluated_on(other),
        trained_by=run.user if run else "",
        trained_at=run.started_at if run else None,
        commit=run.tags.get(COMMIT_TAG, "") if run else "",
        run_id=run.run_id if run else "",
        unreadable=_unreadable(base, other),
    )


def _side(model: RegisteredModel, evidence: VersionEvidence) -> Side:
    number = evidence.version.version
    named = sorted(alias for alias, version in model.aliases.items() if version == number)
    return Side(version=evidence.version, aliases=tuple(named))


def _evaluated_on(evidence: VersionEvidence) -> tuple[Dataset, ...]:
    datasets = evidence.run.datasets if evidence.run else ()
    return tuple(dataset for dataset in datasets if dataset.context != TRAINING)


def _unreadable(*sides: VersionEvidence) -> tuple[str, ...]:
    return tuple(
        f"v{side.version.version}: {item.part} ({item.reason})"
        for side in sides
        for item in side.unreadable
    )


def _no_champion(model: RegisteredModel, names: AliasNames) -> Refusal:
    name, variant = short_name(model.name), case_variant(model, names.champion)
    return Refusal(
        what=f"{name} has no {names.champion} to compare with",
        reasons=(variant.told(),) if variant else (),
        remedies=(f"Name both versions: `/model compare {name} 1 2`",),
    )


def _no_challenger(model: RegisteredModel, names: AliasNames) -> Refusal:
    name = short_name(model.name)
    return Refusal(
        what=f"{name} has no {names.challenger} to compare with its {names.champion}",
        remedies=(f"Name a version: `/model compare {name} VERSION`",),
    )


def _same(model: RegisteredModel, version: int) -> Refusal:
    name = short_name(model.name)
    return Refusal(
        what=f"Both sides are {name} v{version}: there is nothing to compare",
        remedies=(f"See its versions: `/model show {name}`",),
    )
