"""The hand-over from a listener to the work: bounded, so that an acknowledgement never waits."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.domain.errors import BackEndError
from bot.domain.messages import Addressee
from bot.domain.ports import IdSource
from bot.domain.refusal import Refusal
from bot.views.render import Answer, render
from handlers.errors import told
from handlers.services import PrivateAnswers

log = logging.getLogger(__name__)

PLACES = 200
"""Questions that are worked on at a time; each is a task that waits for a back end."""
BEFORE_THE_DESK = 50
"""Those who can be told at a time that there is no place."""

Work = Callable[[], Awaitable[Answer | None]]
Where = Callable[[], Awaitable[Addressee]]

BUSY = Refusal(
    what="Herald is busy. Nothing was done.",
    reasons=("too many questions wait for back ends that do not answer",),
    remedies=("Ask again in a minute",),
    is_trouble=True,
)


class Desk:
    """Works on questions behind the listeners and brings the answers to those who asked."""

    def __init__(self, answers: PrivateAnswers, ids: IdSource, places: int = PLACES) -> None:
        self._answers = answers
        self._ids = ids
        self._places = places
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, work: Work, to: Addressee | Where) -> Refusal | None:
        """Begin to work on something, or say at once that there is no place; never waits.

        Args:
            work: What to do; its answer goes to one person.
            to: That person, or how to find out where he is to be answered.
        """
        if len(self._tasks) >= self._places:
            return BUSY
        self._begin(work, to)
        return None

    def take_or_tell(self, work: Work, to: Addressee | Where) -> bool:
        """Begin to work on something, or bring the answer that there is no place; never waits.

        Returns:
            Whether the work has begun.
        """
        refused = self.take(work, to)
        if refused is not None and len(self._tasks) < self._places + BEFORE_THE_DESK:
            self._begin(lambda: _known(refused), to)
        return refused is None

    def told(self, error: Exception) -> Refusal:
        """Return what a question that ended in an error is answered."""
        return told(error, self._ids)

    @property
    def in_hand(self) -> int:
        """How many questions are worked on."""
        return len(self._tasks)

    async def drain(self, seconds: float) -> None:
        """Let what was begun come to its end, for a while."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def _begin(self, work: Work, to: Addressee | Where) -> None:
        task = asyncio.create_task(self._work(work, to))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, work: Work, to: Addressee | Where) -> None:
        try:
            answer = await work()
        except Exception as error:  # noqa: BLE001 - the one error handler of all questions
            answer = self.told(error)
        if answer is None:
            return
        try:
            person = to if isinstance(to, Addressee) else await to()
            await self._answers.answer(person, render(answer))
        except BackEndError as error:
            log.warning("an answer reached nobody: %s", error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next question is answered
            self.told(error)


async def _known(answer: Refusal) -> Refusal:
    return answer
