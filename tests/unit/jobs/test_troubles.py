"""A trouble that lasts fills no log."""

import pytest

from bot.domain.errors import BackEndUnavailableError
from bot.jobs.troubles import EVERY_S, Troubles

FULL = BackEndUnavailableError("The database", "its disk is full")
BUSY = BackEndUnavailableError("The database", "it does not answer or is busy")


class HandTime:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def time() -> HandTime:
    return HandTime()


@pytest.fixture
def troubles(time: HandTime) -> Troubles:
    return Troubles(time)


def test_the_same_trouble_is_told_once_a_minute_with_how_often_it_came(
    troubles: Troubles, time: HandTime, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        troubles.note("execute", FULL)
    time.at += EVERY_S
    troubles.note("execute", FULL)
    first = "execute: The database: its disk is full; it is tried again"
    assert caplog.messages == [first, f"{first} (and 2 times since it was told last)"]


def test_what_comes_once_a_minute_is_told_plainly(
    troubles: Troubles, time: HandTime, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        troubles.note("execute", FULL)
        time.at += EVERY_S
    assert caplog.messages == ["execute: The database: its disk is full; it is tried again"] * 2


def test_other_loops_and_other_troubles_are_told_beside_it(
    troubles: Troubles, caplog: pytest.LogCaptureFixture
) -> None:
    for name, error in (("execute", FULL), ("deliver", FULL), ("execute", BUSY)):
        troubles.note(name, error)
    assert len(caplog.messages) == 3
