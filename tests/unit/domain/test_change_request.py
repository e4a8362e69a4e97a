from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.change_request import (
    NOT_BEGUN,
    OPEN,
    RUNNABLE,
    UNDER_WAY,
    ChangeRequest,
    RequestState,
)
from bot.domain.errors import IllegalTransitionError
from bot.domain.names import RequestId
from bot.domain.told_state import told_state
from bot.domain.verdict import VerdictKind
from tests.builders import LEAD, NOW, make_evidence, make_request, make_verdict
from tests.unit.domain.transitions import LATER, QUIET, RESOLUTION, WAYS, S

LEGAL = [(name, state) for name, way in WAYS.items() for state in S if state in way.start]
CLOSED = frozenset(S) - OPEN


def request_in(state: RequestState) -> ChangeRequest:
    return make_request(state=state, note="earlier", wake_at=NOW)


@pytest.mark.parametrize(("name", "state"), LEGAL)
def test_legal_way_leads_to_its_state(name: str, state: RequestState) -> None:
    assert WAYS[name].take(request_in(state), LATER).request.state is WAYS[name].end


@pytest.mark.parametrize(("name", "state"), LEGAL)
def test_every_way_leaves_an_event(name: str, state: RequestState) -> None:
    moved = WAYS[name].take(request_in(state), LATER)
    event = moved.event
    assert (event.at, event.action, event.actor) == (LATER, WAYS[name].action, WAYS[name].by)
    assert event.subject == "CR-1"
    assert event.details["from"] == state
    assert event.details["to"] == moved.request.state
    assert event.details["note"] == moved.request.note


@pytest.mark.parametrize(("name", "state"), LEGAL)
def test_every_way_ends_a_wait_and_tells_whether_it_closes(name: str, state: RequestState) -> None:
    request = WAYS[name].take(request_in(state), LATER).request
    assert request.wake_at is None
    assert request.closed_at == (None if request.is_open else LATER)


@pytest.mark.parametrize(("name", "state"), LEGAL)
def test_no_way_changes_what_was_asked(name: str, state: RequestState) -> None:
    before = request_in(state)
    after = WAYS[name].take(before, LATER).request
    for field in ("id", "kind", "model", "alias", "version", "requester", "reason", "channel"):
        assert getattr(after, field) == getattr(before, field)
    assert (after.created_at, after.row_version) == (before.created_at, before.row_version)


@pytest.mark.parametrize("name", WAYS)
def test_illegal_way_raises(name: str) -> None:
    for state in frozenset(S) - WAYS[name].start:
        with pytest.raises(IllegalTransitionError) as raised:
            WAYS[name].take(request_in(state), LATER)
        assert str(raised.value).startswith(f"CR-1 is {state}: it cannot ")


@pytest.mark.parametrize("name", QUIET)
def test_nothing_waits_or_goes_on_where_it_cannot(name: str) -> None:
    change, start = QUIET[name]
    for state in frozenset(S) - start:
        with pytest.raises(IllegalTransitionError):
            change(request_in(state))


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_closed_request_leaves_its_state_only_by_resolving_a_failure(state: RequestState) -> None:
    ways = {name for name, way in WAYS.items() if state in way.start}
    assert ways == ({"resolve"} if state is S.FAILED else set())


def test_every_state_is_either_open_or_closed() -> None:
    assert NOT_BEGUN | UNDER_WAY == OPEN
    assert not NOT_BEGUN & UNDER_WAY
    assert {S.PENDING, S.PAUSED} == OPEN - RUNNABLE


@pytest.mark.parametrize("state", S)
def test_open_states_hold_model_and_alias(state: RequestState) -> None:
    assert request_in(state).is_open is (state in OPEN)


@pytest.mark.parametrize("state", S)
def test_locks_stay_while_something_may_be_written(state: RequestState) -> None:
    assert request_in(state).holds_locks is (state in UNDER_WAY or state is S.FAILED)


def test_resolved_failure_gives_its_locks_back() -> None:
    assert not request_in(S.FAILED).resolve(RESOLUTION).request.holds_locks


def test_second_resolution_is_refused() -> None:
    resolved = request_in(S.FAILED).resolve(RESOLUTION).request
    with pytest.raises(IllegalTransitionError):
        resolved.resolve(RESOLUTION)


@pytest.mark.parametrize("state", [S.FAILED, S.PAUSED])
def test_resolution_is_on_record(state: RequestState) -> None:
    moved = request_in(state).resolve(RESOLUTION)
    assert moved.request.resolution == RESOLUTION
    assert moved.request.note == "earlier"
    assert moved.event.details["reason"] == "v6 serves"
    assert moved.event.details["standing"] == ("champion v6",)


def test_approval_names_approvers_and_what_they_saw() -> None:
    request = request_in(S.PENDING)
    details = request.approve(LATER, (LEAD,)).event.details
    assert details["approvers"] == (LEAD,)
    assert details["content_hash"] == request.evidence.content_hash


def test_begin_notes_the_time_and_forgets_why_it_waited() -> None:
    request = request_in(S.QUEUED).begin(LATER).request
    assert (request.began_at, request.note) == (LATER, "")


def test_success_forgets_what_it_waited_for() -> None:
    assert request_in(S.EXECUTING).succeed(LATER).request.note == ""


def test_reasons_become_the_note() -> None:
    assert request_in(S.EXECUTING).pause(LATER, "slow").request.note == "slow"
    assert request_in(S.EXECUTING).undo(LATER, "broke").request.note == "broke"
    assert request_in(S.PENDING).deny(LATER, "no plan").request.note == "no plan"
    assert request_in(S.PENDING).reject(LATER, LEAD, "risky").request.note == "risky"
    superseded = request_in(S.PENDING).supersede(LATER, RequestId(9)).request
    assert superseded.note == "overtaken by CR-9"


@pytest.mark.parametrize("name", ["finish undo", "fail"])
def test_end_of_an_undo_keeps_why_it_was_undone(name: str) -> None:
    assert WAYS[name].take(request_in(S.UNDOING), LATER).request.note == "earlier"


def test_failure_says_what_stands() -> None:
    moved = request_in(S.UNDOING).fail(LATER, ("champion v7",))
    assert moved.request.standing == ("champion v7",)
    assert moved.event.details["standing"] == ("champion v7",)


def test_renewal_takes_the_new_evidence_and_its_time_to_expire() -> None:
    verdict = make_verdict(expires_after=timedelta(hours=2))
    evidence = make_evidence(2, verdict=verdict, differences=("champion is v8 now",))
    moved = request_in(S.APPROVED).renew(LATER, evidence)
    assert moved.request.evidence == evidence
    assert moved.request.expires_at == evidence.collected_at + timedelta(hours=2)
    assert moved.request.note == ""
    assert moved.event.details["revision"] == 2
    assert moved.event.details["content_hash"] == evidence.content_hash
    assert moved.event.details["differences"] == ("champion is v8 now",)


@pytest.mark.parametrize(
    ("state", "policies", "is_new"),
    [
        (S.PENDING, {"baseline": "1"}, False),
        (S.PENDING, {"baseline": "2"}, True),
        (S.PENDING, {}, True),
        (S.APPROVED, {"baseline": "1"}, True),
        (S.QUEUED, {"baseline": "1"}, True),
    ],
)
def test_only_evidence_that_moves_while_people_think_gives_no_new_time(
    state: S, policies: dict[str, str], *, is_new: bool
) -> None:
    judged = make_evidence(1, content={"policies": {"baseline": "1"}})
    request = replace(request_in(state), evidence=judged)
    evidence = make_evidence(2, content={"policies": policies}, collected_at=LATER)
    renewed = request.renew(LATER, evidence).request
    whole = LATER + evidence.verdict.expires_after
    assert renewed.expires_at == (whole if is_new else request.expires_at)
    assert whole != request.expires_at


def test_renewal_that_is_denied_closes() -> None:
    evidence = make_evidence(2, verdict=make_verdict(VerdictKind.DENIED))
    request = request_in(S.QUEUED).renew(LATER, evidence).request
    assert (request.state, request.note) == (S.DENIED, "the evidence moved")
    assert request.evidence == evidence


def test_renewal_that_is_denied_says_what_moved() -> None:
    verdict = make_verdict(VerdictKind.DENIED)
    evidence = make_evidence(2, verdict=verdict, differences=("tag a: 1 → 2", "tag b: 1 → 2"))
    request = request_in(S.QUEUED).renew(LATER, evidence).request
    assert request.note == "the evidence moved: tag a: 1 → 2; tag b: 1 → 2"


def test_executing_request_waits_and_goes_on() -> None:
    waiting = request_in(S.EXECUTING).wait(LATER)
    assert (waiting.state, waiting.wake_at) == (S.WAITING, LATER)
    going = waiting.go_on()
    assert (going.state, going.wake_at) == (S.EXECUTING, None)


@pytest.mark.parametrize("state", [S.QUEUED, S.UNDOING])
def test_others_wait_in_their_state(state: RequestState) -> None:
    waiting = request_in(state).wait(LATER)
    assert (waiting.state, waiting.wake_at) == (state, LATER)
    assert waiting.go_on() == replace(request_in(state), wake_at=None)


def test_deferred_request_stays_queued_and_says_why() -> None:
    deferred = request_in(S.QUEUED).defer(LATER, "no answer")
    assert deferred == replace(request_in(S.QUEUED), wake_at=LATER, note="no answer")


@pytest.mark.parametrize("state", S)
def test_every_state_is_told_in_a_sentence(state: RequestState) -> None:
    sentence = told_state(request_in(state))
    assert sentence.startswith("CR-1 ")
    closed = state in CLOSED - {S.FAILED}
    assert ("is closed" in sentence) is closed


def test_resolved_request_is_told_as_closed() -> None:
    resolved = request_in(S.PAUSED).resolve(RESOLUTION).request
    assert told_state(resolved) == "CR-1 is closed: resolved by a person"


REFUSED = {
    "approve": "be approved",
    "queue": "be queued",
    "begin": "begin",
    "pause": "pause",
    "resume": "be resumed",
    "undo": "be undone",
    "undo by order": "be undone",
    "succeed": "succeed",
    "finish undo": "be undone",
    "fail": "fail",
    "renew": "take new evidence",
    "renew and deny": "take new evidence",
    "deny": "be denied",
    "reject": "be rejected",
    "cancel": "be cancelled",
    "expire": "expire",
    "supersede": "be superseded",
    "resolve": "be resolved",
    "wait": "wait",
    "go on": "go on",
    "defer": "be deferred",
}
"""What a request in the wrong state cannot do, in the words of the error."""


@pytest.mark.parametrize(("name", "words"), REFUSED.items())
def test_way_from_the_wrong_state_is_named_in_the_error(name: str, words: str) -> None:
    change = QUIET[name][0] if name in QUIET else lambda r: WAYS[name].take(r, LATER).request
    with pytest.raises(IllegalTransitionError) as refused:
        change(request_in(S.SUCCEEDED))
    assert str(refused.value) == f"CR-1 is succeeded: it cannot {words}"


def test_every_way_has_its_words() -> None:
    assert {*REFUSED} == {*WAYS, *QUIET}


NOTES = {
    "queue": "earlier",
    "begin": "",
    "pause": "an hour went by",
    "resume": "",
    "undo": "it broke",
    "succeed": "",
    "finish undo": "earlier",
    "fail": "earlier",
    "resolve": "earlier",
    "cancel": "<@U0REQUESTER> asked for it",
    "reject": "too risky",
    "deny": "no plan",
    "expire": "earlier",
    "supersede": "overtaken by CR-2",
}
"""What a request that said ``earlier`` says then."""


@pytest.mark.parametrize(("name", "note"), NOTES.items())
def test_note_says_why_or_stays(name: str, note: str) -> None:
    start = min(WAYS[name].start)
    assert WAYS[name].take(request_in(start), LATER).request.note == note


@pytest.mark.parametrize("state", S)
def test_only_what_waits_for_people_is_over_at_its_time(state: RequestState) -> None:
    request = request_in(state)
    assert request.is_over(request.expires_at) is (state is S.PENDING)
    assert request.is_over(request.expires_at + timedelta(days=1)) is (state is S.PENDING)
    assert not request.is_over(request.expires_at - timedelta(microseconds=1))
