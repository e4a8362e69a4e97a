"""Reports what a version has to show to auditors, and keeps the report with its run."""

from dataclasses import dataclass, replace

from bot.domain.automatic import BY_POLICY
from bot.domain.canonical import canonical_json
from bot.domain.change_request import OPEN, RequestState
from bot.domain.compliance import (
    NEEDS,
    REPORT_PATH,
    Approval,
    ComplianceReport,
    Item,
    approvals_of,
    items_of,
)
from bot.domain.evidence import PolicyFacts
from bot.domain.messages import CardKind
from bot.domain.names import AliasName, CardKey, ModelName, SlackUserId
from bot.domain.people import Action
from bot.domain.planning import AliasNames
from bot.domain.policy import PolicyCheck
from bot.domain.refusal import Refusal
from bot.domain.store import RequestQuery, Store
from bot.services.access import Access
from bot.services.card_keys import CardKeys
from bot.services.electorate import agreement_on
from bot.services.evidence_reader import EvidenceReader
from bot.services.live_facts import Asked
from bot.services.opened_card import unknown_card
from bot.services.run_archive import Keeping, RunArchive
from bot.services.targets import Found, Target, Targets

OF_A_VERSION = 200
"""Requests of a version that are looked through for approvals."""
AGREED = OPEN - {RequestState.PENDING, RequestState.UNDOING} | {RequestState.SUCCEEDED}
"""States to which people, or policies, have agreed, and which nobody has taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """Where the parts of a report come from, and where it goes.

    Attributes:
        card: Judges model cards.
    """

    reader: EvidenceReader
    archive: RunArchive
    store: Store
    card: PolicyCheck


class Compliance:
    """Makes compliance reports."""

    def __init__(
        self,
        access: Access,
        targets: Targets,
        papers: Papers,
        cards: CardKeys,
        names: AliasNames,
    ) -> None:
        self._access = access
        self._targets = targets
        self._from = papers
        self._cards = cards
        self._names = names

    async def report(
        self, model: str, selector: int | AliasName | None, asker: SlackUserId
    ) -> ComplianceReport | Refusal:
        """Return the report on a version, and write it beside its run.

        Args:
            model: In the asker's words.
            selector: None for the champion, or the newest version where there is none.
            asker: Who asks.
        """
        refused = await self._access.refuse(asker, Action.READ, "Nothing was reported")
        if refused:
            return refused
        found = await self._found(model, selector)
        if isinstance(found, Refusal):
            return found
        report = await self._kept(await self._made(found), asker)
        subject: dict[str, str | int] = {"model": found.model, "version": found.version}
        return replace(report, key=await self._cards.new(CardKind.COMPLIANCE, subject))

    async def again(self, key: CardKey, asker: SlackUserId) -> ComplianceReport | Refusal:
        """Return the report behind a button as it is now, for everybody."""
        refused = await self._access.refuse(asker, Action.READ, "Nothing was shared")
        if refused:
            return refused
        card = await self._cards.open(key)
        if card is None or card.kind is not CardKind.COMPLIANCE:
            return unknown_card()
        model, version = ModelName(str(card.subject["model"])), int(card.subject["version"])
        found = Found(model=model, version=version, alias=self._names.champion)
        return replace(await self._kept(await self._made(found), asker), shared_by=asker)

    async def _found(self, model: str, selector: int | AliasName | None) -> Found | Refusal:
        if selector is not None:
            return await self._targets.find(Target(model=model, selector=selector))
        known = await self._targets.model(model)
        if isinstance(known, Refusal):
            return known
        if self._names.champion in known.aliases:
            selector = self._names.champion
        else:
            newest = await self._targets.newest(known)
            if isinstance(newest, Refusal):
                return newest
            selector = newest
        return await self._targets.find(Target(model=model, selector=selector))

    async def _made(self, found: Found) -> ComplianceReport:
        needs = NEEDS | self._from.card.needs
        facts = await self._from.reader.facts(Asked(found=found, needs=needs))
        approvals = await self._approvals(found)
        waiting = await self._waiting(found)
        named = [a for a, version in facts.model.aliases.items() if version == found.version]
        return ComplianceReport(
            key=None,
            model=found.model,
            version=found.version,
            aliases=tuple(sorted(named)),
            items=_items(facts, self._from.card, approvals, waiting),
            approvals=approvals,
            at=facts.evaluated_at,
            unwritten="" if _run(facts) else "the version names no run",
            written_to=_run(facts),
        )

    async def _kept(self, report: ComplianceReport, by: SlackUserId) -> ComplianceReport:
        """Write a report to its run; one that cannot be written is shown all the same."""
        if not report.written_to:
            return report
        keeping = Keeping(
            what="compliance",
            done="written",
            by=by,
            model=report.model,
            version=report.version,
            run=report.written_to,
            more={"complete": report.is_complete},
        )
        text = canonical_json(report.content()).encode()
        error = await self._from.archive.keep(keeping, REPORT_PATH, text)
        return replace(report, written_to="", unwritten=str(error)) if error else report

    async def _approvals(self, found: Found) -> tuple[Approval, ...]:
        query = RequestQuery(
            states=AGREED, model=found.model, version=found.version, limit=OF_A_VERSION
        )
        decided: list[tuple[str, SlackUserId]] = []
        async with self._from.store.transaction() as work:
            for request in reversed(await work.requests.find(query)):
                parts = agreement_on(request, await work.decisions.of(request.id)).parts
                people = [person for part in parts for person in part.people]
                decided += [(request.label, person) for person in people or [BY_POLICY]]
        return tuple(approvals_of(decided))

    async def _waiting(self, found: Found) -> str:
        """Return which request asks people for the version now, or nothing."""
        query = RequestQuery(
            states=frozenset({RequestState.PENDING}), model=found.model, version=found.version
        )
        async with self._from.store.transaction() as work:
            pending = await work.requests.find(query)
        return pending[0].label if pending else ""


def _items(
    facts: PolicyFacts, card: PolicyCheck, approvals: tuple[Approval, ...], waiting: str
) -> tuple[Item, ...]:
    at, found = facts.evaluated_at, card.evaluate(facts)
    return items_of(facts.candidate, found, approvals, at, waiting)


def _run(facts: PolicyFacts) -> str:
    return facts.candidate.version.run_id or ""
