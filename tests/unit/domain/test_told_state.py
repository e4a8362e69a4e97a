"""One sentence for each state of a request."""

from dataclasses import replace

import pytest

from bot.domain.change_request import RequestState
from bot.domain.policy import ChangeKind
from bot.domain.told_state import told_state, told_to_requester
from bot.domain.verdict import VerdictKind
from tests.builders import make_evidence, make_request

S = RequestState


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (S.PENDING, "CR-1 waits for approval"),
        (S.EXECUTING, "CR-1 is under way"),
        (S.SUCCEEDED, "CR-1 is closed: scorer v7 became champion"),
        (S.UNDONE, "CR-1 is closed: undone, everything is as before"),
        (S.DENIED, "CR-1 is closed: it cannot be carried out any more"),
        (S.QUEUED, "CR-1 is approved, and begins as soon as nothing holds it up"),
        (S.SUPERSEDED, "CR-1 is closed: overtaken"),
        (S.FAILED, "CR-1 failed half-way and waits for a person to resolve it"),
    ],
)
def test_a_state_is_told_with_the_request_it_is_of(state: RequestState, told: str) -> None:
    assert told_state(make_request(state=state)) == told


@pytest.mark.parametrize(
    ("kind", "state", "told"),
    [
        (
            ChangeKind.PROMOTE,
            S.REJECTED,
            "CR-1 (promote scorer v7 to champion) is closed: rejected",
        ),
        (ChangeKind.ROLL_BACK, S.REJECTED, "CR-1 (roll scorer back to v7) is closed: rejected"),
        (ChangeKind.PROMOTE, S.SUCCEEDED, "CR-1 is closed: scorer v7 became champion"),
    ],
)
def test_whoever_asked_is_told_what_he_asked(
    kind: ChangeKind, state: RequestState, told: str
) -> None:
    assert told_to_requester(make_request(state=state, kind=kind)) == told


def test_only_what_policies_deny_is_called_denied_by_policy() -> None:
    evidence = make_evidence()
    denied = replace(evidence, verdict=replace(evidence.verdict, kind=VerdictKind.DENIED))
    request = make_request(state=S.DENIED, evidence=denied)
    assert told_state(request) == "CR-1 is closed: denied by policy"


def test_what_holds_an_approved_request_up_is_told() -> None:
    waits = make_request(state=S.QUEUED, note="frozen until tomorrow")
    assert told_state(waits) == "CR-1 is approved and waits: frozen until tomorrow"


def test_how_a_request_was_overtaken_is_told() -> None:
    overtaken = make_request(state=S.SUPERSEDED, note="overtaken by CR-2")
    assert told_state(overtaken) == "CR-1 is closed: overtaken by CR-2"
