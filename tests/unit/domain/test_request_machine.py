"""Any sequence of orders to a change request, legal or not, against a model of the states."""

from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.domain.audit import AuditEvent
from bot.domain.change_request import OPEN, ChangeRequest, RequestState
from bot.domain.errors import IllegalTransitionError
from tests.builders import NOW, make_request
from tests.unit.domain.transitions import QUIET, WAYS, S


class RequestMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.request: ChangeRequest = make_request()
        self.expected: RequestState = S.PENDING
        self.now: datetime = NOW
        self.events: list[AuditEvent] = []
        self.written = False

    def may(self, name: str) -> bool:
        unresolved = self.request.resolution is None
        return self.expected in WAYS[name].start and (name != "resolve" or unresolved)

    @rule(name=st.sampled_from(sorted(WAYS)))
    def order(self, name: str) -> None:
        self.now += timedelta(minutes=1)
        before = self.request
        if not self.may(name):
            with pytest.raises(IllegalTransitionError):
                WAYS[name].take(before, self.now)
            assert self.request == before
            return
        moved = WAYS[name].take(before, self.now)
        self.request, self.expected = moved.request, WAYS[name].end
        self.events.append(moved.event)
        self.written = self.written or name == "begin"

    @rule(pick=st.integers(min_value=0, max_value=20))
    def order_something_legal(self, pick: int) -> None:
        legal = [name for name in sorted(WAYS) if self.may(name)]
        if legal:
            self.order(legal[pick % len(legal)])

    @rule(name=st.sampled_from(sorted(QUIET)))
    def change_quietly(self, name: str) -> None:
        change, start = QUIET[name]
        if self.expected not in start:
            with pytest.raises(IllegalTransitionError):
                change(self.request)
            return
        self.request = change(self.request)
        if name == "wait" and self.expected is S.EXECUTING:
            self.expected = S.WAITING
        if name == "go on" and self.expected is S.WAITING:
            self.expected = S.EXECUTING

    @invariant()
    def state_is_the_expected_one(self) -> None:
        assert self.request.state is self.expected

    @invariant()
    def trail_of_events_has_no_gap(self) -> None:
        at = S.PENDING
        quiet = {(S.EXECUTING, S.WAITING), (S.WAITING, S.EXECUTING)}
        for event in self.events:
            start = RequestState(str(event.details["from"]))
            assert start is at or (at, start) in quiet
            at = RequestState(str(event.details["to"]))
        assert at is self.expected or (at, self.expected) in quiet

    @invariant()
    def closed_exactly_when_not_open(self) -> None:
        assert (self.request.closed_at is None) is (self.expected in OPEN)

    @invariant()
    def only_confirmed_evidence_lets_writing_begin(self) -> None:
        after = {S.EXECUTING, S.WAITING, S.PAUSED, S.UNDOING, S.SUCCEEDED, S.UNDONE, S.FAILED}
        assert (self.expected in after) is self.written
        assert (self.request.began_at is not None) is self.written

    @invariant()
    def revision_counts_renewals(self) -> None:
        renewed = [e for e in self.events if e.action == "change_request.evidence_renewed"]
        assert self.request.evidence.revision == 1 + len(renewed)

    @invariant()
    def approval_precedes_every_beginning(self) -> None:
        decided = [event.action.partition(".")[2] for event in self.events]
        if "begun" in decided:
            before = decided[: decided.index("begun")]
            relevant = [word for word in before if word in {"approved", "evidence_renewed"}]
            assert relevant[-1] == "approved"


RequestMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
TestRequestMachine = RequestMachine.TestCase
