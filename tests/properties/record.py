"""What must be so of the record as it stands."""

from itertools import pairwise

from bot.domain.audit import verify_chain
from bot.domain.change_request import ChangeRequest, RequestState
from tests.properties.trails import Trails

S = RequestState
QUIET = {(S.EXECUTING, S.WAITING), (S.WAITING, S.EXECUTING)}
"""Changes of state that decide nothing and leave no event."""


def holds_together(trails: Trails) -> None:
    """See that the chain is whole, and that states, words and locks go with what it tells."""
    assert verify_chain(trails.events) is None
    for request in trails.requests:
        trail_is_complete(trails, request)
        words_are_events(trails, request)
    one_open_request_an_alias(trails)
    locks_have_holders(trails)


def trail_of(trails: Trails, request: ChangeRequest) -> list[tuple[S, S]]:
    """Return the states between which events say that a request moved."""
    first, *rest = trails.of(request)
    begin = S.DENIED if first.action == "change_request.denied" else S.PENDING
    moves = [
        (S(str(e.details["from"])), S(str(e.details["to"]))) for e in rest if "to" in e.details
    ]
    return [(begin, begin), *moves]


def trail_is_complete(trails: Trails, request: ChangeRequest) -> None:
    trail = [*trail_of(trails, request), (request.state, request.state)]
    for (_, end), (start, _) in pairwise(trail):
        assert start is end or (end, start) in QUIET, (request.label, trail)


def words_are_events(trails: Trails, request: ChangeRequest) -> None:
    decisions = trails.decisions[trails.requests.index(request)]
    told = [e.event for e in trails.events if e.event.subject == request.label]
    words = {event.actor for event in told if event.action.startswith("decision.")}
    assert {decision.person for decision in decisions} == words


def one_open_request_an_alias(trails: Trails) -> None:
    held = [(r.model, r.alias) for r in trails.requests if r.is_open or r.holds_locks]
    assert len(held) == len(set(held))


def locks_have_holders(trails: Trails) -> None:
    alive = {r.id for r in trails.requests if r.state is S.QUEUED or r.holds_locks}
    for resource, holder in trails.holders.items():
        assert holder is None or holder in alive, f"{resource} is held by CR-{holder}"
