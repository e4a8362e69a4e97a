"""The tour ends well with the real bot, and notices each safeguard that is taken out."""

from pathlib import Path

import pytest

from tests.sandbox_process import joined, sandbox, sandbox_state

TOUR_S = 600

NOTICED = {
    "quorum": "QUORUM: one approval of two is not enough",
    "approvals": "the card is in the channel",
    "exclusion": "EXCLUSION: the click of the requester is refused",
    "read-back": "READ-BACK: the write that did not hold is noticed",
    "undo": "UNDO: fraud-scorer serves v1 as before",
}


def test_the_tour_ends_well(tmp_path: Path) -> None:
    with sandbox(sandbox_state(tmp_path), "--tour") as world:
        code = world.process.wait(TOUR_S)
        told = world.output()
    assert code == 0, told
    assert "✗" not in told
    assert "no rule of Slack was broken" in told


@pytest.mark.parametrize(("sabotage", "noticed"), NOTICED.items(), ids=list(NOTICED))
def test_the_tour_notices_a_missing_safeguard(tmp_path: Path, sabotage: str, noticed: str) -> None:
    state = sandbox_state(tmp_path)
    with sandbox(state, "--no-bot", "--tour") as world:
        bot = ["tests.flow.tour.sabotaged_bot", sabotage]
        with joined(bot, world.environment):
            code = world.process.wait(TOUR_S)
        told = world.output()
    assert code == 1, told
    assert f"Not as expected: {noticed}" in told
