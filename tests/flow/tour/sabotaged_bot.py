"""The real bot with one safeguard taken out: ``python -m tests.flow.tour.sabotaged_bot KIND``."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

from bot.app import run
from bot.domain import verdict
from bot.domain.agreement import Agreement, agreement_of
from bot.domain.names import SlackUserId
from bot.domain.steps import Step, undo_steps
from bot.read_settings import load_settings
from bot.services import decide, execute
from bot.services.alias_steps import AliasSteps
from bot.services.decide import Decide
from bot.services.execution import StepDone
from bot.services.perform import Perform


def without_quorum() -> None:
    """The first approval is enough, however many are needed."""
    setattr(Agreement, "is_reached", property(lambda _: True))  # noqa: B010 - its own is read-only


def without_approvals() -> None:
    """No policy asks anybody to agree."""

    def nobody(*_: object) -> tuple[()]:
        return ()

    setattr(verdict, "strictest_of", nobody)  # noqa: B010 - mypy knows no such name there


def without_exclusion() -> None:
    """Who asked may agree too."""

    async def let_pass(_: object, request: object, wanted: frozenset[str]) -> frozenset[str]:
        del request
        return wanted

    def count_everybody(
        requirements: Any, decisions: Any, requester: SlackUserId, revision: int, terms: Any
    ) -> Agreement:
        del requester, terms
        return agreement_of(requirements, decisions, SlackUserId(""), revision)

    setattr(Decide, "_own", let_pass)  # noqa: B010 - a private name, on purpose
    setattr(decide, "agreement_of", count_everybody)  # noqa: B010 - as above


def without_read_back() -> None:
    """What was written counts as done, whatever the back ends show."""

    async def believe(*_: object) -> None:
        return None

    async def wave_through(*_: object) -> StepDone:
        return StepDone()

    setattr(AliasSteps, "_prove", believe)  # noqa: B010 - a private name, on purpose
    setattr(Perform, "_verify", wave_through)  # noqa: B010 - a private name, on purpose


def without_undo() -> None:
    """A failed change is called undone and left as it is."""

    def only_the_last(plan: Any, started: Any) -> tuple[Step, ...]:
        return undo_steps(plan, started)[-1:]

    verify = getattr(Perform, "_verify")  # noqa: B009 - a private name, on purpose

    async def call_it_undone(perform: Perform, work: Any) -> StepDone:
        found: StepDone = StepDone() if work.step.is_undo else await verify(perform, work)
        return found

    setattr(execute, "undo_steps", only_the_last)  # noqa: B010 - as above
    setattr(Perform, "_verify", call_it_undone)  # noqa: B010 - as above


SABOTAGE: dict[str, Callable[[], None]] = {
    "quorum": without_quorum,
    "approvals": without_approvals,
    "exclusion": without_exclusion,
    "read-back": without_read_back,
    "undo": without_undo,
}


if __name__ == "__main__":
    SABOTAGE[sys.argv[1]]()
    raise SystemExit(asyncio.run(run(load_settings())))
