"""What must be so of everything that ever happened, told event by event."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.audit import AuditEvent
from bot.domain.automatic import BY_POLICY
from bot.domain.change_request import OPEN, UNDER_WAY, ChangeRequest, RequestState
from bot.domain.compliance import ComplianceReport
from bot.domain.freezing import Freeze
from bot.domain.names import ModelName, SlackUserId
from bot.domain.policy import ChangeKind
from bot.domain.verdict import VerdictKind
from tests.fakes.world import CHALLENGER, LEAD
from tests.properties.accounts import Account
from tests.properties.followed import Followed, Word, fill, sides, whole_time
from tests.properties.life import Life
from tests.properties.regimes import BAD
from tests.properties.seen import Write
from tests.properties.trails import Trails

S = RequestState
TOO_LATE = frozenset({S.EXPIRED, S.CANCELLED, S.DENIED, S.SUPERSEDED})
"""Where a request may go on from waiting when its time is over."""
TAKEN_BACK = frozenset({S.PENDING, S.UNDOING, S.UNDONE, S.FAILED}) | TOO_LATE
MOMENT = timedelta(seconds=2)
"""Time that passes between a look at the world and what is written down of it."""


class Laws:
    """Follows the record; each event is judged once."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._judged = 0
        self._followed: dict[str, Followed] = {}
        self._proposed: list[tuple[ChangeRequest, datetime]] = []
        self._declared: dict[object, Freeze] = {}
        self._is_on = True
        self._ends: dict[str, RequestState] = {}

    def uphold(self, trails: Trails) -> None:
        """Judge what is new on record, and see that nothing is so without an event."""
        requests = {request.label: request for request in trails.requests}
        for chained in trails.events[self._judged :]:
            self._judge(chained.event, requests)
        self._judged = len(trails.events)
        for request in trails.requests:
            self._stands_as_told(request)
        while self._life.writes:
            self._is_agreed(self._life.writes.pop())
        in_force = {n for n, freeze in self._declared.items() if _lasts(freeze, trails.at)}
        assert {freeze.number for freeze in trails.freezes} == in_force
        assert trails.switch.is_on is self._is_on

    def vouch(self, report: ComplianceReport, requests: Mapping[str, ChangeRequest]) -> None:
        """See that a report names only people by whose agreement something is, or is coming."""
        for approval in report.approvals:
            request, followed = requests[approval.request], self._followed[approval.request]
            assert request.version == report.version
            assert request.state not in TAKEN_BACK | {S.REJECTED}
            assert followed.agreed_hash == request.evidence.content_hash
            assert approval.by in ({word.account.id for word in followed.agreed} or {BY_POLICY})

    def _judge(self, event: AuditEvent, requests: dict[str, ChangeRequest]) -> None:
        known = self._followed.get(event.subject)
        if event.action.startswith("freeze."):
            self._freeze(event)
        elif event.action.startswith("automatic."):
            self._is_on = event.action == "automatic.on"
        elif event.action.startswith("decision."):
            self._says(self._followed[event.subject], event)
        elif event.action.startswith("change_request.") and known is None:
            self._file(event, requests[event.subject])
        elif known is not None and "to" in event.details:
            self._move(known, event)

    def _freeze(self, event: AuditEvent) -> None:
        ends_at = event.details.get("ends_at")
        replaced = event.details.get("replaces", [])
        assert isinstance(replaced, list)
        number = event.details["number"]
        for over in [number] if event.action == "freeze.lifted" else replaced:
            self._declared.pop(over)
        if event.action == "freeze.declared":
            self._declared[number] = Freeze(
                models=(event.subject,),
                begins_at=event.at,
                ends_at=datetime.fromisoformat(str(ends_at)) if ends_at else None,
            )

    def _file(self, event: AuditEvent, request: ChangeRequest) -> None:
        person = self._life.accounts.at(event.at).get(SlackUserId(event.actor))
        evidence = self._life.do(self._life.evidence(request.id))
        state = S.DENIED if event.action == "change_request.denied" else S.PENDING
        followed = Followed(
            request=request,
            filed_by=person,
            state=state,
            evidence=evidence[:1],
            expires_at=whole_time(evidence[0]),
        )
        followed.go(event.at, state)
        self._followed[request.label] = followed
        if request.kind is ChangeKind.PROMOTE:
            assert not self._is_frozen(request.model, event.at), "filed in a freeze"
        if request.requester == BY_POLICY:
            self._propose(request, event.at)
        else:
            assert person is not None
            assert person.person().standing() is None

    def _propose(self, request: ChangeRequest, at: datetime) -> None:
        """A policy proposes each version once, so many a day, when it newly got the alias."""
        regime, since = self._life.regimes.at(at), self._life.proposing_since
        assert self._is_on, "proposed with the switch off"
        assert since is not None, "proposed under a policy that proposes nothing"
        assert any(
            since < move.at < at
            and (move.model, move.alias, move.version)
            == (request.model, CHALLENGER, request.version)
            for move in self._life.models.moves
        ), f"{request.label} is about what was there before"
        same = [r for r, _ in self._proposed if _key(r) == _key(request)]
        assert not same, f"{request.label} proposes what {same[0].label} did"
        self._proposed.append((request, at))
        today = [r for r, when in self._proposed if when.date() == at.date()]
        assert len(today) <= regime.per_day, f"{len(today)} proposals on one day"

    def _says(self, followed: Followed, event: AuditEvent) -> None:
        """A word counts in time, on what waits, of a member who may, and is not the requester."""
        account = self._life.accounts.at(event.at)[SlackUserId(event.actor)]
        verdict = followed.present.verdict
        assert followed.state is S.PENDING
        assert event.at < followed.expires_at, f"{followed.request.label} was over"
        assert event.details["revision"] == followed.present.revision
        assert account.roles & {each.role for each in verdict.requirements}
        if verdict.terms.four_eyes:
            self._is_another(account, followed, event.at)
        word = Word(
            account=account,
            is_yes=event.action == "decision.approved",
            revision=followed.present.revision,
        )
        followed.words.append(word)

    def _is_another(self, account: Account, followed: Followed, at: datetime) -> None:
        """Nobody agrees to what he asked for, with whichever account and address."""
        if followed.filed_by is not None:
            now = self._life.accounts.at(at)[followed.filed_by.id]
            assert account.id != followed.filed_by.id
            assert account.human not in {followed.filed_by.human, now.human}

    def _move(self, followed: Followed, event: AuditEvent) -> None:
        to = S(str(event.details["to"]))
        if followed.state is S.PENDING and event.at >= followed.expires_at:
            assert to in TOO_LATE, f"{followed.request.label} became {to} when it was over"
        followed.go(event.at, to)
        match event.action:
            case "change_request.evidence_renewed":
                self._renew(followed, event)
            case "change_request.approved":
                followed.approve(event)
                self._agrees(followed)
            case "change_request.begun":
                self._begin(followed, event.at)
            case _:
                pass

    def _renew(self, followed: Followed, event: AuditEvent) -> None:
        revision = event.details["revision"]
        assert isinstance(revision, int)
        evidence = self._life.do(self._life.evidence(followed.request.id))[:revision]
        followed.renew(evidence, S(str(event.details["from"])))
        assert followed.present.revision == revision
        assert followed.present.content_hash == event.details["content_hash"]

    def _agrees(self, followed: Followed) -> None:
        """Whoever was needed agreed to this very evidence, or nobody was needed."""
        verdict = followed.present.verdict
        assert followed.agreed_hash == followed.present.content_hash
        assert all(word.is_yes for word in followed.agreed)
        if verdict.kind is VerdictKind.ALLOWED:
            assert not verdict.requirements
            assert not followed.agreed
        else:
            assert verdict.kind is VerdictKind.NEEDS_APPROVAL
            wanted = {each.role: each.count for each in verdict.requirements}
            assert wanted
            assert fill(wanted, followed.agreed, distinct=verdict.terms.distinct)

    def _begin(self, followed: Followed, at: datetime) -> None:
        """What begins is wanted by the policies of this moment, and not frozen."""
        request = followed.request
        if request.kind is ChangeKind.ROLL_BACK:
            return
        assert not self._is_frozen(request.model, at), f"{request.label} began in a freeze"
        regime = self._life.regimes.at(at)
        risk = self._life.risks[request.model, request.version].at(at)
        wanted = regime.wanted(risk, request.version)
        assert fill(wanted, followed.agreed, distinct=not regime.is_lenient)
        if request.version == BAD:
            assert regime.exempt_until is not None, f"{request.label} is bad"
            assert at < regime.exempt_until + MOMENT
            people = self._life.accounts.at(at)
            asker = people.get(request.requester)
            assert asker is None or asker.human != people[LEAD].human, "he exempted himself"

    def _is_agreed(self, write: Write) -> None:
        """See that Herald wrote what was agreed to, while that was under way, or took it back."""
        known = (f for f in self._followed.values() if f.request.model == write.model)
        begun = [f for f in known if f.request.created_at <= write.at]
        under_way = [f for f in begun if f.stood_at(write.at) in UNDER_WAY]
        assert len(under_way) == 1, f"{write} belongs to {len(under_way)} requests"
        followed = under_way[0]
        before, after = sides(followed.present.plan, write.place)
        wanted = {after, before} if followed.stood_at(write.at) is S.UNDOING else {after}
        assert write.versions in wanted, f"{write} is not what was agreed to"

    def _is_frozen(self, model: ModelName, at: datetime) -> bool:
        begun = (f for f in self._declared.values() if f.begins_at <= at)
        declared = (f for f in begun if f.covers(model) and _lasts(f, at))
        window = self._life.regimes.at(at).has_window and self._life.shutter.is_shut(at)
        return window or any(declared)

    def _stands_as_told(self, request: ChangeRequest) -> None:
        verdict = request.evidence.verdict
        if request.state is S.PENDING:
            assert verdict.kind is VerdictKind.NEEDS_APPROVAL
            assert verdict.requirements
            assert request.expires_at == self._followed[request.label].expires_at
        if request.kind is ChangeKind.ROLL_BACK:
            assert not request.note.startswith("frozen"), "the way back is frozen"
        if request.state not in OPEN:
            self._ends.setdefault(request.label, request.state)
        assert self._ends.get(request.label, request.state) is request.state, "closed is closed"


def _lasts(freeze: Freeze, at: datetime) -> bool:
    return freeze.ends_at is None or at < freeze.ends_at


def _key(request: ChangeRequest) -> tuple[object, ...]:
    return request.model, request.alias, request.version
