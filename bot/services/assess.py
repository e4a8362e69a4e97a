"""Turns facts into a plan, a verdict and the hash of both: what people will be asked about."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.change_request import ChangeRequest, Evidence
from bot.domain.content_hash import content_hash, hashed_content, policy_texts
from bot.domain.differences import differences
from bot.domain.errors import GoneError, NotFoundError
from bot.domain.evidence import PolicyFacts
from bot.domain.exemptions import approvers_of
from bot.domain.freezing import Freeze, Frozen
from bot.domain.names import PersonKey, RoleName, SlackUserId
from bot.domain.people import Person, Standing
from bot.domain.planning import AliasNames, plan_change
from bot.domain.policy import ChangeKind, Policy
from bot.domain.ports import PolicySource
from bot.domain.refusal import Refusal
from bot.domain.verdict import judge, lapsed
from bot.services.access import Access
from bot.services.evidence_reader import EvidenceReader
from bot.services.freeze_guard import FreezeGuard
from bot.services.live_facts import Asked
from bot.services.targets import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Facts, and what follows from them: evidence to agree on, or why no plan can be made.

    Attributes:
        asker: Who asked, whichever account he used.
        has_lapsed: Whether the request rested on an exemption that holds no more.
    """

    asker: PersonKey
    facts: PolicyFacts
    outcome: Evidence | Refusal
    has_lapsed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asker:
    roles: frozenset[RoleName]
    accounts: frozenset[SlackUserId]


class Assessor:
    """Reads the world and weighs it under the policies in force."""

    def __init__(
        self,
        reader: EvidenceReader,
        policies: PolicySource,
        access: Access,
        names: AliasNames,
        freezes: FreezeGuard,
    ) -> None:
        self._reader = reader
        self._policies = policies
        self._access = access
        self._names = names
        self._freezes = freezes

    async def assess(self, kind: ChangeKind, found: Found, asker: SlackUserId) -> Assessment:
        """Return what a change would rest on if ``asker`` asked for it now."""
        standing = await self._access.standing(asker)
        facts = await self._facts(kind, found, standing)
        known = await self._asker(kind, facts, standing)
        outcome = self._weigh(kind, facts, known, revision=1)
        return Assessment(asker=standing.person.key, facts=facts, outcome=outcome)

    async def reassess(self, request: ChangeRequest) -> Assessment:
        """Return what a stored request would rest on now, as its next evidence revision.

        The differences to the present revision are filled in; they are empty when the content hash
        is the same.

        Raises:
            GoneError: Its model or a version that it needs is not in the registry any more.
        """
        standing = await self._present(request.requester)
        facts = await self._facts_again(request, standing)
        asker = await self._asker(request.kind, facts, standing, request.requester_key)
        outcome = self._weigh(request.kind, facts, asker, request.evidence.revision + 1)
        if isinstance(outcome, Evidence):
            outcome = replace(outcome, differences=_moves(request.evidence, outcome))
        return Assessment(
            asker=standing.person.key,
            facts=facts,
            outcome=outcome,
            has_lapsed=self.has_lapsed(request, facts.evaluated_at, asker.accounts),
        )

    async def freezes(self, kind: ChangeKind, of: Found | ChangeRequest) -> tuple[Freeze, ...]:
        """Return the freezes that hold a change up now, the one that ends last first."""
        return await self._freezes.in_the_way(kind, of.model, of.alias)

    async def frozen(self, kind: ChangeKind, found: Found) -> Frozen | None:
        """Return why a change is not even to be asked for now, or None."""
        freezes = await self.freezes(kind, found)
        return self._freezes.told(found.model, freezes) if freezes else None

    async def gone(self, found: Found, error: NotFoundError) -> str:
        """Return, for people, what of a change the registry does not have; else raise the error."""
        return await self._reader.gone(found, error)

    def is_current(self, request: ChangeRequest) -> bool:
        """Tell whether the policies that a request was judged by are still in force, unchanged."""
        return request.evidence.content["policies"] == self.policy_texts(request)

    def policy_texts(self, request: ChangeRequest) -> dict[str, str]:
        """Return what the policies in force say of a request, as the content hash covers it."""
        return policy_texts(self._matching(request.kind, request), request.model)

    def has_lapsed(
        self, request: ChangeRequest, at: datetime, own: frozenset[SlackUserId] = frozenset()
    ) -> bool:
        """Tell whether a request rests on an exemption that holds no more at a moment."""
        policies = self._matching(request.kind, request)
        return bool(lapsed(request.evidence.verdict, policies, request.model, at, own))

    async def _present(self, requester: SlackUserId) -> Standing:
        """Return a requester's standing; an account that Slack does not know any more has none."""
        try:
            return await self._access.standing(requester)
        except NotFoundError:
            nobody = Person(id=requester, name=requester, is_deactivated=True)
            return Standing(person=nobody, roles=frozenset(), actions=frozenset())

    async def _facts_again(self, request: ChangeRequest, standing: Standing) -> PolicyFacts:
        found = Found(model=request.model, version=request.version, alias=request.alias)
        try:
            return await self._facts(request.kind, found, standing)
        except NotFoundError as error:
            gone = await self._reader.gone(found, error)
            raise GoneError(f"{gone}. To go on, ask anew for one that is") from error

    async def _facts(self, kind: ChangeKind, found: Found, standing: Standing) -> PolicyFacts:
        """Return what the policies in force have to see, with the requester's own privileges."""
        needs = self._policies.current().needs_of(kind, found.model, found.alias)
        asked = Asked(found=found, needs=needs, email=standing.person.email)
        return await self._reader.facts(asked)

    async def _asker(
        self,
        kind: ChangeKind,
        facts: PolicyFacts,
        standing: Standing,
        known_as: PersonKey | None = None,
    ) -> "_Asker":
        """Return who asks, with those of his accounts that exemptions name."""
        lifted = [e for policy in self._matching(kind, facts) for e in policy.exemptions]
        named = approvers_of(lifted, facts.name)
        accounts = await self._access.accounts_of(standing.person, named, known_as)
        return _Asker(roles=standing.counting, accounts=accounts)

    def _matching(self, kind: ChangeKind, of: ChangeRequest | PolicyFacts) -> tuple[Policy, ...]:
        model = of.model if isinstance(of, ChangeRequest) else of.name
        return self._policies.current().matching(kind, model, of.alias)

    def _weigh(
        self, kind: ChangeKind, facts: PolicyFacts, asker: "_Asker", revision: int
    ) -> Evidence | Refusal:
        plan = plan_change(kind, facts, self._names)
        if isinstance(plan, Refusal):
            return plan
        policies = self._matching(kind, facts)
        verdict = judge(kind, policies, facts, asker.roles, asker.accounts)
        content = hashed_content(plan, facts, verdict.outcomes, policies)
        return Evidence(
            revision=revision,
            plan=plan,
            verdict=verdict,
            content=content,
            content_hash=content_hash(content),
            collected_at=facts.evaluated_at,
        )


def _moves(before: Evidence, after: Evidence) -> tuple[str, ...]:
    was, now = before.verdict.outcomes, after.verdict.outcomes
    return differences(before.content, after.content, was, now)
