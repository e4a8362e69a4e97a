"""One sentence for each state of a request."""

import pytest

from bot.domain.change_request import RequestState
from bot.domain.told_state import told_state
from tests.builders import make_request

S = RequestState


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (S.PENDING, "CR-1 waits for approval"),
        (S.EXECUTING, "CR-1 is under way"),
        (S.SUCCEEDED, "CR-1 is closed: scorer v7 became champion"),
        (S.UNDONE, "CR-1 is closed: undone, everything is as before"),
        (S.DENIED, "CR-1 is closed: denied by policy"),
        (S.FAILED, "CR-1 failed half-way and waits for a person to resolve it"),
    ],
)
def test_a_state_is_told_with_the_request_it_is_of(state: RequestState, told: str) -> None:
    assert told_state(make_request(state=state)) == told
